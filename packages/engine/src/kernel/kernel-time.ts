import type { EpochMs } from '@bookrunner/sdk';

/**
 * Kernel time and what is due when, shared by the parts of one kernel. One object read in place: a double handed from function to
 * function is boxed on the heap, and a look into five objects costs five checks.
 */
export class KernelTime {
  /** When the event being processed became available. */
  now: EpochMs = Number.NEGATIVE_INFINITY;
  /** The instant whose bars still wait to be settled: books marked, strategies asked; infinity for none. */
  settleAt: EpochMs = Number.POSITIVE_INFINITY;
  /** When the clock next closes a bar, a trading day of a book ends, a declared time of a strategy comes. */
  barAt: EpochMs = Number.POSITIVE_INFINITY;
  dayAt: EpochMs = Number.POSITIVE_INFINITY;
  scheduleAt: EpochMs = Number.POSITIVE_INFINITY;
}
