import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  describeFeatureLaws,
  expectClose,
  expectInvalid,
  overWindows,
  rowsOf,
  toColumns,
} from './feature-laws.fixture.js';
import { sma } from './sma.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'sma',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([length, source]) => sma(length, { source })),
);

describe('sma', () => {
  it('agrees with its definition over each window', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 12 }), (series, length) => {
        const expected = overWindows(
          series,
          length,
          (window) => window.reduce((sum, value) => sum + value, 0) / length,
        );
        expectClose(sma(series, length), expected, 1e-12);
      }),
    );
  });

  it('is exact for prices that are multiples of 0.25', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 30 }),
        (ticks, length) => {
          const found = sma(
            Float64Array.from(ticks, (tick) => tick / 4),
            length,
          );
          const expected = overWindows(
            ticks,
            length,
            (window) => window.reduce((sum, tick) => sum + tick, 0) / 4 / length,
          );
          expect([...found]).toEqual(expected);
        },
      ),
    );
  });

  it('does not drift, nor remember a huge value, over a million bars', () => {
    const series = new Float64Array(1_000_000);
    for (let i = 0; i < series.length; i += 1) series[i] = 0.1 * (1 + (i % 97));
    series[500_000] = 1e18;
    const found = sma(series, 100);
    for (const last of [499_999, 500_100, 999_999]) {
      const window = series.subarray(last - 99, last + 1);
      const expected = window.reduce((sum, value) => sum + value, 0) / 100;
      expect(Math.abs((found[last] ?? Number.NaN) - expected)).toBeLessThan(1e-13);
    }
  });

  it('reads each source, in the bar and in columns', () => {
    const bars = [{ open: 1, high: 8, low: 0.5, close: 2, volume: 30 }];
    const read = (source: 'open' | 'high' | 'low' | 'close' | 'volume' | 'hl2' | 'hlc3' | 'ohlc4') => [
      rowsOf(sma(1, { source }), bars)[0]?.[0],
      sma(1, { source }).column(toColumns(bars))[0]?.[0],
    ];
    expect((['open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4'] as const).map(read)).toEqual([
      [1, 1],
      [8, 8],
      [0.5, 0.5],
      [2, 2],
      [30, 30],
      [4.25, 4.25],
      [3.5, 3.5],
      [2.875, 2.875],
    ]);
  });

  it('refuses columns shorter than the bars', () => {
    expectInvalid(
      () => sma(2).column({ ...toColumns([]), length: 3 }),
      'column close holds 0 values where length says 3',
    );
  });

  it('refuses what is not a series or an options object', () => {
    expectInvalid(() => sma('1,2' as unknown as number), 'the length has to be');
    expectInvalid(() => sma(2, 'close' as unknown as object), 'the options have to be an object');
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([sma(10).name, sma(10, { source: 'high' }).name]).toEqual(['sma(10)', 'sma(10, source=high)']);
    expect(sma(10, { source: 'close' }).name).toBe(sma(10).name);
    for (const length of [0, -1, 1.5, Number.NaN, 1e9]) expectInvalid(() => sma(length), 'sma: the length has to be');
    expectInvalid(() => sma(10, { source: 'median' as 'open' }), 'the source has to be one of');
    expectInvalid(() => sma(10, { sauce: 'open' } as object), 'unknown option sauce');
    expectInvalid(() => sma([1, 2], 0), 'sma: the length');
  });
});
