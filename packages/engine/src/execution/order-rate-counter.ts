import type { EpochMs } from '@bookrunner/sdk';

const CAPACITY = 4_096;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Counts orders over the last second and minute of kernel time; a ring of send times, oldest overwritten beyond 4,096 a minute.
 * Time never runs back, so each window only ever moves on: an order is passed once, however often one asks.
 */
export class OrderRateCounter {
  readonly #times = new Float64Array(CAPACITY);
  #count = 0;
  /** Numbers of the oldest orders that lie in the windows. */
  #secondFrom = 0;
  #minuteFrom = 0;

  add(at: EpochMs): void {
    this.#times[this.#count % CAPACITY] = at;
    this.#count += 1;
    const oldest = this.#count - CAPACITY;
    if (this.#minuteFrom < oldest) this.#minuteFrom = oldest;
    if (this.#secondFrom < oldest) this.#secondFrom = oldest;
  }

  /** Orders sent during the second before an instant. */
  lastSecond(now: EpochMs): number {
    while (this.#secondFrom < this.#count && (this.#times[this.#secondFrom % CAPACITY] as number) <= now - SECOND_MS)
      this.#secondFrom += 1;
    return this.#count - this.#secondFrom;
  }

  /** Orders sent during the minute before an instant. */
  lastMinute(now: EpochMs): number {
    while (this.#minuteFrom < this.#count && (this.#times[this.#minuteFrom % CAPACITY] as number) <= now - MINUTE_MS)
      this.#minuteFrom += 1;
    return this.#count - this.#minuteFrom;
  }

  /** The send times that still count or may, oldest first. */
  save(): readonly number[] {
    const held = this.#count - this.#minuteFrom;
    return Array.from({ length: held }, (_, i) => this.#times[(this.#minuteFrom + i) % CAPACITY] as number);
  }

  load(times: readonly number[]): void {
    this.#count = 0;
    this.#secondFrom = 0;
    this.#minuteFrom = 0;
    for (const at of times) this.add(at);
  }
}
