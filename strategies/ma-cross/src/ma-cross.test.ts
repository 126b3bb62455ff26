import { describe, expect, it } from '@jest/globals';
import { isPlugin } from '@bookrunner/sdk';
import { aBarColumns, describeContract, signalContract, StrategyHarness } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import plugin, { maCross } from './index.js';

describeContract('ma-cross', signalContract(maCross), { describe, it });
describeContract(
  'ma-cross with protection',
  signalContract(maCross, { params: { stopDistance: 2, targetDistance: 3 } }),
  {
    describe,
    it,
  },
);

const SHORT = { fast: 2, slow: 3 };

/** The rule as W1 states it, from sums over the closes. */
function expectedTargets(closes: readonly number[], fast: number, slow: number): readonly number[] {
  const sum = (end: number, length: number): number =>
    closes.slice(end - length + 1, end + 1).reduce((a, b) => a + b, 0);
  let target = Number.NaN;
  return closes.map((_, i) => {
    if (i + 1 < slow) return Number.NaN;
    const difference = sum(i, fast) * slow - sum(i, slow) * fast;
    if (difference !== 0) target = Math.sign(difference);
    return target;
  });
}

describe('ma-cross', () => {
  it('is a plugin with one strategy', () => {
    expect(isPlugin(plugin)).toBe(true);
    expect(Object.keys(plugin.strategies)).toEqual(['ma-cross']);
  });

  it('has the parameters of the reference workload', () => {
    expect(maCross.params.parse({})).toEqual({ fast: 10, slow: 30 });
    expect(maCross.warmup({ fast: 10, slow: 30 })).toBe(30);
  });

  it('goes long above, short below, and stays while equal', () => {
    const bars = aBarColumns({ closes: [10, 10, 10, 13, 10, 7, 7, 7, 7] });
    const harness = new StrategyHarness(maCross, bars, { params: SHORT }).run();
    expect(harness.targets('TEST')).toEqual([Number.NaN, Number.NaN, Number.NaN, 1, 1, -1, -1, -1, -1]);
    expect(harness.answers.map((answer) => answer.wishes.length)).toEqual([0, 1, 1, 1, 1, 0, 0]);
  });

  it('follows sums over the closes, for any bars on a quarter grid', () => {
    const closes = fc.array(fc.integer({ min: 40, max: 400 }), { minLength: 12, maxLength: 80 });
    fc.assert(
      fc.property(closes, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 9 }), (quarters, fast, slow) => {
        const values = quarters.map((quarter) => quarter / 4);
        const harness = new StrategyHarness(maCross, aBarColumns({ closes: values }), { params: { fast, slow } }).run();
        // Means are compared, so means that differ in value but round to one double count as equal: not on this grid.
        expect(harness.targets('TEST')).toEqual(expectedTargets(values, fast, slow));
      }),
      { numRuns: 60 },
    );
  });

  it('protects each entry once, at absolute prices from the close', () => {
    const bars = aBarColumns({ closes: [10, 10, 10, 13, 14, 7, 6] });
    const params = { ...SHORT, stopDistance: 2, targetDistance: 3 };
    const harness = new StrategyHarness(maCross, bars, { params }).run();
    expect(harness.answers.map((answer) => answer.wishes.map((wish) => wish.target))).toEqual([
      [],
      [{ share: 1, protect: { stop: 11, takeProfit: 16 } }],
      [],
      [{ share: -1, protect: { stop: 9, takeProfit: 4 } }],
      [],
    ]);
  });

  it('protects with a stop alone or a take-profit alone', () => {
    const bars = aBarColumns({ closes: [10, 10, 10, 13] });
    const answer = (params: Record<string, number>): unknown =>
      new StrategyHarness(maCross, bars, { params: { ...SHORT, ...params } }).run().answers.at(-1)?.wishes[0]?.target;
    expect(answer({ stopDistance: 2 })).toEqual({ share: 1, protect: { stop: 11 } });
    expect(answer({ targetDistance: 2 })).toEqual({ share: 1, protect: { takeProfit: 15 } });
  });

  it('refuses a fast average that is not shorter than the slow one, and unknown parameters', () => {
    expect(maCross.params.safeParse({ fast: 30, slow: 30 }).error?.issues[0]).toMatchObject({ path: ['fast'] });
    expect(maCross.params.safeParse({ fats: 5 }).success).toBe(false);
    expect(maCross.params.safeParse({ stopDistance: 0 }).success).toBe(false);
  });
});
