import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ema } from './ema.js';
import { describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';
import { macd } from './macd.js';

const spans = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }));
const options = spans.map(([fast, more, signal]) => ({ fast, slow: fast + more, signal }));

describeFeatureLaws(
  'macd',
  options.map((given) => macd({ ...given, source: 'hlc3' })),
);

describe('macd', () => {
  it('is the difference of two emas, its ema, and the difference to that', () => {
    const prices = fc.array(
      fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(prices, options, (series, given) => {
        const slow = ema(series, given.slow);
        const line = Array.from(ema(series, given.fast), (fast, i) => fast - (slow[i] ?? Number.NaN));
        const start = given.slow - 1;
        const signal = [...line.slice(0, start), ...ema(line.slice(start), given.signal)];
        const isWarm = (i: number) => i >= start + given.signal - 1;
        const found = macd(series, given);
        expectClose(
          found.macd,
          line.map((value, i) => (isWarm(i) ? value : Number.NaN)),
          1e-12,
        );
        expectClose(found.signal, signal, 1e-12);
        expectClose(
          found.histogram,
          line.map((value, i) => value - (signal[i] ?? Number.NaN)),
          1e-12,
        );
      }),
    );
  });

  it('has the usual spans by default', () => {
    expect([macd().name, macd().warmup, macd().outputs]).toEqual([
      'macd(12, 26, 9)',
      34,
      ['macd', 'signal', 'histogram'],
    ]);
    expect(macd({ source: 'open', fast: 5 }).name).toBe('macd(5, 26, 9, source=open)');
  });

  it('refuses bad parameters', () => {
    expectInvalid(() => macd({ fast: 26, slow: 12 }), 'fast has to be below slow; they are 26 and 12');
    expectInvalid(() => macd({ signal: 0 }), 'macd: the length');
    expectInvalid(() => macd(12 as unknown as object), 'the options have to be an object');
  });
});
