import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { realisedVolatility } from './realised-volatility.js';

const lengths = fc.integer({ min: 2, max: 12 });
const prices = fc.array(
  fc.integer({ min: 5000, max: 20_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);

function squares(window: readonly number[]): number {
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  return window.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

describeFeatureLaws(
  'realisedVolatility',
  fc
    .tuple(lengths, fc.constantFrom('sample', 'zero'), fc.constantFrom(1, 252))
    .map(([length, mean, periodsPerYear]) => realisedVolatility(length, { mean, periodsPerYear })),
);

describe('realisedVolatility', () => {
  it('agrees with its definitions, per bar and per year', () => {
    fc.assert(
      fc.property(prices, lengths, (series, length) => {
        const logReturns = series.slice(1).map((price, i) => Math.log(price) - Math.log(series[i] ?? Number.NaN));
        const withFirst = (values: number[]) => (series.length === 0 ? [] : [Number.NaN, ...values]);
        const sample = overWindows(logReturns, length, (window) => Math.sqrt(squares(window) / (length - 1)));
        const zero = overWindows(logReturns, length, (window) =>
          Math.sqrt(window.reduce((sum, r) => sum + r * r, 0) / length),
        );
        expectClose(realisedVolatility(series, length), withFirst(sample), 1e-12);
        expectClose(realisedVolatility(series, length, { mean: 'zero' }), withFirst(zero), 1e-12);
        const yearly = realisedVolatility(series, length, { periodsPerYear: 252 });
        expectClose(yearly, withFirst(sample.map((value) => value * Math.sqrt(252))), 1e-12);
      }),
    );
  });

  it('is 0 for steady prices, and counts prices that are not above 0 as a gap', () => {
    expect(
      [...realisedVolatility([5, 5, 5, -5, -5, 5, 5, 5], 2)].map((value) => (Number.isNaN(value) ? 'gap' : value)),
    ).toEqual(['gap', 'gap', 0, 'gap', 'gap', 'gap', 'gap', 0]);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect(realisedVolatility(20, { periodsPerYear: 252, mean: 'zero' }).name).toBe(
      'realisedVolatility(20, periodsPerYear=252, mean=zero)',
    );
    expect(realisedVolatility(20).warmup).toBe(21);
    expectInvalid(() => realisedVolatility(1), 'the length has to be a whole number from 2');
    expectInvalid(
      () => realisedVolatility(5, { mean: 'none' as 'zero' }),
      'mean has to be one of sample, zero and is none',
    );
    expectInvalid(() => realisedVolatility(5, { periodsPerYear: -1 }), 'periodsPerYear');
  });
});
