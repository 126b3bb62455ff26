import { describe, it } from '@jest/globals';
import { anInstrument, describeContract, feedContract, venueContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, FeedFixture, VenueFixture } from '@bookrunner/sdk/testing';
import type { BrokerOptions } from '../broker/broker-options.js';
import { OTHER, practiceBench, TEST } from '../practice-bench.fixture.js';
import { PRACTICE_FEED_CAPABILITIES } from './practice-feed.js';
import { PRACTICE_VENUE_CAPABILITIES } from './practice-venue.js';

function venueSuite(options: BrokerOptions, qty: number): ContractSuite {
  const create = async (): Promise<VenueFixture> => {
    const bench = await practiceBench(options);
    const { broker, clock, venue } = bench;
    const cutNextSubmit = (reached: boolean): void => {
      broker.faults.refusesLogins = true;
      broker.setFaults({ kind: 'cut-on-read', on: 'submit', reached });
    };
    const canAnswer = (): Promise<boolean> =>
      venue.snapshot().then(
        () => true,
        () => false,
      );
    return {
      ...{ venue, instrument: TEST, qty, account: 'practice' },
      market: { quote: (symbol, bid, ask) => broker.broker.quote(symbol, { bid, ask, last: Number.NaN }) },
      clock: { nowUtc: () => clock.nowUtc(), advance: (ms) => clock.advance(ms) },
      connection: {
        cut: () => {
          broker.faults.refusesLogins = true;
          broker.faults.cutAll();
        },
        restore: async () => {
          broker.faults.refusesLogins = false;
          await bench.until(canAnswer);
        },
        cutBeforeWrite: () => cutNextSubmit(false),
        cutAfterWrite: () => cutNextSubmit(true),
      },
      settle: () => bench.settle(),
      dispose: () => bench.close(),
    };
  };
  return venueContract({ capabilities: PRACTICE_VENUE_CAPABILITIES, create, movesClock: true, cutsCalls: true });
}

async function feedFixture(): Promise<FeedFixture> {
  const bench = await practiceBench();
  const { broker, feed } = bench;
  return {
    feed,
    instruments: [TEST, OTHER],
    unknown: anInstrument({ symbol: 'NO-SUCH' }),
    source: {
      publish: (symbol, event) => broker.broker.quote(symbol, event),
      malformed: (symbol) => broker.faults.damageTick(symbol),
      disconnect: () => broker.faults.cutAll(),
      reconnect: () =>
        bench.until(() =>
          feed.resolve(TEST).then(
            () => true,
            () => false,
          ),
        ),
    },
    settle: () => bench.settle(),
    dispose: () => bench.close(),
  };
}

describeContract('PracticeVenue', venueSuite({}, 1), { describe, it });
describeContract('PracticeVenue with partial fills', venueSuite({ maxUnitsPerFill: 3 }, 10), { describe, it });
describeContract(
  'PracticeVenue with commissions told later',
  venueSuite({ commissions: 'later', feePerUnit: 0.01 }, 2),
  { describe, it },
);
describeContract('PracticeFeed', feedContract({ capabilities: PRACTICE_FEED_CAPABILITIES, create: feedFixture }), {
  describe,
  it,
});
