import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { rollingSum } from './rolling-sum.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'rollingSum',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([length, source]) => rollingSum(length, { source })),
);

describe('rollingSum', () => {
  it('agrees with its definition over each window', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 12 }), (series, length) => {
        const expected = overWindows(series, length, (window) => window.reduce((sum, value) => sum + value, 0));
        expectClose(rollingSum(series, length), expected, 1e-12);
      }),
    );
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([rollingSum(10).name, rollingSum(10, { source: 'high' }).name]).toEqual([
      'rollingSum(10)',
      'rollingSum(10, source=high)',
    ]);
    expect(rollingSum(10, { source: 'close' }).name).toBe(rollingSum(10).name);
    for (const length of [0, -1, 1.5, Number.NaN, 1e9])
      expectInvalid(() => rollingSum(length), 'rollingSum: the length has to be');
    expectInvalid(() => rollingSum(10, { source: 'median' as 'open' }), 'the source has to be one of');
    expectInvalid(() => rollingSum(10, { sauce: 'open' } as object), 'unknown option sauce');
    expectInvalid(() => rollingSum([1, 2], 0), 'rollingSum: the length');
  });
});
