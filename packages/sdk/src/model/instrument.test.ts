import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '../errors.js';
import { defineInstrument, type InstrumentOptions, priceStepAt } from './instrument.js';
import { powerOfTen } from './rounding.js';

const EURUSD = {
  symbol: 'EURUSD',
  assetClass: 'fx',
  base: 'EUR',
  quote: 'USD',
  priceStep: 0.00001,
  lotStep: 1000,
} as const;

function codeOf(options: Partial<InstrumentOptions>): string {
  try {
    defineInstrument({ ...EURUSD, ...options });
    return 'accepted';
  } catch (error) {
    return isTradingError(error) && error.message.includes("'EURUSD'") ? error.code : `other: ${String(error)}`;
  }
}

describe('defineInstrument', () => {
  it('completes and freezes', () => {
    const instrument = defineInstrument(EURUSD);
    expect(instrument).toEqual({
      ...EURUSD,
      minQty: 1000,
      maxQty: Number.MAX_SAFE_INTEGER,
      pointValue: 1,
      priceDecimals: 8,
      quantityDecimals: 3,
      calendar: '24x7',
      marginRate: 1,
      venues: {},
    });
    expect(Object.isFrozen(instrument)).toBe(true);
  });

  it.each<[string, Partial<InstrumentOptions>]>([
    ['a step of zero', { priceStep: 0 }],
    ['a negative lot', { lotStep: -1 }],
    ['a step that is no number', { priceStep: Number.NaN }],
    ['an infinite point value', { pointValue: Number.POSITIVE_INFINITY }],
    ['price decimals that cannot hold the step', { priceDecimals: 4 }],
    ['quantity decimals that cannot hold the lot', { lotStep: 0.01, quantityDecimals: 1 }],
    ['more decimals than money has', { priceDecimals: 12, quantityDecimals: 7 }],
    ['more decimals than a double has', { priceDecimals: 16, quantityDecimals: 0 }],
    ['broken price decimals', { priceDecimals: 6.5 }],
    ['price decimals that are no number', { priceDecimals: Number.NaN }],
    ['negative quantity decimals', { quantityDecimals: -1 }],
    ['a table step of zero', { priceSteps: [{ from: 0, step: 0 }] }],
    ['a table step finer than the price decimals', { priceSteps: [{ from: 0, step: 1e-9 }], priceDecimals: 8 }],
    [
      'a table that does not ascend',
      {
        priceSteps: [
          { from: 10, step: 0.1 },
          { from: 5, step: 0.01 },
        ],
      },
    ],
    ['a smallest quantity that is no number', { minQty: Number.NaN }],
    ['a largest quantity below the smallest', { minQty: 10, maxQty: 5 }],
    ['a negative margin rate', { marginRate: -0.1 }],
  ])('refuses %s', (_, options) => {
    expect(codeOf(options)).toBe('INSTRUMENT_INVALID');
  });

  it('gives decimals that every part of the engine can use', () => {
    for (const options of [{}, { priceStep: 0.25 }, { priceStep: 1e-8, lotStep: 1e-3 }, { pointValue: 12.5 }]) {
      const instrument = defineInstrument({ ...EURUSD, ...options });
      expect(powerOfTen(instrument.priceDecimals) * powerOfTen(instrument.quantityDecimals)).toBeGreaterThan(0);
    }
  });
});

describe('priceStepAt', () => {
  it('takes the row that applies from its price on', () => {
    const priceSteps = [
      { from: 0, step: 0.01 },
      { from: 10, step: 0.05 },
    ];
    const instrument = defineInstrument({ ...EURUSD, priceStep: 0.01, priceSteps });
    expect([-1, 0, 9.99, 10, 1e6].map((price) => priceStepAt(instrument, price))).toEqual([
      0.01, 0.01, 0.01, 0.05, 0.05,
    ]);
  });
});
