import type { EpochMs } from '@bookrunner/sdk';

/** Send times that a ring has room for, at first and at most. Powers of two, so that a place in it is a mask of a number. */
const FIRST_CAPACITY = 64;
const MOST_CAPACITY = 4_096;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Counts orders over the last second and minute of kernel time; a ring of send times, oldest overwritten beyond 4,096 a minute.
 * Time never runs back, so each window only ever moves on: an order is passed once, however often one asks. Each strategy has one, and
 * most send a few orders a minute: the ring grows only where a minute has more than it has room for.
 */
export class OrderRateCounter {
  /** That of the scope around, which counts the same orders and others. */
  readonly outer: OrderRateCounter | undefined;
  private times = new Float64Array(FIRST_CAPACITY);
  private place = FIRST_CAPACITY - 1;
  private count = 0;
  /** As many orders can be counted before one of the last minute would be overwritten. */
  private room = FIRST_CAPACITY;
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
      if (this.count >= this.room) this.#makeRoom(at);
      this.times[this.count & this.place] = at;
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
    return Array.from({ length: this.count - first }, (_, i) => this.times[(first + i) & this.place] as number);
  }

  load(times: readonly number[]): void {
    this.count = 0;
    this.room = this.times.length;
    this.newest = Number.NEGATIVE_INFINITY;
    this.secondFrom = 0;
    this.minuteFrom = 0;
    for (const at of times) this.add(at);
  }

  /** Number of the first order, from one on, that was sent after an instant. */
  #firstAfter(instant: EpochMs, from: number): number {
    const { times, place, count } = this;
    // Mostly none was: then none has to be passed one by one.
    if (this.newest <= instant) return count;
    const oldest = count - times.length;
    let first = from < oldest ? oldest : from;
    while (first < count && (times[first & place] as number) <= instant) first += 1;
    return first;
  }

  /** The ring is full. What left the minute by the next order is overwritten; where nothing did, the ring is doubled. */
  #makeRoom(at: EpochMs): void {
    const { times, place, count } = this;
    const capacity = times.length;
    const oldest = count - capacity;
    let first = oldest;
    while (first < count && (times[first & place] as number) <= at - MINUTE_MS) first += 1;
    const isWideEnough = first > oldest || capacity === MOST_CAPACITY;
    this.room = (isWideEnough && capacity < MOST_CAPACITY ? first : count) + capacity;
    if (isWideEnough) return;
    // What was overwritten is before all times, whenever those are.
    const wider = new Float64Array(2 * capacity).fill(Number.NEGATIVE_INFINITY);
    this.times = wider;
    this.place = wider.length - 1;
    for (let i = oldest; i < count; i++) wider[i & this.place] = times[i & place] as number;
  }
}
