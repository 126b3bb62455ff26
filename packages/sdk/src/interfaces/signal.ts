import type { Bar } from '../model/bar.js';
import type { SignalAnswer } from '../model/signal.js';
import type { EpochMs } from '../model/time.js';

/** The last bars of one symbol and timeframe. `ago` 0 is the latest closed bar, 1 the one before; NaN beyond `length`. */
export interface BarWindow {
  readonly symbol: string;
  /** Bars at hand, up to the window's size. */
  readonly length: number;
  ts(ago?: number): EpochMs;
  open(ago?: number): number;
  high(ago?: number): number;
  low(ago?: number): number;
  close(ago?: number): number;
  volume(ago?: number): number;
}

/** What a strategy holds in one symbol, in its own book. */
export interface StrategyPosition {
  /** Signed units. */
  readonly qty: number;
  /** Average entry price; NaN when flat. */
  readonly avgPrice: number;
}

/**
 * What a strategy may read. One object is reused for every call: keep values, never the context or anything it holds.
 * `features` belong to the primary symbol (the one whose bar closed, or the first declared); `featuresOf` reads the others.
 */
export interface SignalContext<
  P = unknown,
  S = unknown,
  F = Readonly<Record<string, number | Readonly<Record<string, number>>>>,
> {
  /** Kernel time: when the bar became available. */
  readonly ts: EpochMs;
  readonly symbol: string;
  readonly symbols: readonly string[];
  readonly params: P;
  readonly state: S;
  readonly bar: Bar;
  readonly bars: BarWindow;
  readonly features: F;
  readonly position: StrategyPosition;
  /** Whether the symbol's bar (first timeframe) closed at this very instant. */
  readonly closed: (symbol: string, timeframe?: number) => boolean;
  /** Window of a declared symbol; `timeframe` is the index into the declared timeframes, 0 the first. */
  readonly window: (symbol: string, timeframe?: number) => BarWindow;
  readonly featuresOf: (symbol: string, timeframe?: number) => F;
  readonly positionOf: (symbol: string) => StrategyPosition;
}

/** Why a strategy starts anew: the time without data, and what broke. */
export interface SignalGap {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: string;
}

/**
 * Bars, features and state in, target position out; pure between calls.
 *
 * Rules: 1. The answer depends on context, params and state alone: no clock, randomness, files, network. 2. `state` is plain
 * JSON and the only memory. 3. Nothing of the context is kept after the call. 4. An answer is undefined, a finite number from
 * -1 to 1, a target, or a record of these per symbol; NaN stops the strategy. 5. A throw stops the strategy, nobody else. 6. A
 * reset gives it a fresh state and warms its features up anew; then `onReset` is called, `onBar` follows at the same instant, and
 * it behaves as a new one on the same bars. 7. Two runs over the same bars give the same answers.
 * Checked by `signalContract` (SIG-…).
 */
export interface Signal<
  P = unknown,
  S = unknown,
  F = Readonly<Record<string, number | Readonly<Record<string, number>>>>,
> {
  onBar(context: SignalContext<P, S, F>): SignalAnswer;
  /** At a declared time, such as `close-5m`; same answers as `onBar`. */
  onTime?(context: SignalContext<P, S, F>, name: string): SignalAnswer;
  /** After a gap in data beyond the strategy's tolerance, once windows and features are warm again. */
  onReset?(context: SignalContext<P, S, F>, gap: SignalGap): void;
  /** When an operator or the engine stops the strategy. */
  onStop?(context: SignalContext<P, S, F>): void;
}
