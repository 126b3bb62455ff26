import type { EpochMs } from './time.js';

/** Sign of life of a connection. A heartbeat is not data: it never makes a stale feed fresh. */
export interface Heartbeat {
  /** By the clock of the other side where it tells the time, else by ours: the engine compares it with its own. */
  readonly ts: EpochMs;
  readonly source: string;
  readonly ok: boolean;
  /** Round trip in milliseconds; NaN where not measured. */
  readonly latencyMs: number;
}
