import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { correlation } from './correlation.js';
import { describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';
import { returns } from './returns.js';

const lengths = fc.integer({ min: 2, max: 12 });
const sources = fc.constantFrom('open', 'high', 'close', 'volume', 'hl2');
const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 })), {
  maxLength: 80,
});

describeFeatureLaws(
  'correlation',
  fc
    .tuple(lengths, sources, sources, fc.constantFrom('values', 'returns'))
    .map(([length, x, y, of]) => correlation(length, { x, y, of })),
);

function naive(x: readonly number[], y: readonly number[], length: number): number[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return x.map((_, i) => {
    if (i + 1 < length) return Number.NaN;
    const [a, b] = [x.slice(i + 1 - length, i + 1), y.slice(i + 1 - length, i + 1)];
    const [meanA, meanB] = [mean(a), mean(b)];
    const sum = (term: (k: number) => number) => a.reduce((total, _value, k) => total + term(k), 0);
    const da = (k: number) => (a[k] ?? Number.NaN) - meanA;
    const db = (k: number) => (b[k] ?? Number.NaN) - meanB;
    const scale = Math.sqrt(sum((k) => da(k) ** 2) * sum((k) => db(k) ** 2));
    return scale < 1e-9 ? 0 : sum((k) => da(k) * db(k)) / scale;
  });
}

describe('correlation', () => {
  it('agrees with its definition', () => {
    fc.assert(
      fc.property(pairs, lengths, (values, length) => {
        const x = values.map(([first]) => first);
        const y = values.map(([, second]) => second);
        expectClose(correlation(x, y, length), naive(x, y, length), 1e-9);
      }),
    );
  });

  it('of returns is the correlation of the series of returns', () => {
    fc.assert(
      fc.property(pairs, lengths, (values, length) => {
        const x = values.map(([first]) => first);
        const y = values.map(([, second]) => second);
        const ofReturns = correlation(returns(x).subarray(1), returns(y).subarray(1), length);
        const expected = values.length === 0 ? [] : [Number.NaN, ...ofReturns];
        expect([...correlation(x, y, length, { of: 'returns' })]).toEqual(expected);
      }),
    );
  });

  it('is 1, -1 and 0 where it should be', () => {
    const x = [1, 2, 4, 8, 16];
    const last = (y: readonly number[]) => correlation(x, y, 4).at(-1);
    expect(last(x)).toBe(1);
    expect(last(x.map((value) => -3 * value))).toBe(-1);
    expect(last([0.1, 0.1, 0.1, 0.1, 0.1])).toBe(0);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect(correlation(20).name).toBe('correlation(20)');
    expect(correlation(20, { x: 'high', of: 'returns' }).name).toBe('correlation(20, x=high, of=returns)');
    expect(correlation(20, { of: 'returns' }).warmup).toBe(21);
    expectInvalid(() => correlation(1), 'the length has to be a whole number from 2');
    expectInvalid(() => correlation(5, { y: 'size' as 'volume' }), 'the source has to be one of');
    expectInvalid(() => correlation(5, { of: 'ranks' as 'values' }), 'of has to be one of values, returns');
    expectInvalid(() => correlation([1, 2], [1], 2), 'they hold 2 and 1 values');
  });
});
