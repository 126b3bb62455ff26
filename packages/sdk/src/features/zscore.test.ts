import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { zscore } from './zscore.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');
const lengths = fc.integer({ min: 2, max: 12 });

function naive(window: readonly number[], divisor: number): number {
  if (window.every((value) => value === window[0])) return 0;
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  const squares = window.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return ((window.at(-1) ?? Number.NaN) - mean) / Math.sqrt(squares / divisor);
}

describeFeatureLaws(
  'zscore',
  fc
    .tuple(lengths, sources, fc.boolean())
    .map(([length, source, population]) => zscore(length, { source, population })),
);

describe('zscore', () => {
  it('agrees with its definition, of the sample and of the population', () => {
    fc.assert(
      fc.property(prices, lengths, (series, length) => {
        expectClose(
          zscore(series, length),
          overWindows(series, length, (window) => naive(window, length - 1)),
          1e-7,
        );
        expectClose(
          zscore(series, length, { population: true }),
          overWindows(series, length, (window) => naive(window, length)),
          1e-7,
        );
      }),
    );
  });

  it('is exactly 0 in a constant window, whatever came before', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 1e6 }), lengths, (before, cents, length) => {
        const series = [...before, ...Array.from({ length }, () => cents / 100)];
        expect(zscore(series, length).at(-1)).toBe(0);
      }),
    );
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([zscore(20).name, zscore(20, { source: 'low', population: true }).name]).toEqual([
      'zscore(20)',
      'zscore(20, population=true, source=low)',
    ]);
    expectInvalid(() => zscore(1), 'zscore: the length has to be a whole number from 2');
  });
});
