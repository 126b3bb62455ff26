import { describe, expect, it } from '@jest/globals';
import { isPlugin } from '@bookrunner/sdk';
import { aBarColumns, describeContract, signalContract, StrategyHarness } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import plugin, { meanReversion } from './index.js';

describeContract('mean-reversion', signalContract(meanReversion), { describe, it });
describeContract(
  'mean-reversion with a stop',
  signalContract(meanReversion, { params: { stopAtr: 2, lookback: 10 } }),
  {
    describe,
    it,
  },
);

/** Ten closes around 100, then those given. */
function barsOf(...closes: readonly number[]) {
  return aBarColumns({
    closes: [...Array.from({ length: 10 }, (_, i) => 100 + (i % 2) * 0.25), ...closes],
    moveSteps: 0,
  });
}

const PARAMS = { lookback: 10, atrLength: 2, enter: 2, exit: 0.5 };

describe('mean-reversion', () => {
  it('is a plugin with one strategy', () => {
    expect(isPlugin(plugin)).toBe(true);
    expect(Object.keys(plugin.strategies)).toEqual(['mean-reversion']);
  });

  it('buys far below the mean and leaves when back', () => {
    const harness = new StrategyHarness(meanReversion, barsOf(97, 97.5, 100), { params: PARAMS }).run();
    expect(harness.targets('TEST').slice(-3)).toEqual([1, 1, 0]);
  });

  it('sells far above the mean and leaves when back', () => {
    const harness = new StrategyHarness(meanReversion, barsOf(103, 102.5, 100), { params: PARAMS }).run();
    expect(harness.targets('TEST').slice(-3)).toEqual([-1, -1, 0]);
  });

  it('turns straight from long to short on a move through both bands', () => {
    const bars = barsOf(97, 112);
    expect(new StrategyHarness(meanReversion, bars, { params: PARAMS }).run().targets('TEST').slice(-2)).toEqual([
      1, -1,
    ]);
  });

  it('puts the stop of an entry on its far side, none on an exit', () => {
    const harness = new StrategyHarness(meanReversion, barsOf(97, 100), {
      params: { ...PARAMS, atrLength: 1, stopAtr: 2 },
    }).run();
    const targets = harness.answers.flatMap((answer) => answer.wishes.map((wish) => wish.target));
    // The true range of the entry bar is 3.25, from the close before at 100.25.
    expect(targets).toEqual([{ share: 1, protect: { stop: 97 - 2 * 3.25 } }, { share: 0 }]);
  });

  it('says nothing while the market stands still', () => {
    const bars = aBarColumns({ closes: Array.from({ length: 40 }, () => 100), moveSteps: 0 });
    expect(
      new StrategyHarness(meanReversion, bars, { params: PARAMS }).run().answers.flatMap((answer) => answer.wishes),
    ).toEqual([]);
  });

  it('is symmetric: mirrored prices give mirrored targets', () => {
    const moves = fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 30, maxLength: 80 });
    // Scores of such prices can be 2 exactly, and then the last bit, which a mirror does not mirror, decides. None is one of these.
    const bands = { ...PARAMS, enter: 1.9753, exit: 0.4931 };
    fc.assert(
      fc.property(moves, (steps) => {
        let price = 0;
        const path = steps.map((step) => (price += step));
        const run = (sign: number): readonly number[] => {
          const closes = path.map((level) => 4_096 + (sign * level) / 4);
          const bars = aBarColumns({ closes, moveSteps: 0 });
          return new StrategyHarness(meanReversion, bars, { params: bands, strict: false }).run().targets('TEST');
        };
        expect(run(-1).map((target) => 0 - target)).toEqual(run(1));
      }),
      { numRuns: 40 },
    );
  });

  it('refuses an exit band outside the entry band, and unknown parameters', () => {
    expect(meanReversion.params.safeParse({ enter: 1, exit: 1 }).error?.issues[0]).toMatchObject({ path: ['exit'] });
    expect(meanReversion.params.safeParse({ lookbak: 20 }).success).toBe(false);
  });
});
