import type { z } from 'zod';
import { sdkError } from '../errors.js';
import type { FeatureSet, FeatureValues } from '../interfaces/feature.js';
import type { Signal, SignalContext, SignalGap } from '../interfaces/signal.js';
import type { SignalAnswer } from '../model/signal.js';

/** What an author writes. `params` is a zod object, `state` plain JSON; see {@link Signal} for the rules of the functions. */
export interface StrategyOptions<Schema extends z.ZodType, S, F extends FeatureSet> {
  readonly name: string;
  readonly params: Schema;
  /** Features of every declared symbol, by name. */
  readonly features?: (params: z.output<Schema>) => F;
  /** A new state, plain JSON. */
  readonly state?: (params: z.output<Schema>) => S;
  /** Bars to keep in each window; 256 unless told otherwise. */
  readonly lookback?: (params: z.output<Schema>) => number;
  /** Bars needed before the first `onBar`; the longest feature warm-up unless told otherwise. */
  readonly warmup?: (params: z.output<Schema>) => number;
  /** Longest gap in data, in ms, that needs no reset; 0 means every gap inside a session resets. */
  readonly gapToleranceMs?: number;
  /** Times within the session at which `onTime` is called: `open+5m`, `close-5m`. */
  readonly times?: readonly string[];
  onBar(context: SignalContext<z.output<Schema>, S, FeatureValues<F>>): SignalAnswer;
  onTime?(context: SignalContext<z.output<Schema>, S, FeatureValues<F>>, name: string): SignalAnswer;
  onReset?(context: SignalContext<z.output<Schema>, S, FeatureValues<F>>, gap: SignalGap): void;
  onStop?(context: SignalContext<z.output<Schema>, S, FeatureValues<F>>): void;
}

/** A strategy as data, with its types erased: what the engine holds. */
export interface StrategyDefinition {
  readonly $type: 'bookrunner/strategy';
  readonly name: string;
  readonly params: z.ZodType;
  readonly features: (params: unknown) => FeatureSet;
  readonly state: (params: unknown) => unknown;
  readonly lookback: (params: unknown) => number;
  readonly warmup: (params: unknown) => number;
  readonly gapToleranceMs: number;
  readonly times: readonly string[];
  readonly signal: Signal;
}

const DEFAULT_LOOKBACK = 256;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * Declares a strategy. Pure: nothing runs at import.
 * Errors: PLUGIN_INVALID.
 *
 * @example
 * export const meanReversion = defineStrategy({
 *   name: 'mean-reversion',
 *   params: z.object({ lookback: z.int().min(2).default(20), enter: z.number().positive().default(2) }),
 *   features: (p) => ({ z: zscore(p.lookback) }),
 *   onBar: ({ features, params }) => (features.z < -params.enter ? 1 : features.z > params.enter ? -1 : undefined),
 * });
 */
export function defineStrategy<
  Schema extends z.ZodType,
  S = Record<string, never>,
  F extends FeatureSet = Record<never, never>,
>(options: StrategyOptions<Schema, S, F>): StrategyDefinition {
  if (!NAME.test(options.name)) {
    throw sdkError('PLUGIN_INVALID', `Strategy name '${options.name}' has to be kebab-case, at most 32 characters.`);
  }
  const featuresOf = (params: unknown): FeatureSet => options.features?.(params as z.output<Schema>) ?? {};
  const definition: StrategyDefinition = {
    $type: 'bookrunner/strategy',
    name: options.name,
    params: options.params,
    features: featuresOf,
    state: (params) => options.state?.(params as z.output<Schema>) ?? {},
    lookback: (params) => options.lookback?.(params as z.output<Schema>) ?? DEFAULT_LOOKBACK,
    warmup: (params) =>
      options.warmup?.(params as z.output<Schema>) ??
      Math.max(1, ...Object.values(featuresOf(params)).map((feature) => feature.warmup)),
    gapToleranceMs: options.gapToleranceMs ?? Number.POSITIVE_INFINITY,
    times: Object.freeze([...(options.times ?? [])]),
    // The engine calls with the params, state and features this very definition declared.
    signal: options as unknown as Signal,
  };
  return Object.freeze(definition);
}
