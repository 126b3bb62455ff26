import type { BarColumns } from '@bookrunner/sdk';
import type { MutableBar } from './mutable-bar.js';

/** Rows that are copied at once; a power of two. With half as many the processor hardly begins to read ahead, with twice as many it wins no more. */
const ROWS = 64;
/** Numbers of a row: a line of the processor's cache. */
const WIDTH = 8;
// Places of a row's numbers.
const TS = 0;
const END = 1;
const OPEN = 2;
const HIGH = 3;
const LOW = 4;
const CLOSE = 5;
const VOLUME = 6;
/** No index is larger, nor any row: V8 need not check what is added to one. */
const PLACE = ROWS * WIDTH - 1;
const MOST_ROWS = 0x3fffffff;

/**
 * The next rows of a block of bars, one behind the other. Where many streams take turns, each bar else waits for memory: six columns a stream are more
 * than a processor reads ahead. A few lines of one column after the other it does read ahead.
 */
export class StagedRows {
  private readonly numbers = new Float64Array(ROWS * WIDTH);
  /** Row of the block behind the last that is at hand; 0 while none is. */
  to = 0;

  /** Forgets what is at hand: another block begins. */
  clear(): void {
    this.to = 0;
  }

  /** Copies the rows around one of the block. Bars without an end of their own last `barMs`. */
  stage(columns: BarColumns, row: number, barMs: number): void {
    const from = (row - (row % ROWS)) & MOST_ROWS;
    const to = Math.min(from + ROWS, columns.length) & MOST_ROWS;
    this.#stageFirst(columns, { from, to, barMs });
    this.#stageLast(columns, { from, to });
    if (columns.endTs !== undefined) this.#stageEnds(columns.endTs, { from, to });
    this.to = to;
  }

  // Half of the columns at a time, so that the processor's registers hold where they lie.
  #stageFirst(
    { ts, open, high }: BarColumns,
    { from, to, barMs }: { readonly from: number; readonly to: number; readonly barMs: number },
  ): void {
    const { numbers } = this;
    for (let row = from, at = 0; row < to; row++) {
      const start = ts[row] as number;
      numbers[at + TS] = start;
      numbers[at + END] = start + barMs;
      numbers[at + OPEN] = open[row] as number;
      numbers[at + HIGH] = high[row] as number;
      at = (at + WIDTH) & PLACE;
    }
  }

  #stageLast({ low, close, volume }: BarColumns, { from, to }: { readonly from: number; readonly to: number }): void {
    const { numbers } = this;
    for (let row = from, at = 0; row < to; row++) {
      numbers[at + LOW] = low[row] as number;
      numbers[at + CLOSE] = close[row] as number;
      numbers[at + VOLUME] = volume[row] as number;
      at = (at + WIDTH) & PLACE;
    }
  }

  /** Ends that a block gives; not known is NaN, which nothing equals. */
  #stageEnds(endTs: Float64Array, { from, to }: { readonly from: number; readonly to: number }): void {
    const { numbers } = this;
    for (let row = from, at = 0; row < to; row++) {
      const given = endTs[row] as number;
      if (given === given) numbers[at + END] = given;
      at = (at + WIDTH) & PLACE;
    }
  }

  /** Start of a row at hand. */
  start(row: number): number {
    return this.numbers[(row * WIDTH) & PLACE] as number;
  }

  /** Makes an event that of a row at hand. */
  read(row: number, event: MutableBar): void {
    const { numbers } = this;
    const at = (row * WIDTH) & PLACE;
    const end = numbers[at + END] as number;
    event.ts = numbers[at + TS] as number;
    event.endTs = end;
    event.at = end;
    event.open = numbers[at + OPEN] as number;
    event.high = numbers[at + HIGH] as number;
    event.low = numbers[at + LOW] as number;
    event.close = numbers[at + CLOSE] as number;
    event.volume = numbers[at + VOLUME] as number;
  }
}
