import type { Clock } from '@bookrunner/sdk';

/** Calls back every so many milliseconds by the clock until it is stopped; returns what stops it. */
export function repeat(clock: Clock, everyMs: number, callback: () => void): () => void {
  let stop = (): void => undefined;
  const plan = (): void => {
    stop = clock.callAt(clock.nowUtc() + everyMs, () => {
      plan();
      callback();
    });
  };
  plan();
  return () => stop();
}
