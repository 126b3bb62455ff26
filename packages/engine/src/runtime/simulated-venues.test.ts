import { describe, expect, it } from '@jest/globals';
import { marketCalendar } from '@bookrunner/sdk';
import { instrumentOf } from '../kernel/kernel.fixture.js';
import type { PreparedEngine } from '../plugins/index.js';
import { simulatedVenueOptions } from '../simulated-venue/options.js';
import type { VenueListener } from '../simulated-venue/venue-listener.js';
import { makeSimulatedVenue } from './simulated-venues.js';

/** Symbols that the venue's options name, of a run that trades AAA alone; BBB is declared as well. */
function named(...symbols: readonly string[]): readonly string[] {
  const instruments = Object.fromEntries(symbols.map((symbol) => [symbol, {}]));
  const prepared = {
    venues: new Map([['paper', { use: 'simulated', options: simulatedVenueOptions.parse({ instruments }) }]]),
    config: {
      ...{ engine: { baseCurrency: 'USD' }, instruments: { AAA: {}, BBB: {} }, venues: {} },
      books: { CORE: { account: 'main', base: 'USD', capital: 1_000 } },
      accounts: { main: { venue: 'paper' } },
    },
  } as unknown as PreparedEngine;
  const { choices } = makeSimulatedVenue({
    prepared,
    instruments: [{ instrument: instrumentOf(), calendar: marketCalendar('24x7') }],
    listener: {} as VenueListener,
    rateOf: () => 1,
    brokerAccounts: new Set(),
    isTransient: true,
  });
  return choices.flatMap(({ options }) => Object.keys(options.instruments));
}

describe('the options of a simulated venue', () => {
  it('leave out what engine.yaml declares and nobody trades', () => {
    expect(named('AAA', 'BBB')).toEqual(['AAA']);
  });

  it('may not name what nobody declares', () => {
    expect(() => named('AAA', 'CCC')).toThrow("options.instruments names 'CCC', which is not an instrument");
    expect(() => named('AAB')).toThrow("names 'AAB', which is not an instrument (did you mean 'AAA'?)");
  });
});
