import type { EpochMs } from './time.js';

/**
 * A best bid and ask, a trade, or both. A side or price not known is NaN; a size not known is NaN.
 * `ts` is when it happened, `recvTs` when we got it; kernel time is `recvTs`, or `ts` where none was recorded.
 * Engines reuse one object: read it during the call, copy what you keep.
 */
export interface Tick {
  readonly ts: EpochMs;
  readonly recvTs: EpochMs;
  readonly symbol: string;
  /** Name of the feed or exchange it came from. */
  readonly venue: string;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  /** Price of a trade; NaN when the tick is a quote only. */
  readonly last: number;
  /** Units traded at `last`; NaN when the tick is a quote only. */
  readonly size: number;
}

/** Ticks of one instrument as columns of equal length, ascending by availability time. An absent column is all NaN. */
export interface TickColumns {
  readonly symbol: string;
  readonly venue?: string;
  readonly length: number;
  readonly ts: Float64Array;
  readonly recvTs?: Float64Array;
  readonly bid?: Float64Array;
  readonly ask?: Float64Array;
  readonly bidSize?: Float64Array;
  readonly askSize?: Float64Array;
  readonly last?: Float64Array;
  readonly size?: Float64Array;
}
