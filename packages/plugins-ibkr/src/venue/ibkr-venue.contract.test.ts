import { describe, it } from '@jest/globals';
import { describeContract, venueContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, VenueFixture } from '@bookrunner/sdk/testing';
import { IBKR_VENUE_CAPABILITIES } from './ibkr-venue.js';
import { AAPL, ACCOUNT, VenueBench, type VenueBenchOptions } from './venue-bench.fixture.js';

function suite(options: VenueBenchOptions): ContractSuite {
  const create = async (): Promise<VenueFixture> => {
    const bench = await VenueBench.start(options);
    const { clock, sim, venue } = bench;
    const cutNextOrder = (moment: 'before' | 'after'): void =>
      sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment });
    return {
      ...{ venue, instrument: AAPL, account: ACCOUNT },
      market: { quote: (symbol, bid, ask) => bench.quote(bid, ask, symbol) },
      clock: { nowUtc: () => clock.nowUtc(), advance: (ms) => clock.advance(ms) },
      connection: {
        cut: () => bench.cut(),
        restore: () => bench.untilReady(),
        cutBeforeWrite: () => cutNextOrder('before'),
        cutAfterWrite: () => cutNextOrder('after'),
      },
      settle: () => bench.settle(),
      dispose: () => bench.close(),
    };
  };
  return venueContract({ capabilities: IBKR_VENUE_CAPABILITIES, create, movesClock: true, cutsCalls: true });
}

describeContract('IbkrVenue', suite({}), { describe, it });
describeContract(
  'IbkrVenue with every message told three times, and no fill that waits for its commission',
  suite({
    ...{ simulator: { restingCopies: 3, cancelMs: 10 }, venue: { commissionWaitMs: 0 } },
    prepare: ({ knobs }) => knobs.duplicateOrderMessages(2),
  }),
  { describe, it },
);
describeContract(
  'IbkrVenue that is told no status of any order',
  suite({ prepare: ({ knobs }) => knobs.dropOrderStatus(true) }),
  { describe, it },
);
