import type { EpochMs } from '@bookrunner/sdk';

/** When the last messages were written: answers when more may be. Never more than `size` are remembered, so limits are at most that. */
export class RateWindow {
  /** Ring; the newest stands before `#next`. */
  readonly #times: Float64Array;
  #next = 0;

  constructor(size: number) {
    this.#times = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  }

  /** First instant from `now` on at which `cost` messages more make at most `limit` in the `spanMs` that end there. */
  freeAt({ cost, limit, spanMs, now }: RateQuestion): EpochMs {
    this.#follow(now);
    const size = this.#times.length;
    const last = this.#times[(this.#next + 2 * size - 1 - (limit - cost)) % size]!;
    return Math.max(now, last + spanMs);
  }

  note(count: number, now: EpochMs): void {
    this.#follow(now);
    for (let index = 0; index < count; index += 1) {
      this.#times[this.#next] = now;
      this.#next = (this.#next + 1) % this.#times.length;
    }
  }

  /** A clock that was set back must not keep messages waiting until it has caught up. */
  #follow(now: EpochMs): void {
    const size = this.#times.length;
    const ahead = this.#times[(this.#next + size - 1) % size]! - now;
    if (!(ahead > 0)) return;
    for (let index = 0; index < size; index += 1) this.#times[index]! -= ahead;
  }
}

/** What {@link RateWindow.freeAt} is asked. `cost` is at most `limit`, and that at most the size of the window. */
export interface RateQuestion {
  readonly cost: number;
  readonly limit: number;
  readonly spanMs: number;
  readonly now: EpochMs;
}
