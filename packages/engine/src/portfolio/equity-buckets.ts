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

/** Places of a bucket's numbers in its row. */
export const FIRST_TS = 0;
export const TS = 1;
export const EQUITY = 2;
export const LOW = 3;
export const HIGH = 4;
export const DRAWDOWN = 5;
export const EXPOSED = 6;
/** Numbers in a row. */
export const ROW = 7;

/** Closed buckets, at most `capacity`. The width starts at 1 ms, so a short run keeps every mark. */
export class EquityBuckets {
  readonly capacity: number;
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
    do {
      this.#width *= 2;
    } while (this.#cells() > (3 * this.capacity) / 4);
    const count = this.#length;
    let length = 0;
    for (let at = 0; at < count; at += 1) length = put(this.rows, length, this.rows, at * ROW, this.#width);
    this.#length = length;
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
    for (let k = 0; k < ROW; k += 1) rows[last + ROW + k] = source[from + k]!;
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
