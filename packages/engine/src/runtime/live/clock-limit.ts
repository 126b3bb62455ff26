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
  const end = (): void => limit.abort();
  const cancel = clock.callAt(clock.nowUtc() + limitMs, end);
  // Taken off again: the signal may be that of a whole session, and is waited by for each try of a part that is away.
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    return await Promise.race([waited.then((value) => ({ value })), aborted(limit.signal)]);
  } finally {
    cancel();
    stop.removeEventListener('abort', end);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
