import type { BarColumns, EpochMs, HistoryBlock } from '@bookrunner/sdk';
import { BAR_STRIDE, CLOSE, END, HIGH, LOW, OPEN, START, TICKS, VOLUME, VWAP } from './bar-table.js';
import type { Driver } from '../driver.js';
import { MutableBar } from './mutable-bar.js';
import { type BlockSource, type CursorSetup, OPEN_RANK, type StreamCursor } from './stream-cursor.js';

/** Behind all others, so that nothing is run at the end of time; a small integer like the rest. */
const NO_RANK = 1e9;

/** Walks blocks of bars: each gives its open, its range and, once available, itself. */
export class BarCursor implements StreamCursor {
  at: EpochMs = Number.POSITIVE_INFINITY;
  rank: number;
  isStarved = true;
  readonly source: BlockSource;
  readonly symbol: string;
  from: EpochMs = Number.NaN;
  rows = 0;
  readonly #setup: CursorSetup;
  readonly #event: MutableBar;
  readonly #openRank: number;
  readonly #closeRank: number;
  /** Bars whose range is over but which are not available yet; empty without a close delay. */
  readonly #delayed: MutableBar[] = [];
  #columns: BarColumns | undefined;
  #row = 0;
  /** Whether the row's open was delivered, so that its range comes next. */
  #isOpen = false;

  constructor(setup: CursorSetup) {
    this.#setup = setup;
    this.source = setup.source;
    this.symbol = setup.symbol;
    this.#openRank = OPEN_RANK + setup.order;
    this.#closeRank = setup.order;
    this.rank = this.#openRank;
    this.#event = new MutableBar(setup.streamIndex, setup.symbol);
  }

  take(block: HistoryBlock | undefined): void {
    this.#row = 0;
    if (block === undefined) this.#columns = undefined;
    else if (block.kind === 'bars') this.#columns = block.columns;
    else throw new TypeError(`The stream of ${this.symbol} bars gave ticks.`);
    this.isStarved = false;
    this.rows += this.#columns?.length ?? 0;
    // What a block does not carry is not known there.
    this.#event.nTicks = Number.NaN;
    this.#event.vwap = Number.NaN;
    this.#aim();
    if (this.from !== this.from && this.at < Number.POSITIVE_INFINITY) this.from = this.at;
  }

  run(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    if (this.#setup.closeDelayMs === 0) this.#runBars(driver, otherAt, otherRank);
    else this.#runSteps(driver, otherAt, otherRank);
  }

  /** Without a close delay each bar is its open and then, at once, its range and itself: one tight loop over the columns. */
  #runBars(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    const columns = this.#columns as BarColumns;
    const { ts, open, high, low, close, volume, endTs, nTicks, vwap, length } = columns;
    const { barMs, tradeFrom, instrumentIndex } = this.#setup;
    const event = this.#event;
    let row = this.#row;
    let isOpen = this.#isOpen;
    while (row < length) {
      if (!isOpen) {
        const start = ts[row] as number;
        if (start > otherAt || (start === otherAt && this.#openRank > otherRank)) break;
        event.ts = start;
        event.endTs = endTs === undefined ? start + barMs : (endTs[row] as number);
        event.open = open[row] as number;
        event.isWarmup = start < tradeFrom;
      }
      const end = event.endTs;
      const isCut = end > otherAt || (end === otherAt && this.#closeRank > otherRank);
      if (isCut) {
        if (!isOpen && !event.isWarmup) driver.barOpen(instrumentIndex, event);
        isOpen = true;
        break;
      }
      event.high = high[row] as number;
      event.low = low[row] as number;
      event.close = close[row] as number;
      event.volume = volume[row] as number;
      if (nTicks !== undefined) event.nTicks = nTicks[row] as number;
      if (vwap !== undefined) event.vwap = vwap[row] as number;
      event.at = end;
      // Opens and ticks of the instant come after its timer; other closes come before.
      event.isLast = otherAt > end || otherRank >= OPEN_RANK;
      row += 1;
      if (isOpen || event.isWarmup) driver.barClose(instrumentIndex, event);
      else driver.wholeBar(instrumentIndex, event);
      isOpen = false;
    }
    this.#row = row;
    this.#isOpen = isOpen;
    this.#aim();
  }

  /** Whether the bars of the stream are known when they end, so that it can be one of a {@link BarGroup}. */
  get isPrompt(): boolean {
    return this.#setup.closeDelayMs === 0;
  }

  /** What the cursor was made for. */
  get setup(): CursorSetup {
    return this.#setup;
  }

  /**
   * Copies at most `most` of the block's next rows to a table, from `at` on, and passes them: a {@link BarGroup} delivers them itself.
   * How many there were; after none the stream is starved or over.
   */
  readAhead(table: Float64Array, at: number, most: number): number {
    const columns = this.#columns;
    const from = this.#row;
    const to = Math.min(from + most, columns?.length ?? 0);
    if (columns === undefined || from >= to) {
      this.#aim();
      return 0;
    }
    const { ts, open, high, low, close, volume, endTs, nTicks, vwap } = columns;
    for (let row = from, place = at; row < to; row++, place += BAR_STRIDE) {
      const start = ts[row] as number;
      table[place + START] = start;
      table[place + OPEN] = open[row] as number;
      table[place + HIGH] = high[row] as number;
      table[place + LOW] = low[row] as number;
      table[place + CLOSE] = close[row] as number;
      table[place + VOLUME] = volume[row] as number;
      table[place + END] = endTs === undefined ? start + this.#setup.barMs : (endTs[row] as number);
      table[place + TICKS] = nTicks === undefined ? Number.NaN : (nTicks[row] as number);
      table[place + VWAP] = vwap === undefined ? Number.NaN : (vwap[row] as number);
    }
    this.#row = to;
    return to - from;
  }

  #fill(event: MutableBar, columns: BarColumns, row: number): void {
    event.high = columns.high[row] as number;
    event.low = columns.low[row] as number;
    event.close = columns.close[row] as number;
    event.volume = columns.volume[row] as number;
    if (columns.nTicks !== undefined) event.nTicks = columns.nTicks[row] as number;
    if (columns.vwap !== undefined) event.vwap = columns.vwap[row] as number;
  }

  #runSteps(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    do {
      const delayed = this.#delayed[0];
      if (delayed !== undefined && delayed.at === this.at && this.rank === this.#closeRank) {
        this.#delayed.shift();
        driver.bar(delayed);
      } else if (this.#isOpen) {
        this.#finish(driver);
      } else {
        this.#begin(driver);
      }
      this.#aim();
    } while (!this.isStarved && (this.at < otherAt || (this.at === otherAt && this.rank < otherRank)));
  }

  /** The open, at the bar's start. */
  #begin(driver: Driver): void {
    const columns = this.#columns as BarColumns;
    const row = this.#row;
    const event = this.#event;
    const ts = columns.ts[row] as number;
    const open = columns.open[row] as number;
    event.ts = ts;
    event.endTs = columns.endTs === undefined ? ts + this.#setup.barMs : (columns.endTs[row] as number);
    event.open = open;
    event.isWarmup = ts < this.#setup.tradeFrom;
    this.#isOpen = true;
    if (!event.isWarmup) driver.barOpen(this.#setup.instrumentIndex, event);
  }

  /** The range, at the bar's end; the bar itself becomes available later. */
  #finish(driver: Driver): void {
    const columns = this.#columns as BarColumns;
    const row = this.#row;
    const event = this.#event;
    const { closeDelayMs, instrumentIndex } = this.#setup;
    this.#fill(event, columns, row);
    event.at = event.endTs + closeDelayMs;
    this.#isOpen = false;
    this.#row = row + 1;
    if (!event.isWarmup) driver.barRange(instrumentIndex, event);
    this.#delayed.push(Object.assign(new MutableBar(event.streamIndex, event.symbol), event, { isLast: false }));
  }

  /**
   * Finds the next event: a bar that becomes available, else the row's open or end. At the end of a block the next one is asked
   * for even if a bar waits: its first row may come before.
   */
  #aim(): void {
    const columns = this.#columns;
    const hasRow = columns !== undefined && this.#row < columns.length;
    if (!hasRow) {
      this.at = Number.POSITIVE_INFINITY;
      this.rank = NO_RANK;
      this.isStarved = columns !== undefined;
    } else if (this.#isOpen) {
      this.at = this.#event.endTs;
      this.rank = this.#closeRank;
    } else {
      this.at = columns.ts[this.#row] as number;
      this.rank = this.#openRank;
    }
    const delayed = this.#delayed[0];
    if (delayed !== undefined && (delayed.at < this.at || (delayed.at === this.at && this.#closeRank < this.rank))) {
      this.at = delayed.at;
      this.rank = this.#closeRank;
    }
  }
}
