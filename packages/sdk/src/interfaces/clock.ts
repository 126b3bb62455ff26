import type { EpochMs } from '../model/time.js';

/** Where a plugin gets time from. Kernel code never has one: its time comes with the events. */
export interface Clock {
  /** Now, as UTC epoch milliseconds. */
  nowUtc(): EpochMs;
  /** Resolves at the instant, or at once if it has passed; rejects with the signal's reason when aborted. */
  sleepUntil(ts: EpochMs, signal?: AbortSignal): Promise<void>;
  /** Calls back once at the instant; returns what cancels it. */
  callAt(ts: EpochMs, callback: () => void): () => void;
}
