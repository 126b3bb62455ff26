import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { rollingMedian } from './rolling-median.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'rollingMedian',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([length, source]) => rollingMedian(length, { source })),
);

describe('rollingMedian', () => {
  it('agrees with its definition over each window', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 12 }), (series, length) => {
        const expected = overWindows(series, length, (window) => {
          const sorted = window.toSorted((a, b) => a - b);
          return ((sorted[(length - 1) >> 1] ?? Number.NaN) + (sorted[length >> 1] ?? Number.NaN)) / 2;
        });
        expectClose(rollingMedian(series, length), expected, 0);
      }),
    );
  });

  it('keeps its order among many equal values', () => {
    const fewValues = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 200 });
    fc.assert(
      fc.property(fewValues, (series) => {
        const expected = overWindows(series, 5, (window) => window.toSorted((a, b) => a - b)[2] ?? Number.NaN);
        expectClose(rollingMedian(series, 5), expected, 0);
      }),
    );
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([rollingMedian(10).name, rollingMedian(10, { source: 'high' }).name]).toEqual([
      'rollingMedian(10)',
      'rollingMedian(10, source=high)',
    ]);
    expect(rollingMedian(10, { source: 'close' }).name).toBe(rollingMedian(10).name);
    for (const length of [0, -1, 1.5, Number.NaN, 1e9])
      expectInvalid(() => rollingMedian(length), 'rollingMedian: the length has to be');
    expectInvalid(() => rollingMedian(10, { source: 'median' as 'open' }), 'the source has to be one of');
    expectInvalid(() => rollingMedian(10, { sauce: 'open' } as object), 'unknown option sauce');
    expectInvalid(() => rollingMedian([1, 2], 0), 'rollingMedian: the length');
  });
});
