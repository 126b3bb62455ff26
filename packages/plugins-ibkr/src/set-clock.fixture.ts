import type { Clock, EpochMs } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';

/** A clock that somebody sets: what was to be called in a while still is, as time passes. */
export class SetClock implements Clock {
  readonly #passing = new FakeClock();
  #setMs = 0;

  nowUtc(): EpochMs {
    return this.#passing.nowUtc() + this.#setMs;
  }

  sleepUntil(ts: EpochMs, signal?: AbortSignal): Promise<void> {
    return this.#passing.sleepUntil(ts - this.#setMs, signal);
  }

  callAt(ts: EpochMs, callback: () => void): () => void {
    return this.#passing.callAt(ts - this.#setMs, callback);
  }

  /** Time passes. */
  advance(ms: number): void {
    this.#passing.advance(ms);
  }

  /** Set by so much; negative is back. */
  set(byMs: number): void {
    this.#setMs += byMs;
  }
}
