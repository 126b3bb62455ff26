import { describe, expect, it } from '@jest/globals';
import type { VenueCapabilities } from '../../interfaces/venue.js';
import { anInstrument } from '../builders.js';
import { describeContract } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { FakeClock } from '../fake-clock.js';
import { PAPER_CAPABILITIES, PaperVenue } from '../paper-venue/paper-venue.js';
import { REMOTE_CAPABILITIES } from '../venue-contract/bent-venue.fixture.js';
import { venueContract } from '../venue-contract/venue-contract.js';
import type { VenueFixture } from '../venue-contract/venue-fixture.js';
import { FaultyVenue } from './faulty-venue.js';
import { VENUE_FAULTS } from './venue-fault.js';
import type { VenueFault } from './venue-fault.js';

/** The suite over paper venues behind a connection that is as good as the script. */
function suiteOf(capabilities: VenueCapabilities, script: readonly VenueFault[] = []): ContractSuite {
  const create = (): VenueFixture => {
    const instrument = anInstrument();
    const clock = new FakeClock();
    const inner = new PaperVenue({ instruments: [instrument], clock, capabilities });
    const venue = new FaultyVenue(inner, { clock, script });
    return {
      venue,
      instrument,
      account: 'test',
      market: { quote: (symbol, bid, ask) => inner.quote(symbol, bid, ask) },
      clock,
      connection: { cut: () => venue.disconnect(), restore: () => venue.reconnect() },
      settle: () => Promise.resolve(),
    };
  };
  return venueContract({ capabilities, create, movesClock: true });
}

const POOR: VenueCapabilities = { orderTypes: ['market', 'limit'], timeInForce: ['GTC'], simulated: true };
const never = VENUE_FAULTS.map((kind): VenueFault => ({ kind, when: () => false }));

describeContract('FaultyVenue without faults', suiteOf(PAPER_CAPABILITIES), { describe, it });
describeContract('FaultyVenue without faults, with a connection', suiteOf(REMOTE_CAPABILITIES), { describe, it });
describeContract('FaultyVenue without faults, with few capabilities', suiteOf(POOR), { describe, it });
describeContract('FaultyVenue with faults that never happen', suiteOf(PAPER_CAPABILITIES, never), { describe, it });

describe('FaultyVenue', () => {
  it('has `replace` and `resolve` only where the inner venue has', () => {
    const clock = new FakeClock();
    const paper = new PaperVenue({ instruments: [anInstrument()], clock });
    const { capabilities } = paper;
    const poor = {
      capabilities,
      open: () => Promise.resolve(),
      close: () => Promise.resolve(),
      submit: () => paper.submit([]),
      cancel: paper.cancel.bind(paper),
      snapshot: () => paper.snapshot(),
    };
    const found = [poor, paper].map((inner) => {
      const venue = new FaultyVenue(inner, { clock });
      return [venue.replace !== undefined, venue.resolve !== undefined];
    });
    expect(found).toEqual([
      [false, false],
      [true, false],
    ]);
  });

  it('refuses a script that could never be meant', () => {
    const clock = new FakeClock();
    const inner = new PaperVenue({ instruments: [anInstrument()], clock });
    const bad = [
      { kind: 'no-such', when: { nth: 1 } },
      { kind: 'lose-report', when: { nth: 0 } },
      { kind: 'lose-report', when: { order: 1.5 } },
      { kind: 'lose-report', when: { chance: 2 } },
      { kind: 'delay-report', when: { nth: 1 }, delayMs: -1 },
      { kind: 'skew-clock', when: { nth: 1 }, skewMs: Number.NaN },
    ] as unknown as readonly VenueFault[];
    for (const fault of bad) {
      expect(() => new FaultyVenue(inner, { clock, script: [fault] })).toThrow(
        expect.objectContaining({ code: 'TESTING_INPUT_INVALID' }),
      );
    }
  });
});
