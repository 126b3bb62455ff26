import type { BarColumns, EpochMs, HistoryBlock } from '@bookrunner/sdk';
import type { Driver } from '../driver.js';
import { MutableBar } from './mutable-bar.js';
import { StagedRows } from './staged-rows.js';
import { type BlockSource, type CursorSetup, OPEN_RANK, type StreamCursor } from './stream-cursor.js';

/** Behind all others, so that nothing is run at the end of time; a small integer like the rest. */
const NO_RANK = 1e9;

/** No block has more rows, and V8 keeps a number that has passed it as a machine integer: any other is a tagged one, and checked at each row. */
const MOST_ROWS = 0x3fffffff;

/** Walks blocks of bars: each gives its open, its range and, once available, itself. */
export class BarCursor implements StreamCursor {
  at: EpochMs = Number.POSITIVE_INFINITY;
  rank: number;
  isStarved = true;
  readonly source: BlockSource;
  readonly symbol: string;
  from: EpochMs = Number.NaN;
  rows = 0;
  /** What the cursor was made for. */
  readonly setup: CursorSetup;
  /** The row under way; made once, so that its stream need not be written at each row. */
  readonly event: MutableBar;
  // Numbers that begin as such are stored as such.
  private readonly openRank: number = 0;
  private readonly closeRank: number = 0;
  private readonly barMs: number = Number.NaN;
  private readonly tradeFrom: EpochMs = Number.NaN;
  /** Bars whose range is over but which are not available yet; empty without a close delay. */
  readonly #delayed: MutableBar[] = [];
  #columns: BarColumns | undefined;
  /** Where other streams come between, what comes next of the block. */
  readonly #staged = new StagedRows();
  /** The block's next row. */
  #row = 0;
  /** Whether the open of the row before was delivered, so that its range comes next. */
  #isOpen = false;

  constructor(setup: CursorSetup) {
    this.setup = setup;
    this.barMs = setup.barMs;
    this.tradeFrom = setup.tradeFrom;
    this.source = setup.source;
    this.symbol = setup.symbol;
    this.openRank = OPEN_RANK + setup.order;
    this.closeRank = setup.order;
    this.rank = this.openRank;
    this.event = new MutableBar(setup.streamIndex, setup.symbol);
    this.event.isWarmup = true;
  }

  take(block: HistoryBlock | undefined): void {
    this.#row = 0;
    this.#staged.clear();
    if (block === undefined) this.#columns = undefined;
    else if (block.kind === 'bars') this.#columns = block.columns;
    else throw new TypeError(`The stream of ${this.symbol} bars gave ticks.`);
    this.isStarved = false;
    this.rows += this.#columns?.length ?? 0;
    // What the block does not have is said once, not at each row.
    if (this.#columns?.nTicks === undefined) this.event.nTicks = Number.NaN;
    if (this.#columns?.vwap === undefined) this.event.vwap = Number.NaN;
    this.#aim();
    if (this.from !== this.from && this.at < Number.POSITIVE_INFINITY) this.from = this.at;
  }

  run(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    if (this.setup.closeDelayMs !== 0) this.#runSteps(driver, otherAt, otherRank);
    else if (otherAt === Number.POSITIVE_INFINITY && !this.#isOpen) this.#runAlone(driver);
    else this.#runBars(driver, otherAt, otherRank);
  }

  /** Without a close delay and without another stream each bar comes whole, and is the last of its instant. */
  #runAlone(driver: Driver): void {
    const length = (this.#columns as BarColumns).length & MOST_ROWS;
    const { instrumentIndex } = this.setup;
    const event = this.event;
    event.isLast = true;
    if (event.isWarmup) this.#warmUp(driver);
    for (let row = this.#row & MOST_ROWS; row < length; row++) {
      this.#read(row);
      driver.wholeBar(instrumentIndex, event);
    }
    this.#row = length;
    this.#aim();
  }

  /** Rows come in order of time: behind the warm-up there is none of it, and no row is asked any more. */
  #warmUp(driver: Driver): void {
    const { length, ts } = this.#columns as BarColumns;
    while (this.#row < length && (ts[this.#row] as number) < this.tradeFrom) {
      this.takeRow();
      driver.barClose(this.setup.instrumentIndex, this.event);
    }
    if (this.#row < length) this.event.isWarmup = false;
  }

  /** Without a close delay each bar is its open and then, at once, its range and itself, unless another stream comes between. */
  #runBars(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    const { ts, length } = this.#columns as BarColumns;
    const { instrumentIndex } = this.setup;
    const event = this.event;
    let isOpen = this.#isOpen;
    while (isOpen || this.#row < length) {
      if (!isOpen) {
        const start = ts[this.#row] as number;
        if (start > otherAt || (start === otherAt && this.openRank > otherRank)) break;
        this.takeRow();
      }
      const end = event.endTs;
      const isCut = end > otherAt || (end === otherAt && this.closeRank > otherRank);
      if (isCut) {
        if (!isOpen && !event.isWarmup) driver.barOpen(instrumentIndex, event);
        isOpen = true;
        break;
      }
      // Opens and ticks of the instant come after its timer; other closes come before.
      event.isLast = otherAt > end || otherRank >= OPEN_RANK;
      if (isOpen || event.isWarmup) driver.barClose(instrumentIndex, event);
      else driver.wholeBar(instrumentIndex, event);
      isOpen = false;
    }
    this.#isOpen = isOpen;
    this.#aim();
  }

  get lastTs(): EpochMs {
    return this.event.ts;
  }

  /** Whether the bars of the stream are known when they end, so that it can be one of a {@link BarGroup}. */
  get isPrompt(): boolean {
    return this.setup.closeDelayMs === 0;
  }

  /**
   * Makes the event that of the block's next row, and passes the row. The whole of it: until it closes the driver looks at nothing but
   * its start and its open.
   */
  takeRow(): void {
    const { event } = this;
    const row = this.#row & MOST_ROWS;
    const staged = this.#staged;
    if (row >= staged.to) staged.stage(this.#columns as BarColumns, row, this.barMs);
    staged.read(row, event);
    const { nTicks, vwap } = this.#columns as BarColumns;
    if (nTicks !== undefined) event.nTicks = nTicks[row] as number;
    if (vwap !== undefined) event.vwap = vwap[row] as number;
    if (event.isWarmup) event.isWarmup = event.ts < this.tradeFrom;
    this.#row = row + 1;
  }

  #read(row: number): void {
    const { ts, open, high, low, close, volume, endTs, nTicks, vwap } = this.#columns as BarColumns;
    const { event } = this;
    const start = ts[row] as number;
    const given = endTs === undefined ? Number.NaN : (endTs[row] as number);
    // Not known is NaN, which nothing equals.
    const end = given === given ? given : start + this.barMs;
    event.ts = start;
    event.endTs = end;
    event.at = end;
    event.open = open[row] as number;
    event.high = high[row] as number;
    event.low = low[row] as number;
    event.close = close[row] as number;
    event.volume = volume[row] as number;
    if (nTicks !== undefined) event.nTicks = nTicks[row] as number;
    if (vwap !== undefined) event.vwap = vwap[row] as number;
  }

  /** Start of the next row; infinity where a further block is needed or the stream has ended. */
  nextStart(): EpochMs {
    const columns = this.#columns;
    const row = this.#row & MOST_ROWS;
    if (row < this.#staged.to) return this.#staged.start(row);
    if (columns !== undefined && row < columns.length) return columns.ts[row] as number;
    this.#aim();
    return Number.POSITIVE_INFINITY;
  }

  #runSteps(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    do {
      const delayed = this.#delayed[0];
      if (delayed !== undefined && delayed.at === this.at && this.rank === this.closeRank) {
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
    const event = this.event;
    this.takeRow();
    this.#isOpen = true;
    if (!event.isWarmup) driver.barOpen(this.setup.instrumentIndex, event);
  }

  /** The range, at the bar's end; the bar itself becomes available later. */
  #finish(driver: Driver): void {
    const event = this.event;
    const { closeDelayMs, instrumentIndex } = this.setup;
    event.at = event.endTs + closeDelayMs;
    this.#isOpen = false;
    if (!event.isWarmup) driver.barRange(instrumentIndex, event);
    this.#delayed.push(Object.assign(new MutableBar(event.streamIndex, event.symbol), event, { isLast: false }));
  }

  /**
   * Finds the next event: a bar that becomes available, else the row's open or end. At the end of a block the next one is asked
   * for even if a bar waits: its first row may come before.
   */
  #aim(): void {
    const columns = this.#columns;
    if (this.#isOpen) {
      this.at = this.event.endTs;
      this.rank = this.closeRank;
    } else if (columns !== undefined && this.#row < columns.length) {
      this.at = columns.ts[this.#row] as number;
      this.rank = this.openRank;
    } else {
      this.at = Number.POSITIVE_INFINITY;
      this.rank = NO_RANK;
      this.isStarved = columns !== undefined;
    }
    const delayed = this.#delayed[0];
    if (delayed !== undefined && (delayed.at < this.at || (delayed.at === this.at && this.closeRank < this.rank))) {
      this.at = delayed.at;
      this.rank = this.closeRank;
    }
  }
}
