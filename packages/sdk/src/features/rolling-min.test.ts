import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { rollingMin } from './rolling-min.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'rollingMin',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([length, source]) => rollingMin(length, { source })),
);

describe('rollingMin', () => {
  it('agrees with its definition over each window', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 12 }), (series, length) => {
        const expected = overWindows(series, length, (window) => Math.min(...window));
        expectClose(rollingMin(series, length), expected, 0);
      }),
    );
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([rollingMin(10).name, rollingMin(10, { source: 'high' }).name]).toEqual([
      'rollingMin(10)',
      'rollingMin(10, source=high)',
    ]);
    expect(rollingMin(10, { source: 'close' }).name).toBe(rollingMin(10).name);
    for (const length of [0, -1, 1.5, Number.NaN, 1e9])
      expectInvalid(() => rollingMin(length), 'rollingMin: the length has to be');
    expectInvalid(() => rollingMin(10, { source: 'median' as 'open' }), 'the source has to be one of');
    expectInvalid(() => rollingMin(10, { sauce: 'open' } as object), 'unknown option sauce');
    expectInvalid(() => rollingMin([1, 2], 0), 'rollingMin: the length');
  });
});
