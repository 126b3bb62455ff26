import { describe, expect, it } from '@jest/globals';
import { isPlugin } from '@bookrunner/sdk';
import { aBarColumns, describeContract, signalContract, StrategyHarness } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import plugin, { breakout } from './index.js';

describeContract('breakout', signalContract(breakout), { describe, it });
describeContract('breakout, long only', signalContract(breakout, { params: { direction: 'long', entryLength: 10 } }), {
  describe,
  it,
});

const PARAMS = { entryLength: 4, exitLength: 2, atrLength: 2, stopAtr: 2 };

function run(closes: readonly number[], params: Record<string, unknown> = {}) {
  const bars = aBarColumns({ closes, moveSteps: 0 });
  return new StrategyHarness(breakout, bars, { params: { ...PARAMS, ...params } }).run();
}

/** The rule restated over closes whose bars span from the close before to their own. */
function expectedSides(closes: readonly number[], entryLength: number, exitLength: number): readonly number[] {
  const highs = closes.map((close, i) => Math.max(close, closes[i - 1] ?? close));
  const lows = closes.map((close, i) => Math.min(close, closes[i - 1] ?? close));
  const top = (i: number, length: number): number => Math.max(...highs.slice(i - length, i));
  const bottom = (i: number, length: number): number => Math.min(...lows.slice(i - length, i));
  let side = 0;
  return closes.map((close, i) => {
    if (i < entryLength) return side;
    if (close > top(i, entryLength)) side = 1;
    else if (close < bottom(i, entryLength)) side = -1;
    else if (side > 0 && close < bottom(i, exitLength)) side = 0;
    else if (side < 0 && close > top(i, exitLength)) side = 0;
    return side;
  });
}

describe('breakout', () => {
  it('is a plugin with one strategy', () => {
    expect(isPlugin(plugin)).toBe(true);
    expect(Object.keys(plugin.strategies)).toEqual(['breakout']);
  });

  it('enters on a close beyond the bars before, with a stop, and leaves on the shorter channel', () => {
    const harness = run([10, 11, 10, 11, 11, 13, 14, 12, 11.5], { atrLength: 1 });
    const targets = harness.answers.flatMap((answer) => answer.wishes.map((wish) => wish.target));
    // The true range of the entry bar is 2, from the close before at 11.
    expect(targets).toEqual([{ share: 1, protect: { stop: 13 - 2 * 2 } }, { share: 0 }]);
  });

  it('does not count the channel of the breaking bar itself', () => {
    expect(run([10, 11, 10, 11, 11]).answers.flatMap((answer) => answer.wishes)).toEqual([]);
  });

  it('enters only the sides allowed', () => {
    const down = [11, 10, 11, 10, 10, 7, 6];
    expect(run(down).targets('TEST').at(-1)).toBe(-1);
    expect(run(down, { direction: 'long' }).targets('TEST').at(-1)).toBe(Number.NaN);
  });

  it('equals the rule restated, for any closes', () => {
    const closes = fc.array(fc.integer({ min: 100, max: 120 }), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(
        closes,
        fc.integer({ min: 3, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (prices, entryLength, exitLength) => {
          const harness = run(prices, { entryLength, exitLength, atrLength: 2 });
          const sides = harness.targets('TEST').map((target) => (Number.isNaN(target) ? 0 : target));
          expect(sides).toEqual(expectedSides(prices, entryLength, exitLength));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses an exit channel longer than the entry channel, and unknown parameters', () => {
    expect(breakout.params.safeParse({ entryLength: 5, exitLength: 6 }).error?.issues[0]).toMatchObject({
      path: ['exitLength'],
    });
    expect(breakout.params.safeParse({ channel: 20 }).success).toBe(false);
  });
});
