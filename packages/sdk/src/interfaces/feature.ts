import type { BarColumns, BarValues } from '../model/bar.js';

/** State of one feature on one stream of bars. Allocates nothing in `update`. */
export interface FeatureState {
  /**
   * Takes one closed bar and writes the feature's outputs to `out[offset]`, `out[offset + 1]`, …; NaN until warm. Nothing else of `out` is the
   * feature's, and `out` need not be longer than that.
   */
  update(bar: BarValues, out: Float64Array, offset: number): void;
  /** Back to the state of a new one. */
  reset(): void;
  /** The whole state as plain numbers; NaN and infinities included. */
  save(): readonly number[];
  /** Takes what {@link save} gave; the feature then continues as if it had never stopped. */
  load(saved: readonly number[]): void;
}

/**
 * A feature of bars: a frozen description that works one bar at a time (`create`) and over columns (`column`), to the same bits.
 *
 * Rules: 1. `create` has no side effects and shares nothing between states. 2. The first non-NaN output comes with bar number
 * `warmup` (counted from 1), never before. 3. `column(bars)[k][i]` equals output k of `update` after bar i. 4. `save` then `load`
 * into a new state changes nothing that follows.
 * Checked by property tests.
 */
export interface Feature<Output extends string = string> {
  /** Name with parameters, `sma(10)`; equal names mean equal features. */
  readonly name: string;
  /** Names of the outputs; `['value']` for a feature with one. */
  readonly outputs: readonly Output[];
  /** Bars needed before the first value. */
  readonly warmup: number;
  create(): FeatureState;
  column(bars: BarColumns): readonly Float64Array[];
}

/** The features of a strategy by the names it gave them. */
export type FeatureSet = Readonly<Record<string, Feature>>;

/** What a strategy reads: a number for a feature with one output, an object of numbers for several. */
export type FeatureValues<F extends FeatureSet> = {
  readonly [Key in keyof F]: F[Key] extends Feature<infer Output>
    ? 'value' extends Output
      ? number
      : { readonly [Name in Output]: number }
    : never;
};
