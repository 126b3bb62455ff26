import type { Clock, EpochMs } from '@bookrunner/sdk';

/** A clock whose pending calls all end with {@link stop}: a gateway that is closed keeps no process alive. */
export class StoppableClock implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowUtc(): EpochMs {
    return this.#clock.nowUtc();
  }

  sleepUntil(ts: EpochMs, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleepUntil(ts, signal);
  }

  callAt(ts: EpochMs, callback: () => void): () => void {
    if (this.#isStopped) return () => undefined;
    const cancel = this.#clock.callAt(ts, () => {
      this.#pending.delete(stop);
      callback();
    });
    const stop = (): void => {
      this.#pending.delete(stop);
      cancel();
    };
    this.#pending.add(stop);
    return stop;
  }

  /** Cancels everything that is planned, and everything to come. */
  stop(): void {
    this.#isStopped = true;
    for (const stop of [...this.#pending]) stop();
  }
}
