import type { Clock, EpochMs } from '@bookrunner/sdk';

/** Maps recorded time to the time of a clock: from its start on, recorded time passes `speed` times as fast. */
export class ReplayClock {
  readonly #clock: Clock;
  readonly #speed: number;
  #recorded: EpochMs = Number.NaN;
  #real: EpochMs = Number.NaN;

  constructor(clock: Clock, speed: number) {
    this.#clock = clock;
    this.#speed = speed;
  }

  get isStarted(): boolean {
    return !Number.isNaN(this.#recorded);
  }

  /** Recorded time `at` is now. */
  start(at: EpochMs): void {
    this.#recorded = at;
    this.#real = this.#clock.nowUtc();
  }

  /** Recorded time; NaN before the start. */
  now(): EpochMs {
    return this.#recorded + (this.#clock.nowUtc() - this.#real) * this.#speed;
  }

  /** When the clock will show a recorded instant. */
  realTimeOf(at: EpochMs): EpochMs {
    return this.#real + (at - this.#recorded) / this.#speed;
  }

  /** Real milliseconds by which a recorded instant that is delivered now is late; negative is early. */
  lateness(at: EpochMs): number {
    return this.#clock.nowUtc() - this.realTimeOf(at);
  }
}
