import type { Clock } from '../interfaces/clock.js';
import type { EpochMs } from '../model/time.js';
import { testingError } from './errors.js';

interface PendingCall {
  readonly ts: EpochMs;
  readonly sequence: number;
  readonly callback: () => void;
}

/** 2014-05-05T12:00:00Z, a Monday with every market's data at hand: where test time starts unless told otherwise. */
export const TEST_EPOCH_MS: EpochMs = 1_399_291_200_000;

/** A clock that a test moves by hand. Callbacks run inside {@link advance}, in order of time, then of registration. */
export class FakeClock implements Clock {
  #now: EpochMs;
  #sequence = 0;
  readonly #calls = new Set<PendingCall>();

  constructor(now: EpochMs = TEST_EPOCH_MS) {
    this.#now = now;
  }

  /** Calls not yet due: zero once everything has been cancelled. */
  get pendingCalls(): number {
    return this.#calls.size;
  }

  nowUtc(): EpochMs {
    return this.#now;
  }

  sleepUntil(ts: EpochMs, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = this.callAt(ts, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** As {@link Clock.callAt}; an instant that has passed is called in the next microtask, or by `advance(0)`. */
  callAt(ts: EpochMs, callback: () => void): () => void {
    this.#sequence += 1;
    const call: PendingCall = { ts, sequence: this.#sequence, callback };
    this.#calls.add(call);
    if (ts <= this.#now) queueMicrotask(() => this.#run(call));
    return () => {
      this.#calls.delete(call);
    };
  }

  /** Moves on by `ms`, stopping at every pending call on the way. Errors: TESTING_CLOCK_BACKWARDS. */
  advance(ms: number): void {
    this.moveTo(this.#now + ms);
  }

  /** Moves to an instant not before now. Errors: TESTING_CLOCK_BACKWARDS. */
  moveTo(ts: EpochMs): void {
    if (!(ts >= this.#now)) {
      throw testingError('TESTING_CLOCK_BACKWARDS', `The clock stands at ${this.#now} and cannot move to ${ts}.`);
    }
    for (let call = this.#nextDue(ts); call !== undefined; call = this.#nextDue(ts)) {
      this.#now = Math.max(this.#now, call.ts);
      this.#run(call);
    }
    this.#now = ts;
  }

  #run(call: PendingCall): void {
    if (this.#calls.delete(call)) call.callback();
  }

  #nextDue(ts: EpochMs): PendingCall | undefined {
    let next: PendingCall | undefined;
    for (const call of this.#calls) {
      if (call.ts > ts) continue;
      if (next === undefined || call.ts < next.ts || (call.ts === next.ts && call.sequence < next.sequence))
        next = call;
    }
    return next;
  }
}
