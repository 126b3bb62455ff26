import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ClosedBucket, EquityBuckets } from './equity-buckets.js';

/** First and last instant, equity at the end, lowest, highest, drawdown, exposure. */
type Row = [number, number, number, number, number, number, number];

/** Buckets by their definition: twice as wide until a quarter of the places is free, tried width by width. */
class PlainBuckets {
  width = 1;
  rows: Row[] = [];
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  push(row: Row): void {
    if (this.rows.length === this.capacity) {
      do this.width *= 2;
      while (new Set(this.rows.map(([ts]) => this.#cell(ts))).size > (3 * this.capacity) / 4);
      const { rows } = this;
      this.rows = [];
      for (const old of rows) this.#put(old);
    }
    this.#put(row);
  }

  #put(row: Row): void {
    const last = this.rows.at(-1);
    if (last === undefined || this.#cell(last[0]) !== this.#cell(row[0])) {
      this.rows.push([...row]);
      return;
    }
    const [, ts, equity, low, high, drawdown, exposed] = row;
    const [first, , , lowest, highest, deepest] = last;
    const joined: Row = [
      first,
      ts,
      equity,
      Math.min(lowest, low),
      Math.max(highest, high),
      Math.max(deepest, drawdown),
      exposed,
    ];
    this.rows[this.rows.length - 1] = joined;
  }

  #cell(ts: number): number {
    return Math.floor(ts / this.width);
  }
}

function closed([bucketFirstTs, ts, equity, low, high, bucketDrawdown, exposed]: Row): ClosedBucket {
  return { bucketFirstTs, ts, equity, low, high, bucketDrawdown, exposed };
}

const value = fc.integer({ min: -9, max: 9 });
const rowsOf = (step: fc.Arbitrary<number>): fc.Arbitrary<Row[]> =>
  fc.array(fc.tuple(step, value, value, value, value, value), { minLength: 1, maxLength: 60 }).map((rows) => {
    let ts = 0;
    return rows.map(([gap, ...values]): Row => {
      ts += gap;
      return [ts, ts, ...values];
    });
  });
/** Bars at their distance with some missing, and instants of any distance. */
const rows = fc.oneof(
  rowsOf(fc.constantFrom(60_000, 60_000, 60_000, 120_000, 86_400_000)),
  rowsOf(fc.integer({ min: 0, max: 5_000 })),
);

describe('EquityBuckets', () => {
  it('widens to the first width that leaves a quarter of the places free', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(2, 3, 8, 20), (script, capacity) => {
        const buckets = new EquityBuckets(capacity);
        const plain = new PlainBuckets(capacity);
        for (const row of script) {
          buckets.push(closed(row));
          plain.push(row);
          expect(buckets.endOf(0)).toBe(plain.width);
          const { length, firstTs, ts, equity, low, high, drawdown, exposed } = buckets.points(undefined);
          const columns = [firstTs, ts, equity, low, high, drawdown, exposed];
          expect([length, ...columns.map((column) => [...column])]).toEqual([
            plain.rows.length,
            ...columns.map((_, place) => plain.rows.map((cells) => cells[place])),
          ]);
        }
      }),
    );
  });
});
