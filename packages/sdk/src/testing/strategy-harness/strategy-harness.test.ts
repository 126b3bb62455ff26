import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { SignalContext } from '../../interfaces/signal.js';
import type { BarColumns } from '../../model/bar.js';
import type { SignalAnswer } from '../../model/signal.js';
import { defineStrategy } from '../../plugin/define-strategy.js';
import type { StrategyDefinition } from '../../plugin/define-strategy.js';
import { aBarColumns } from '../builders.js';
import { StrategyHarness } from './strategy-harness.js';
import type { StrategyHarnessOptions } from './strategy-harness.js';

type Context = SignalContext<{ size: number }, Record<string, unknown>>;

function strategy(onBar: (context: Context) => SignalAnswer, warmup = 1): StrategyDefinition {
  return defineStrategy({
    name: 'sample',
    params: z.object({ size: z.number().default(1) }),
    state: (): Record<string, unknown> => ({}),
    lookback: () => 3,
    warmup: () => warmup,
    onBar: onBar as (context: unknown) => SignalAnswer,
  });
}

const bars = aBarColumns({ closes: [10, 11, 12, 13, 14] });

function run(
  onBar: (context: Context) => SignalAnswer,
  given: BarColumns | readonly BarColumns[] = bars,
  options: StrategyHarnessOptions = {},
) {
  return new StrategyHarness(strategy(onBar), given, options).run();
}

describe('StrategyHarness', () => {
  it('gives each closed bar, the window over the last ones and the position', () => {
    const seen: unknown[] = [];
    run(({ ts, bar, bars: window, position }) => {
      seen.push([ts === bar.endTs, bar.close, window.length, window.close(1), window.close(3), position.qty]);
      return bar.close >= 12 ? 1 : undefined;
    });
    expect(seen).toEqual([
      [true, 10, 1, Number.NaN, Number.NaN, 0],
      [true, 11, 2, 10, Number.NaN, 0],
      [true, 12, 3, 11, Number.NaN, 0],
      [true, 13, 3, 12, Number.NaN, 1],
      [true, 14, 3, 13, Number.NaN, 1],
    ]);
  });

  it('starts once every symbol is warm, and notes the wish in force after each bar', () => {
    const harness = new StrategyHarness(
      strategy(({ bar }) => (bar.close > 12 ? 0.5 : undefined), 3),
      bars,
    ).run();
    expect(harness.answers.map((answer) => answer.wishes.length)).toEqual([0, 1, 1]);
    expect(harness.targets('TEST')).toEqual([Number.NaN, Number.NaN, Number.NaN, 0.5, 0.5]);
    expect(harness.position('TEST')).toEqual({ qty: 0.5, avgPrice: 13 });
  });

  it('calls once for symbols that close together, the first declared being primary', () => {
    const other = aBarColumns({ symbol: 'OTHER', closes: [1, 2], seconds: 120 });
    const calls: unknown[] = [];
    run(
      ({ symbol, closed, window }) => {
        calls.push([symbol, closed('TEST'), closed('OTHER'), window('OTHER').close()]);
      },
      [bars, other],
    );
    expect(calls).toEqual([
      ['TEST', true, true, 1],
      ['TEST', true, false, 1],
      ['TEST', true, true, 2],
      ['TEST', true, false, 2],
    ]);
  });

  it('offers higher timeframes', () => {
    const higher = aBarColumns({ closes: [100, 200], seconds: 120 });
    const seen: number[] = [];
    run(({ window }) => void seen.push(window('TEST', 1).close()), bars, { higherTimeframes: [[higher]] });
    expect(seen).toEqual([100, 100, 200, 200]);
  });

  it('reads answers of every shape', () => {
    const answers: SignalAnswer[] = [
      undefined,
      -1,
      { units: 5, entry: { limit: 9.5, tif: 'DAY' }, protect: { stop: 9, takeProfit: 12 } },
      { TEST: { weight: 0.3, rebalance: true } },
      {},
    ];
    const harness = run(({ bars: window }) => answers[window.close() - 10]);
    expect(harness.answers.map((answer) => answer.wishes)).toEqual([
      [],
      [{ symbol: 'TEST', target: { share: -1 } }],
      [{ symbol: 'TEST', target: answers[2] }],
      [{ symbol: 'TEST', target: { weight: 0.3, rebalance: true } }],
      [],
    ]);
    expect(harness.targets('TEST')).toEqual([Number.NaN, -1, 5, 0.3, 0.3]);
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['a share above 1', 1.5],
    ['text', 'long'],
    ['an array', [1]],
    ['two measures', { share: 1, units: 2 }],
    ['no measure', { protect: { stop: 1 } }],
    ['a foreign symbol', { OTHER: 1 }],
    ['an unknown field', { share: 1, stop: 3 }],
    ['a NaN stop', { share: 1, protect: { stop: Number.NaN } }],
    ['a trail of 0', { share: 1, protect: { trail: 0 } }],
    ['an unknown tif', { share: 1, entry: { tif: 'FOREVER' } }],
    ['GTD without an end', { share: 1, entry: { limit: 1, tif: 'GTD' } }],
    ['a rebalance that is no boolean', { share: 1, rebalance: 'yes' }],
    ['null for a symbol', { TEST: null }],
  ])('refuses %s', (_name, answer) => {
    expect(() => run(() => answer as SignalAnswer)).toThrow(
      expect.objectContaining({ code: 'STRATEGY_ANSWER_INVALID' }),
    );
  });

  it.each<[string, (context: Context) => void, string]>([
    ['a written context', (context) => void Object.assign(context, { ts: 1 }), 'STRATEGY_CONTEXT_CHANGED'],
    ['a written bar', ({ bar }) => void Object.assign(bar, { close: 1 }), 'STRATEGY_CONTEXT_CHANGED'],
    ['a deleted feature', ({ features }) => void Reflect.deleteProperty(features, 'x'), 'STRATEGY_CONTEXT_CHANGED'],
    ['a date in the state', ({ state }) => void (state['at'] = new Date(0)), 'STRATEGY_STATE_INVALID'],
    ['a cycle in the state', ({ state }) => void (state['self'] = state), 'STRATEGY_STATE_INVALID'],
    ['undefined in the state', ({ state }) => void (state['none'] = undefined), 'STRATEGY_STATE_INVALID'],
    ['new Date()', () => void new Date(), 'STRATEGY_IMPURE'],
    ['Math.random', () => void Math.random(), 'STRATEGY_IMPURE'],
    ['a timer', () => void setTimeout(() => {}, 0), 'STRATEGY_IMPURE'],
  ])('finds %s when strict', (_name, use, code) => {
    const onBar = (context: Context): void => use(context);
    expect(() => run(onBar)).toThrow(expect.objectContaining({ code }));
    expect(() => run(onBar, bars, { strict: false })).not.toThrow();
  });

  it('finds a swallowed use of randomness, and restores what it patched', () => {
    const before = [Date, Date.now, Math.random, setTimeout];
    const swallow = (): void => {
      try {
        Math.random();
      } catch {
        // Swallowed on purpose.
      }
    };
    expect(() => run(swallow)).toThrow(expect.objectContaining({ code: 'STRATEGY_IMPURE' }));
    expect([Date, Date.now, Math.random, setTimeout]).toEqual(before);
    expect(Math.random()).toBeLessThan(1);
    expect(new Date(5).getTime()).toBe(5);
  });

  it('finds whatever of the context is kept', () => {
    const keepers: ((context: Context) => () => unknown)[] = [
      (context) => () => context.ts,
      (context) => () => context.bar.close,
      ({ bar }) =>
        () =>
          bar.close,
      ({ bars: window }) =>
        () =>
          window.close(),
      ({ features }) =>
        () =>
          Object.keys(features),
      ({ position }) =>
        () =>
          position.qty,
      ({ window }) =>
        () =>
          window('TEST'),
      ({ bar }) =>
        () =>
          'close' in bar,
    ];
    for (const keep of keepers) {
      let kept: (() => unknown) | undefined;
      const onBar = (context: Context): void => {
        kept?.();
        kept ??= keep(context);
      };
      expect(() => run(onBar)).toThrow(expect.objectContaining({ code: 'STRATEGY_CONTEXT_KEPT' }));
    }
  });

  it('starts anew after a reset: warm-up, window and state', () => {
    const calls: unknown[] = [];
    const definition = defineStrategy({
      name: 'sample',
      params: z.object({}),
      state: () => ({ calls: 0 }),
      warmup: () => 2,
      onBar: ({ state, bars: window }) => {
        state.calls += 1;
        calls.push([state.calls, window.length]);
      },
      onReset: ({ state }, gap) => void calls.push([gap.reason, state.calls]),
    });
    const harness = new StrategyHarness(definition, bars).run(3);
    harness.reset({ from: 0, to: 1, reason: 'outage' });
    harness.run();
    expect(calls).toEqual([
      [1, 2],
      [2, 3],
      ['outage', 0],
      [1, 2],
    ]);
  });

  it('calls declared times and the stop', () => {
    const calls: string[] = [];
    const definition = defineStrategy({
      name: 'sample',
      params: z.object({}),
      times: ['close-5m'],
      onBar: () => undefined,
      onTime: (_context, name) => {
        calls.push(name);
        return 0;
      },
      onStop: () => void calls.push('stop'),
    });
    const harness = new StrategyHarness(definition, bars).run();
    expect(harness.time('close-5m')).toMatchObject({
      call: 'close-5m',
      wishes: [{ symbol: 'TEST', target: { share: 0 } }],
    });
    harness.stop();
    expect(calls).toEqual(['close-5m', 'stop']);
  });

  it('refuses parameters and bars that do not fit, naming them', () => {
    const definition = strategy(() => 0);
    expect(() => new StrategyHarness(definition, bars, { params: { size: 'big' } })).toThrow(/'sample'.*size:/);
    expect(() => new StrategyHarness(definition, [])).toThrow(
      expect.objectContaining({ code: 'TESTING_INPUT_INVALID' }),
    );
    expect(() => new StrategyHarness(definition, [bars, bars])).toThrow('TEST, TEST');
    const backwards = { ...bars, endTs: Float64Array.of(5, 4, 3, 2, 1) };
    expect(() => new StrategyHarness(definition, backwards)).toThrow("Bar 1 of 'TEST' ends at 4");
    expect(() => run(({ window }) => window('OTHER').close())).toThrow("No bars of 'OTHER', timeframe 0");
  });

  it('uses the bar length given where columns carry no ends', () => {
    const { endTs: _endTs, ...open } = bars;
    const ends = run(() => {}, open, { barMs: 30_000 }).answers.map((answer) => answer.ts - bars.ts[0]!);
    expect(ends).toEqual([30_000, 90_000, 150_000, 210_000, 270_000]);
  });
});
