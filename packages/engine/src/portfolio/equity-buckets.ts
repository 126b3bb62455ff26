// Bounded memory for a curve of any length: buckets of equal time width that doubles when they run out.
import type { EpochMs } from '@bookrunner/sdk';

/** A curve reduced to buckets, as columns of equal length, ascending in time. Buckets without a mark do not exist. */
export interface EquityPoints {
  readonly length: number;
  /** First and last mark of the bucket. */
  readonly firstTs: Float64Array;
  readonly ts: Float64Array;
  /** Equity at the last mark, and the lowest and highest in the bucket. */
  readonly equity: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Deepest fall from the running peak seen in the bucket, as a share of that peak: 0.25 is a quarter. */
  readonly drawdown: Float64Array;
  /** Gross exposure at the last mark. */
  readonly exposed: Float64Array;
}

/** A bucket whose time is over, with the names that a running curve has for its numbers; read in place. */
export interface ClosedBucket {
  readonly bucketFirstTs: EpochMs;
  readonly ts: EpochMs;
  readonly equity: number;
  readonly low: number;
  readonly high: number;
  readonly bucketDrawdown: number;
  readonly exposed: number;
}

// Places of a bucket's numbers in its row. Not exported: of what is, even its own module looks the value up at each use.
const FIRST_TS = 0;
const TS = 1;
const EQUITY = 2;
const LOW = 3;
const HIGH = 4;
const DRAWDOWN = 5;
const EXPOSED = 6;
/** Numbers in a row. */
const ROW = 7;
/** No index is larger, and V8 need not check what is added to one. */
const MOST = 0x3fffffff;

/** Closed buckets, at most `capacity`. The width starts at 1 ms, so a short run keeps every mark. */
export class EquityBuckets {
  readonly capacity: number;
  /** {@link ROW} numbers a bucket. */
  private readonly rows: Float64Array;
  private length = 0;
  // A power of two, so that division by it is exact.
  private width = 1;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.rows = new Float64Array(capacity * ROW);
  }

  /** End (exclusive) of the bucket that contains the instant. */
  endOf(ts: EpochMs): EpochMs {
    return (Math.floor(ts / this.width) + 1) * this.width;
  }

  /** Takes a closed bucket, later than all before; widens the buckets where there is no place left. */
  push(bucket: ClosedBucket): void {
    if (this.length === this.capacity) this.#widen();
    const { rows } = this;
    const at = (this.length * ROW) & MOST;
    rows[at + FIRST_TS] = bucket.bucketFirstTs;
    rows[at + TS] = bucket.ts;
    rows[at + EQUITY] = bucket.equity;
    rows[at + LOW] = bucket.low;
    rows[at + HIGH] = bucket.high;
    rows[at + DRAWDOWN] = bucket.bucketDrawdown;
    rows[at + EXPOSED] = bucket.exposed;
    this.length += 1;
    // One that was begun before the last widening may share the bucket of the row before it.
    if (at > 0 && bucket.bucketFirstTs < this.endOf(rows[at - ROW]!)) this.#merge(at - ROW);
  }

  /** The closed buckets, then the running one where it is given, as copies. */
  points(running: ClosedBucket | undefined): EquityPoints {
    const { rows, length } = running === undefined ? this : this.#with(running);
    return {
      length,
      firstTs: columnOf(rows, length, FIRST_TS),
      ts: columnOf(rows, length, TS),
      equity: columnOf(rows, length, EQUITY),
      low: columnOf(rows, length, LOW),
      high: columnOf(rows, length, HIGH),
      drawdown: columnOf(rows, length, DRAWDOWN),
      exposed: columnOf(rows, length, EXPOSED),
    };
  }

  /** A copy with one bucket more, and a place for it. */
  #with(bucket: ClosedBucket): EquityBuckets {
    const longer = new EquityBuckets(this.capacity + 1);
    longer.width = this.width;
    longer.length = this.length;
    longer.rows.set(this.rows);
    longer.push(bucket);
    return longer;
  }

  /** Doubles the width until at least a quarter of the places is free again. */
  #widen(): void {
    // The first width is far below the time between marks, and no two rows share a bucket that is not wider than that.
    const apart = this.width === 1 ? this.#shortestStep() : 0;
    do {
      do this.width *= 2;
      while (this.width <= apart);
      this.#merge(0);
    } while (this.length > (3 * this.capacity) / 4);
  }

  /** Joins the rows, from one on, that share a bucket of the present width; number by number: half of what a loop over them costs. */
  #merge(start: number): void {
    const { rows } = this;
    const end = this.length * ROW;
    let to = start - ROW;
    let bucketEnd = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let drawdown = Number.NEGATIVE_INFINITY;
    for (let from = start; from < end; from += ROW) {
      const row = from & MOST;
      const firstTs = rows[row + FIRST_TS]!;
      if (firstTs >= bucketEnd) {
        to += ROW;
        bucketEnd = this.endOf(firstTs);
        rows[to + FIRST_TS] = firstTs;
        low = Number.POSITIVE_INFINITY;
        high = Number.NEGATIVE_INFINITY;
        drawdown = Number.NEGATIVE_INFINITY;
      }
      const joined = to & MOST;
      rows[joined + TS] = rows[row + TS]!;
      rows[joined + EQUITY] = rows[row + EQUITY]!;
      if (rows[row + LOW]! < low) low = rows[row + LOW]!;
      if (rows[row + HIGH]! > high) high = rows[row + HIGH]!;
      if (rows[row + DRAWDOWN]! > drawdown) drawdown = rows[row + DRAWDOWN]!;
      rows[joined + LOW] = low;
      rows[joined + HIGH] = high;
      rows[joined + DRAWDOWN] = drawdown;
      rows[joined + EXPOSED] = rows[row + EXPOSED]!;
    }
    this.length = to / ROW + 1;
  }

  /** The shortest time between two rows. */
  #shortestStep(): number {
    const { rows } = this;
    const end = this.length * ROW;
    let shortest = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < end; at += ROW) {
      const ts = rows[at]!;
      if (ts - last < shortest) shortest = ts - last;
      last = ts;
    }
    return shortest;
  }
}

/** One number of each row. */
function columnOf(rows: Float64Array, length: number, place: number): Float64Array {
  const values = new Float64Array(length);
  for (let row = 0, at = place; row < length; row += 1, at += ROW) values[row] = rows[at]!;
  return values;
}
