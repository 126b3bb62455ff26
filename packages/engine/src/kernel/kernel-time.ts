import type { EpochMs } from '@bookrunner/sdk';

/**
 * Kernel time, shared by the parts of one kernel: when the event being processed became available. One field read in place,
 * since a double handed from function to function is boxed on the heap.
 */
export class KernelTime {
  now: EpochMs = Number.NEGATIVE_INFINITY;
}
