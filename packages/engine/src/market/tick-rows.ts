import type { EpochMs, TickColumns } from '@bookrunner/sdk';

/** Which rows can be taken at once: they come at `at` or later and before `before`, and their own times lie in a span, its end exclusive. */
export interface TickStretch {
  readonly at: EpochMs;
  readonly before: EpochMs;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

const NONE: TickColumns = { symbol: '', length: 0, ts: new Float64Array(0) };

/** The ticks of one instrument, block by block, and how far they have been taken. */
export class TickRows {
  readonly instrumentIndex: number;
  columns = NONE;
  /** When each row became known: when it was received, or when it happened where that was not recorded. */
  times = NONE.ts;
  /** The row that comes next. */
  row = 0;
  /** What is left of the rows before this one, and this one itself, come by themselves. The first of a block always does. */
  looked = 0;

  constructor(instrumentIndex: number) {
    this.instrumentIndex = instrumentIndex;
  }

  /** `times`: when each row became known. */
  take(columns: TickColumns, times: Float64Array): void {
    this.columns = columns;
    this.times = times;
    this.row = 0;
    this.looked = 0;
  }

  /**
   * Moves on over the rows of a stretch that say nothing of what the market is after it. What is left of it is its last row, and the rows
   * before that as far as prices are among them that later ones do not carry.
   */
  skip(stretch: TickStretch): void {
    const end = this.#endOf(stretch);
    this.looked = end;
    if (end > this.row) this.row = newestPrices(this.columns, this.row, end);
  }

  #endOf({ at, before, from, until }: TickStretch): number {
    const { times } = this;
    const { ts, length } = this.columns;
    const isOwn = times === ts;
    const end = isOwn ? Math.min(before, until) : before;
    let latest = isOwn ? Math.max(at, from) : at;
    let row = this.row;
    while (row < length) {
      const next = times[row] as number;
      if (!(next >= latest && next < end)) break;
      if (!isOwn && !((ts[row] as number) >= from && (ts[row] as number) < until)) break;
      latest = next;
      row += 1;
    }
    return row;
  }
}

/** The first row, from `from` on, of those that a market at `end` has its prices from: each side, the last trade, and a whole quote. */
function newestPrices({ bid, ask, last }: TickColumns, from: number, end: number): number {
  let first = end - 1;
  if (last !== undefined) first = Math.min(first, newest(last, last, { from, end }));
  if (bid !== undefined) first = Math.min(first, newest(bid, bid, { from, end }));
  if (ask !== undefined) first = Math.min(first, newest(ask, ask, { from, end }));
  if (bid !== undefined && ask !== undefined) first = Math.min(first, newest(bid, ask, { from, end }));
  return first;
}

/** The newest row where two columns have a sum; the last of all where none has. */
function newest(one: Float64Array, other: Float64Array, { from, end }: { from: number; end: number }): number {
  for (let row = end - 1; row >= from; row--) {
    const sum = (one[row] as number) + (other[row] as number);
    if (sum === sum) return row;
  }
  return end - 1;
}
