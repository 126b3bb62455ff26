import type { Clock } from '../../interfaces/clock.js';
import type { EpochMs } from '../../model/time.js';

/** How far somebody else's clock is wrong, for how long. */
export class SkewedClock {
  readonly #clock: Clock;
  #skewMs = 0;
  #untilTs: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What to add to a true instant to get theirs; 0 while their clock is right. */
  get ms(): number {
    return this.#clock.nowUtc() < this.#untilTs ? this.#skewMs : 0;
  }

  /** Goes wrong by `skewMs` from now on, for `lastsMs`. */
  skew(skewMs: number, lastsMs: number): void {
    this.#skewMs = skewMs;
    this.#untilTs = this.#clock.nowUtc() + lastsMs;
  }

  /** Is right again. */
  correct(): void {
    this.#untilTs = Number.NEGATIVE_INFINITY;
  }
}
