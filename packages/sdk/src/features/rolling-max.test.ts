import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { rollingMax } from './rolling-max.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'rollingMax',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([length, source]) => rollingMax(length, { source })),
);

describe('rollingMax', () => {
  it('agrees with its definition over each window', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 12 }), (series, length) => {
        const expected = overWindows(series, length, (window) => Math.max(...window));
        expectClose(rollingMax(series, length), expected, 0);
      }),
    );
  });

  it('never gives or saves a negative zero, which a text codec would lose', () => {
    const state = rollingMax(2).create();
    const out = new Float64Array(1);
    for (const close of [0, -0, 0, -1]) {
      state.update({ open: 1, high: 1, low: -1, close, volume: 1 }, out, 0);
      expect([...out, ...state.save()].some((value) => Object.is(value, -0))).toBe(false);
    }
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([rollingMax(10).name, rollingMax(10, { source: 'high' }).name]).toEqual([
      'rollingMax(10)',
      'rollingMax(10, source=high)',
    ]);
    expect(rollingMax(10, { source: 'close' }).name).toBe(rollingMax(10).name);
    for (const length of [0, -1, 1.5, Number.NaN, 1e9])
      expectInvalid(() => rollingMax(length), 'rollingMax: the length has to be');
    expectInvalid(() => rollingMax(10, { source: 'median' as 'open' }), 'the source has to be one of');
    expectInvalid(() => rollingMax(10, { sauce: 'open' } as object), 'unknown option sauce');
    expectInvalid(() => rollingMax([1, 2], 0), 'rollingMax: the length');
  });
});
