import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';
import { returns } from './returns.js';

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const sources = fc.constantFrom('open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4');
const lengths = fc.integer({ min: 1, max: 12 });

describeFeatureLaws(
  'returns',
  fc.tuple(lengths, sources, fc.boolean()).map(([length, source, log]) => returns(length, { source, log })),
);

describe('returns', () => {
  it('agrees with its definitions', () => {
    fc.assert(
      fc.property(prices, lengths, (series, length) => {
        const past = (i: number) => series[i - length] ?? Number.NaN;
        expectClose(
          returns(series, length),
          series.map((value, i) => (value - past(i)) / past(i)),
          1e-12,
        );
        const logReturns = series.map((value, i) => Math.log(value) - Math.log(past(i)));
        expectClose(returns(series, length, { log: true }), logReturns, 1e-12);
      }),
    );
  });

  it('gives NaN where a return has no meaning, and only there', () => {
    expect([...returns([1, 0, 2, -2, 4, 5])]).toEqual([Number.NaN, -1, Number.NaN, -2, Number.NaN, 0.25]);
    expect([...returns([1, 0, 2, -2, 4, 4], 1, { log: true })]).toEqual([NaN, NaN, NaN, NaN, NaN, 0]);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([returns().name, returns(5, { log: true }).name, returns(5).warmup]).toEqual([
      'returns(1)',
      'returns(5, log=true)',
      6,
    ]);
    expectInvalid(() => returns(0), 'returns: the length');
    expectInvalid(() => returns(1, { log: 'yes' as unknown as boolean }), 'log has to be true or false');
  });
});
