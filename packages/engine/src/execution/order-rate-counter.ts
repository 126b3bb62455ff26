import type { EpochMs } from '@bookrunner/sdk';

/** A power of two, so that a place in the ring is a mask of a number. */
const CAPACITY = 4_096;
const PLACE = CAPACITY - 1;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Counts orders over the last second and minute of kernel time; a ring of send times, oldest overwritten beyond 4,096 a minute.
 * Time never runs back, so each window only ever moves on: an order is passed once, however often one asks.
 */
export class OrderRateCounter {
  /** That of the scope around, which counts the same orders and others. */
  readonly outer: OrderRateCounter | undefined;
  private readonly times = new Float64Array(CAPACITY);
  private count = 0;
  /** When the last order went out. */
  private newest = Number.NEGATIVE_INFINITY;
  /** Numbers of the oldest orders that lie in the windows. */
  private secondFrom = 0;
  private minuteFrom = 0;

  constructor(outer?: OrderRateCounter) {
    this.outer = outer;
  }

  /** Counts so many orders that go out at an instant. */
  add(at: EpochMs, orders = 1): void {
    for (let sent = 0; sent < orders; sent++) {
      this.times[this.count & PLACE] = at;
      this.count += 1;
    }
    if (orders > 0) this.newest = at;
  }

  /** Orders sent during the second before an instant. */
  lastSecond(now: EpochMs): number {
    this.secondFrom = this.#firstAfter(now - SECOND_MS, this.secondFrom);
    return this.count - this.secondFrom;
  }

  /** Orders sent during the minute before an instant. */
  lastMinute(now: EpochMs): number {
    this.minuteFrom = this.#firstAfter(now - MINUTE_MS, this.minuteFrom);
    return this.count - this.minuteFrom;
  }

  /** The send times of the minute up to the last, oldest first, whatever was asked since. */
  save(): readonly number[] {
    const first = this.#firstAfter(this.newest - MINUTE_MS, 0);
    return Array.from({ length: this.count - first }, (_, i) => this.times[(first + i) & PLACE] as number);
  }

  load(times: readonly number[]): void {
    this.count = 0;
    this.newest = Number.NEGATIVE_INFINITY;
    this.secondFrom = 0;
    this.minuteFrom = 0;
    for (const at of times) this.add(at);
  }

  /** Number of the first order, from one on, that was sent after an instant. */
  #firstAfter(instant: EpochMs, from: number): number {
    const { times, count } = this;
    // Mostly none was: then none has to be passed one by one.
    if (this.newest <= instant) return count;
    const oldest = count - CAPACITY;
    let first = from < oldest ? oldest : from;
    while (first < count && (times[first & PLACE] as number) <= instant) first += 1;
    return first;
  }
}
