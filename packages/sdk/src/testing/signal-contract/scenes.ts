import type { StrategyPosition } from '../../interfaces/signal.js';
import type { BarColumns } from '../../model/bar.js';
import { HOUR_MS } from '../../model/time.js';
import type { StrategyDefinition } from '../../plugin/define-strategy.js';
import { aBarColumns } from '../builders.js';
import { checkEqual, textOf } from '../check.js';
import { StrategyHarness } from '../strategy-harness/strategy-harness.js';
import type { StrategyHarnessOptions } from '../strategy-harness/strategy-harness.js';

/** What the cases of a signal suite work on. */
export interface SignalFixture {
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  /** Symbols the strategy needs at least; the first is the primary of single-symbol scenes. */
  readonly symbols: readonly string[];
  /** Bars in a scene: warm-up and some hundred more. */
  readonly length: number;
  /** What strict runs over all markets found. */
  strictFinding(): StrictFinding;
}

/** The first error of strict runs; `error` is undefined when all ran well. */
export interface StrictFinding {
  readonly scene: Scene;
  readonly error: unknown;
}

/** Names of the generated markets. */
export const SCENES = ['walk', 'calm', 'wild', 'flat', 'rising', 'falling', 'jump'] as const;

/** Name of a generated market. */
export type Scene = (typeof SCENES)[number];

/** Bars of one market for every symbol of the fixture, each drawn apart. */
export function sceneBars(fixture: SignalFixture, scene: Scene, seed = 1): readonly BarColumns[] {
  return fixture.symbols.map((symbol, i) => oneScene(fixture.length, scene, { symbol, seed: seed + 100 * i }));
}

interface SceneOptions {
  readonly symbol: string;
  readonly seed: number;
}

function oneScene(length: number, scene: Scene, options: SceneOptions): BarColumns {
  const steps = (price: (i: number) => number): readonly number[] => Array.from({ length }, (_, i) => price(i));
  switch (scene) {
    case 'walk':
      return aBarColumns({ ...options, length });
    case 'calm':
      return aBarColumns({ ...options, length, moveSteps: 1 });
    case 'wild':
      return aBarColumns({ ...options, length, moveSteps: 60, price: 500 });
    case 'flat':
      return aBarColumns({ ...options, closes: steps(() => 100), moveSteps: 0 });
    case 'rising':
      return aBarColumns({ ...options, closes: steps((i) => 100 + i * 0.25), moveSteps: 0 });
    case 'falling':
      return aBarColumns({ ...options, closes: steps((i) => 100 + (length - i) * 0.25), moveSteps: 0 });
    case 'jump':
      return aBarColumns({ ...options, closes: steps((i) => (i % 37 === 36 ? 400 : 100 + (i % 5) * 0.25)) });
  }
}

/** A gap of six hours, as an outage leaves it. */
export const A_GAP = Object.freeze({ from: 0, to: 6 * HOUR_MS, reason: 'outage' });

/** Holds nothing, whatever the strategy wishes. */
export function flatPosition(): StrategyPosition {
  return { qty: 0, avgPrice: Number.NaN };
}

/** A harness of the fixture's strategy over one market. */
export function harnessOf(
  fixture: SignalFixture,
  bars: readonly BarColumns[],
  options: StrategyHarnessOptions = {},
): StrategyHarness {
  return new StrategyHarness(fixture.definition, bars, { params: fixture.params, ...options });
}

/** Strict runs over all markets, with declared times and the stop. */
export function strictFinding(fixture: SignalFixture): StrictFinding {
  for (const scene of SCENES) {
    try {
      const harness = harnessOf(fixture, sceneBars(fixture, scene)).run();
      if (fixture.definition.signal.onTime !== undefined) {
        for (const name of fixture.definition.times) harness.time(name);
      }
    } catch (error) {
      return { scene, error };
    }
  }
  return { scene: 'walk', error: undefined };
}

/** Runs to the end of the bars or to the first error, which then is the last answer: faults have cases of their own. */
export function answersOf(harness: StrategyHarness): readonly unknown[] {
  try {
    harness.run();
  } catch (error) {
    return [...harness.answers, { error: textOf(error) }];
  }
  return harness.answers;
}

/** Fails at the first answer that differs. Errors: CONTRACT_BROKEN. */
export function checkAnswers(actual: readonly unknown[], expected: readonly unknown[], what: string): void {
  const length = Math.max(actual.length, expected.length);
  for (let i = 0; i < length; i += 1) checkEqual(actual[i], expected[i], `${what}, answer ${i + 1}`);
}
