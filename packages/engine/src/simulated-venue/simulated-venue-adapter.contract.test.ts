import { describe, it } from '@jest/globals';
import { defineInstrument } from '@bookrunner/sdk';
import {
  aCalendar,
  aTick,
  describeContract,
  FakeClock,
  venueContract,
  type VenueFixture,
} from '@bookrunner/sdk/testing';
import { simulatedVenueOptions } from './options.js';
import { SIMULATED_VENUE_CAPABILITIES, SimulatedVenueAdapter } from './simulated-venue-adapter.js';

const INSTRUMENT = defineInstrument({ symbol: 'ABC', assetClass: 'equity', quote: 'USD' });

/** The market repeats its last quote whenever the suite settles, so that what waits for the next tick gets it. */
function fixture(): VenueFixture {
  const clock = new FakeClock();
  const venue = new SimulatedVenueAdapter(simulatedVenueOptions.parse({ fill: 'cross-spread' }), {
    name: 'paper',
    clock,
    instruments: [INSTRUMENT],
    calendars: [aCalendar()],
  });
  let quote: { bid: number; ask: number } | undefined;
  const tell = (): void => {
    if (quote !== undefined)
      venue.onTick(aTick({ ts: clock.nowUtc(), symbol: 'ABC', last: Number.NaN, size: Number.NaN, ...quote }));
  };
  return {
    venue,
    instrument: INSTRUMENT,
    account: 'main',
    clock,
    market: {
      quote: (_symbol, bid, ask) => {
        quote = { bid, ask };
        tell();
      },
    },
    settle: () => {
      tell();
      return Promise.resolve();
    },
  };
}

describeContract(
  'SimulatedVenueAdapter',
  venueContract({ capabilities: SIMULATED_VENUE_CAPABILITIES, create: fixture, movesClock: true }),
  { describe, it },
);
