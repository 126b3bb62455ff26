import type { EpochMs } from './time.js';

/** The prices and volume of a bar; what features read. */
export interface BarValues {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Units traded; 0 where the feed has quotes only. */
  readonly volume: number;
}

/**
 * One closed bar. `ts` is its start, `endTs` its end (exclusive); it is available at `endTs` plus the engine's `closeDelayMs`.
 * `vwap` is NaN unless the builder computes it. Engines reuse one object: read it during the call, copy what you keep.
 */
export interface Bar extends BarValues {
  readonly ts: EpochMs;
  readonly endTs: EpochMs;
  readonly symbol: string;
  /** Ticks that made it; NaN where the source does not say. */
  readonly nTicks: number;
  readonly vwap: number;
}

/** Which price of a tick makes the bar. */
export type BarPrice = 'last' | 'mid' | 'bid' | 'ask';

/** How bars are built: the id of a bar builder and its options, as in engine.yaml. `{ use: 'time', options: { seconds: 60 } }`. */
export interface BarSpec {
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Bars of one instrument as columns of equal length, ascending by `ts`. */
export interface BarColumns {
  readonly symbol: string;
  readonly length: number;
  /** Start of each bar. */
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** End of each bar; absent, or NaN where one is not known, means `ts + seconds × 1000` of the declared bar spec. */
  readonly endTs?: Float64Array;
  readonly nTicks?: Float64Array;
  readonly vwap?: Float64Array;
}
