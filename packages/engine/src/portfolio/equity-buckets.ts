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

/** Closed buckets, at most `capacity`. The width starts at 1 ms, so a short run keeps every mark. */
export class EquityBuckets {
  readonly capacity: number;
  /** {@link ROW} numbers a bucket. */
  private readonly rows: Float64Array;
  #length = 0;
  // A power of two, so that division by it is exact.
  #width = 1;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.rows = new Float64Array(capacity * ROW);
  }

  /** End (exclusive) of the bucket that contains the instant. */
  endOf(ts: EpochMs): EpochMs {
    return (Math.floor(ts / this.#width) + 1) * this.#width;
  }

  /** A row to be filled. */
  newRow(): Float64Array {
    return new Float64Array(ROW);
  }

  /** Takes the row of a closed bucket, later than all before; widens the buckets where there is no place left. */
  push(row: Float64Array): void {
    if (this.#length === this.capacity) this.#widen();
    this.#length = put(this.rows, this.#length, row, 0, this.#width);
  }

  /** The closed buckets, then the running one where a row is given, as copies. */
  points(running: Float64Array | undefined): EquityPoints {
    const rows = new Float64Array((this.#length + 1) * ROW);
    rows.set(this.rows.subarray(0, this.#length * ROW));
    const length = running === undefined ? this.#length : put(rows, this.#length, running, 0, this.#width);
    const column = (place: number): Float64Array => {
      const values = new Float64Array(length);
      for (let at = 0; at < length; at += 1) values[at] = rows[at * ROW + place]!;
      return values;
    };
    return {
      length,
      firstTs: column(FIRST_TS),
      ts: column(TS),
      equity: column(EQUITY),
      low: column(LOW),
      high: column(HIGH),
      drawdown: column(DRAWDOWN),
      exposed: column(EXPOSED),
    };
  }

  /** The width in milliseconds, then the rows. */
  save(): readonly number[] {
    return [this.#width, ...this.rows.subarray(0, this.#length * ROW)];
  }

  /** Takes what `save` gave; false, and nothing is taken, where it does not fit. */
  load(saved: readonly number[]): boolean {
    const width = saved[0] ?? 0;
    const length = (saved.length - 1) / ROW;
    if (!(width >= 1) || !Number.isInteger(length) || length > this.capacity) return false;
    this.#width = width;
    this.#length = length;
    this.rows.set(saved.slice(1));
    return true;
  }

  /** Doubles the width until at least a quarter of the places is free again. */
  #widen(): void {
    const apart = this.#shortestStep();
    do {
      this.#width *= 2;
      // No two rows share a bucket that is not wider than the time between them.
    } while (this.#width <= apart || this.#cells() > (3 * this.capacity) / 4);
    const count = this.#length;
    let length = 0;
    for (let at = 0; at < count; at += 1) length = put(this.rows, length, this.rows, at * ROW, this.#width);
    this.#length = length;
  }

  /** The shortest time between two rows. */
  #shortestStep(): number {
    let shortest = Number.POSITIVE_INFINITY;
    for (let at = 1; at < this.#length; at += 1) {
      const step = this.rows[at * ROW]! - this.rows[(at - 1) * ROW]!;
      if (step < shortest) shortest = step;
    }
    return shortest;
  }

  /** Buckets that the present rows would fill at the present width. */
  #cells(): number {
    let cells = 0;
    let last = Number.NaN;
    for (let at = 0; at < this.#length; at += 1) {
      const cell = Math.floor(this.rows[at * ROW]! / this.#width);
      if (cell !== last) cells += 1;
      last = cell;
    }
    return cells;
  }
}

/** Writes a row after `length` rows, or joins it with the last one where both lie in one bucket; the new length. */
function put(rows: Float64Array, length: number, source: Float64Array, from: number, width: number): number {
  const last = (length - 1) * ROW;
  const joins = length > 0 && Math.floor(rows[last]! / width) === Math.floor(source[from]! / width);
  if (!joins) {
    copy(rows, last + ROW, source, from);
    return length + 1;
  }
  rows[last + TS] = source[from + TS]!;
  rows[last + EQUITY] = source[from + EQUITY]!;
  rows[last + EXPOSED] = source[from + EXPOSED]!;
  rows[last + LOW] = Math.min(rows[last + LOW]!, source[from + LOW]!);
  rows[last + HIGH] = Math.max(rows[last + HIGH]!, source[from + HIGH]!);
  rows[last + DRAWDOWN] = Math.max(rows[last + DRAWDOWN]!, source[from + DRAWDOWN]!);
  return length;
}

/** A row, number by number: half of what a loop over them costs. */
function copy(rows: Float64Array, to: number, source: Float64Array, from: number): void {
  rows[to + FIRST_TS] = source[from + FIRST_TS]!;
  rows[to + TS] = source[from + TS]!;
  rows[to + EQUITY] = source[from + EQUITY]!;
  rows[to + LOW] = source[from + LOW]!;
  rows[to + HIGH] = source[from + HIGH]!;
  rows[to + DRAWDOWN] = source[from + DRAWDOWN]!;
  rows[to + EXPOSED] = source[from + EXPOSED]!;
}
