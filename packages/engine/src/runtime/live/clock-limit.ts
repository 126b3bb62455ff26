import type { Clock } from '@bookrunner/sdk';

/** How long is waited: by the clock of the run, and no longer than until it is stopped. */
export interface ClockLimit {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly stop: AbortSignal;
}

/** What came in time, or undefined; what comes later is the caller's. Rejects with what `waited` does. */
export async function untilLimit<T>(
  waited: Promise<T>,
  { clock, limitMs, stop }: ClockLimit,
): Promise<{ readonly value: T } | undefined> {
  const limit = new AbortController();
  const cancel = clock.callAt(clock.nowUtc() + limitMs, () => limit.abort());
  try {
    return await Promise.race([waited.then((value) => ({ value })), aborted(AbortSignal.any([stop, limit.signal]))]);
  } finally {
    cancel();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
