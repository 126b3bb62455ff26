import type { Clock } from '@bookrunner/sdk';

/** Calls of the simulator that are to come, so that closing it cancels them all. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back once after this long, but not once the simulator is closed; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void {
    if (this.#closing.signal.aborted) return () => undefined;
    const cancel = (): void => {
      this.#pending.delete(cancel);
      stop();
    };
    const stop = this.#clock.callAt(this.#clock.nowUtc() + delayMs, () => {
      this.#pending.delete(cancel);
      callback();
    });
    this.#pending.add(cancel);
    return cancel;
  }

  /** Resolves true after this long, false if the simulator is closed meanwhile. */
  async sleep(delayMs: number): Promise<boolean> {
    const { signal } = this.#closing;
    if (signal.aborted) return false;
    return this.#clock.sleepUntil(this.#clock.nowUtc() + delayMs, signal).then(
      () => true,
      () => false,
    );
  }

  close(): void {
    this.#closing.abort();
    for (const cancel of [...this.#pending]) cancel();
  }
}
