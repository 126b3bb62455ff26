// The wall clock of the machine. Kernel code never uses it.
import { sdkError } from '../errors.js';
import type { Clock } from '../interfaces/clock.js';
import type { EpochMs } from '../model/time.js';

// The timer counts elapsed time, not wall time: reading the clock once a minute bounds the error after the clock was set or the
// machine slept. It also stays below 2^31 - 1 ms, above which setTimeout fires at once.
const LONGEST_WAIT_MS = 60_000;
// How fast a clock goes on that is ahead of the wall clock, since that was set back.
const SPEED_AHEAD = 0.5;

/** Now, as UTC epoch milliseconds. */
export function nowUtc(): EpochMs {
  return Date.now();
}

/**
 * {@link Clock} over the machine's wall clock. It never runs back and never stands still: where the wall clock is set back it goes on at
 * half speed until the wall clock has come up with it, so that limits of time still count meanwhile. Never early: when it calls, `nowUtc()` is at or after the instant, however far
 * away it was. An instant that has passed is due at once, but never within the call. Infinity is never due.
 * Errors: NUMBER_OUT_OF_RANGE where the instant is NaN.
 */
export class SystemClock implements Clock {
  #now: EpochMs = Number.NEGATIVE_INFINITY;
  /** The process's own count of milliseconds, which nobody sets, when the clock was last read. */
  #readAt = 0;

  nowUtc(): EpochMs {
    const readAt = performance.now();
    this.#now = Math.max(nowUtc(), this.#now + (readAt - this.#readAt) * SPEED_AHEAD);
    this.#readAt = readAt;
    return Math.floor(this.#now);
  }

  async sleepUntil(ts: EpochMs, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (ts <= this.nowUtc()) return;
    await new Promise<void>((resolve, reject) => {
      const cancel = this.callAt(ts, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      function onAbort(): void {
        cancel();
        reject(signal?.reason as Error);
      }
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  callAt(ts: EpochMs, callback: () => void): () => void {
    if (Number.isNaN(ts)) {
      throw sdkError('NUMBER_OUT_OF_RANGE', 'A clock cannot wait until NaN.', {
        remedy: 'Give an instant in milliseconds.',
      });
    }
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = ts - this.nowUtc();
      timer = setTimeout(
        () => (this.nowUtc() >= ts ? callback() : wait()),
        Math.min(Math.max(left, 0), LONGEST_WAIT_MS),
      );
    };
    wait();
    return () => clearTimeout(timer);
  }
}
