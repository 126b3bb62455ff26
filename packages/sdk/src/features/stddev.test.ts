import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { stddev } from './stddev.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');
const lengths = fc.integer({ min: 2, max: 12 });

function squares(window: readonly number[]): number {
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  return window.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

describeFeatureLaws(
  'stddev',
  fc
    .tuple(lengths, sources, fc.boolean())
    .map(([length, source, population]) => stddev(length, { source, population })),
);

describe('stddev', () => {
  it('agrees with its definition, of the sample and of the population', () => {
    fc.assert(
      fc.property(prices, lengths, (series, length) => {
        expectClose(
          stddev(series, length),
          overWindows(series, length, (window) => Math.sqrt(squares(window) / (length - 1))),
          1e-10,
        );
        expectClose(
          stddev(series, length, { population: true }),
          overWindows(series, length, (window) => Math.sqrt(squares(window) / length)),
          1e-10,
        );
      }),
    );
  });

  it('is exactly 0 in a constant window, whatever came before', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 1e6 }), lengths, (before, cents, length) => {
        const series = [...before, ...Array.from({ length }, () => cents / 100)];
        expect(stddev(series, length).at(-1)).toBe(0);
      }),
    );
  });

  it('keeps its digits where the mean is a billion times the deviation', () => {
    const series = Float64Array.from({ length: 10_000 }, (_, i) => 1e9 + (i % 2));
    expect(stddev(series, 100, { population: true }).at(-1)).toBeCloseTo(0.5, 9);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([stddev(10).name, stddev(10, { population: true }).name]).toEqual([
      'stddev(10)',
      'stddev(10, population=true)',
    ]);
    expectInvalid(() => stddev(1), 'stddev: the length has to be a whole number from 2');
    expectInvalid(() => stddev(5, { population: 1 as unknown as boolean }), 'population has to be true or false');
    expectInvalid(() => stddev([1, 2], 2, { source: 'open' } as object), 'unknown option source');
  });
});
