import type { Kernel } from '../kernel/kernel.js';

/** Bars of a run so far, of all streams: those that came ready, from feeds and from history, and those that were built here. */
export function barsOf({ parts }: Kernel): number {
  return parts.market.streams.reduce((sum, { count }) => sum + count, 0);
}
