import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';
import { ema } from './ema.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'ema',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([span, source]) => ema(span, { source })),
);

describe('ema', () => {
  it('agrees with its definition: weights (1 − a)^k on the seed and on what followed', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 12 }), (series, span) => {
        const weight = 2 / (span + 1);
        const seed = series.slice(0, span).reduce((sum, value) => sum + value, 0) / span;
        const expected = series.map((_, i) => {
          if (i + 1 < span) return Number.NaN;
          const later = series.slice(span, i + 1).toReversed();
          const decayed = later.reduce((sum, value, age) => sum + weight * (1 - weight) ** age * value, 0);
          return decayed + (1 - weight) ** later.length * seed;
        });
        expectClose(ema(series, span), expected, 1e-12);
      }),
    );
  });

  it('gives known values', () => {
    expect([...ema([1, 2, 3, 5, 9], 3)]).toEqual([Number.NaN, Number.NaN, 2, 3.5, 6.25]);
  });

  it('stays at a constant', () => {
    expect(ema(new Float64Array(100).fill(0.75), 7)[99]).toBe(0.75);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([ema(10).name, ema(10, { source: 'hl2' }).name]).toEqual(['ema(10)', 'ema(10, source=hl2)']);
    for (const span of [0, -1, 1.5, Number.NaN]) expectInvalid(() => ema(span), 'ema: the length has to be');
    expectInvalid(() => ema([1, 2], 0.5), 'ema: the length');
  });
});
