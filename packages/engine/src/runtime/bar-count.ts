import type { Assembly } from './assemble.js';

/** Bars of a run so far: those that came ready, and those that were built here. */
export function barsOf({ driver, plan, kernel }: Pick<Assembly, 'driver' | 'plan' | 'kernel'>): number {
  const { streams } = kernel.parts.market;
  return plan.streams.reduce(
    (sum, stream, index) => sum + (stream.source === 'feed' ? 0 : (streams[index]?.count ?? 0)),
    driver.bars,
  );
}
