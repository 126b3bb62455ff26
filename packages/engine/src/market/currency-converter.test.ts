import { marketCalendar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf } from '../kernel/kernel.fixture.js';
import { CurrencyConverter } from './currency-converter.js';
import { InstrumentState } from './instrument-state.js';

function pairs(...names: readonly string[]): InstrumentState[] {
  return names.map((symbol, index) => {
    const options = {
      symbol,
      assetClass: 'fx',
      base: symbol.slice(0, 3),
      quote: symbol.slice(3),
      priceStep: 0.0001,
    } as const;
    return new InstrumentState(index, instrumentOf(options), marketCalendar('24x5'));
  });
}

describe('the currency converter', () => {
  it('goes direct, inverse, and over crosses by the fewest legs', () => {
    const states = pairs('EURUSD', 'USDJPY', 'GBPUSD', 'EURGBP');
    const converter = new CurrencyConverter(states);
    [1.25, 100, 1.5, 0.8].forEach((price, i) => ((states[i] as InstrumentState).price = price));
    expect(converter.rate('USD', 'USD')).toBe(1);
    expect(converter.rate('EUR', 'USD')).toBe(1.25);
    expect(converter.rate('USD', 'EUR')).toBe(0.8);
    expect(converter.rate('JPY', 'USD')).toBe(0.01);
    expect(converter.rate('EUR', 'JPY')).toBe(125);
    // The declared cross, although the way over the dollar gives another rate.
    expect(converter.rate('EUR', 'GBP')).toBe(0.8);
  });

  it('knows no rate without a path or without a price, and takes prices as they move', () => {
    const states = pairs('EURUSD', 'USDJPY');
    const converter = new CurrencyConverter(states);
    expect(converter.rate('EUR', 'JPY')).toBeNaN();
    expect(converter.rate('EUR', 'CHF')).toBeNaN();
    for (const price of [1, 2]) {
      for (const state of states) state.price = price;
      expect(converter.rate('EUR', 'JPY')).toBe(price * price);
    }
  });

  it('converts back to where it came from', () => {
    const prices = fc.array(fc.double({ min: 0.01, max: 200, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(prices, (values) => {
        const states = pairs('EURUSD', 'USDJPY', 'GBPUSD', 'AUDJPY');
        values.forEach((price, i) => ((states[i] as InstrumentState).price = price));
        const converter = new CurrencyConverter(states);
        for (const from of ['EUR', 'USD', 'JPY', 'GBP', 'AUD'])
          for (const to of ['EUR', 'USD', 'JPY', 'GBP', 'AUD'])
            expect(converter.rate(from, to) * converter.rate(to, from)).toBeCloseTo(1, 9);
      }),
    );
  });
});
