import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { bollinger } from './bollinger.js';
import { describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';
import { sma } from './sma.js';
import { stddev } from './stddev.js';

const lengths = fc.integer({ min: 1, max: 12 });
const deviations = fc.constantFrom(1, 2, 2.5);

describeFeatureLaws(
  'bollinger',
  fc.tuple(lengths, deviations).map(([length, k]) => bollinger(length, { deviations: k, source: 'ohlc4' })),
);

describe('bollinger', () => {
  it('is the sma, to the last bit, and population deviations around it', () => {
    const prices = fc.array(
      fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(prices, fc.integer({ min: 2, max: 12 }), deviations, (series, length, k) => {
        const found = bollinger(series, length, { deviations: k });
        const middle = sma(series, length);
        const width = stddev(series, length, { population: true });
        expect([...found.middle]).toEqual([...middle]);
        expectClose(
          found.upper,
          Array.from(middle, (value, i) => value + k * (width[i] ?? Number.NaN)),
          1e-12,
        );
        expectClose(
          found.lower,
          Array.from(middle, (value, i) => value - k * (width[i] ?? Number.NaN)),
          1e-12,
        );
      }),
    );
  });

  it('gives known values: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and deviation 2', () => {
    const { middle, upper, lower } = bollinger([2, 4, 4, 4, 5, 5, 7, 9], 8);
    expect([middle[7], upper[7], lower[7]]).toEqual([5, 9, 1]);
  });

  it('has the usual parameters by default and refuses bad ones', () => {
    expect([bollinger().name, bollinger(20, { deviations: 3 }).name]).toEqual([
      'bollinger(20)',
      'bollinger(20, deviations=3)',
    ]);
    expect(bollinger(new Float64Array(30).fill(1)).upper[29]).toBe(1);
    for (const k of [0, -1, Number.NaN]) expectInvalid(() => bollinger(20, { deviations: k }), 'deviations has to be');
    expectInvalid(() => bollinger(0), 'bollinger: the length');
  });
});
