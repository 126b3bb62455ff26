import { describe, expect, it } from '@jest/globals';
import { defineInstrument } from '@bookrunner/sdk';
import fc from 'fast-check';
import { InstrumentTerms } from './instrument-terms.js';
import { simulatedVenueOptions } from './options.js';
import { ALWAYS_OPEN, stock } from './venue-bench.fixture.js';

describe('the terms of an instrument', () => {
  it('make the same integer of a price as the grid of fill prices, whether it lies on it or not', () => {
    const digits = fc.integer({ min: 0, max: 8 });
    const mode = fc.constantFrom('nearest', 'down', 'up', 'towards-zero');
    const onGrid = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), digits).map(([n, k]) => n / 10 ** k);
    const prices = fc.oneof(onGrid, onGrid, fc.double(), fc.constantFrom(0, -0, 0.1 + 0.2, Number.NaN));
    fc.assert(
      fc.property(digits, prices, mode, (decimals, price, rounding) => {
        const instrument = defineInstrument(stock({ priceStep: Number(`1e-${decimals}`) }));
        const terms = new InstrumentTerms(0, { instrument, calendar: ALWAYS_OPEN }, simulatedVenueOptions.parse({}));
        expect(terms.priceSteps(price, rounding)).toBe(terms.priceGrid.toSteps(price, rounding));
      }),
      { numRuns: 500 },
    );
  });
});
