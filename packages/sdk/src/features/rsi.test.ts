import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';
import { rsi } from './rsi.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');

describeFeatureLaws(
  'rsi',
  fc.tuple(fc.integer({ min: 1, max: 12 }), sources).map(([length, source]) => rsi(length, { source })),
);

/** Wilder's recursion in its printed form: previous × (n − 1), plus the new one, divided by n. */
function naive(series: readonly number[], length: number): number[] {
  let gain = 0;
  let loss = 0;
  return series.map((value, i) => {
    const change = value - (series[i - 1] ?? value);
    const [up, down] = [Math.max(change, 0), Math.max(-change, 0)];
    const isSeed = i <= length;
    gain = isSeed ? gain + up / length : (gain * (length - 1) + up) / length;
    loss = isSeed ? loss + down / length : (loss * (length - 1) + down) / length;
    if (i < length) return Number.NaN;
    if (gain < 1e-9 && loss < 1e-9) return 50;
    return loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
  });
}

describe('rsi', () => {
  it('agrees with its definition', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 2, max: 12 }), (series, length) => {
        expectClose(rsi(series, length), naive(series, length), 1e-8);
      }),
    );
  });

  it('gives the values of the ChartSchool example (RSI of 14 days)', () => {
    const closes = [
      44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328,
      45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439,
    ];
    expect([...rsi(closes, 14)].slice(14).map((value) => value.toFixed(2))).toEqual([
      '70.53',
      '66.32',
      '66.55',
      '69.41',
      '66.36',
      '57.97',
    ]);
  });

  it('is 100 where all rises, 0 where all falls, 50 where nothing moves', () => {
    const last = (series: readonly number[]) => rsi(series, 3).at(-1);
    expect([last([1, 2, 3, 4, 5]), last([5, 4, 3, 2, 1]), last([2, 2, 2, 2, 2])]).toEqual([100, 0, 50]);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([rsi(14).name, rsi(14).warmup]).toEqual(['rsi(14)', 15]);
    expectInvalid(() => rsi(0), 'rsi: the length has to be');
  });
});
