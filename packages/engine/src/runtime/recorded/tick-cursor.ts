import type { EpochMs, HistoryBlock } from '@bookrunner/sdk';
import { availabilityOf } from '../../feeds/history-blocks.js';
import type { TickEvent } from '../../kernel/event.js';
import { TickRows } from '../../market/tick-rows.js';
import type { Driver } from '../driver.js';
import { type BlockSource, type CursorSetup, type StreamCursor, TICK_RANK } from './stream-cursor.js';

/** The tick event of one cursor. */
class MutableTick implements TickEvent {
  readonly kind = 'tick';
  readonly instrumentIndex: number;
  readonly symbol: string;
  venue = '';
  at: EpochMs = 0;
  ts: EpochMs = 0;
  recvTs: EpochMs = 0;
  bid = Number.NaN;
  ask = Number.NaN;
  bidSize = Number.NaN;
  askSize = Number.NaN;
  last = Number.NaN;
  size = Number.NaN;
  constructor(instrumentIndex: number, symbol: string) {
    this.instrumentIndex = instrumentIndex;
    this.symbol = symbol;
  }

  /** A new block begins: what it does not carry is not known there. */
  forget(): void {
    this.bid = Number.NaN;
    this.ask = Number.NaN;
    this.bidSize = Number.NaN;
    this.askSize = Number.NaN;
    this.last = Number.NaN;
    this.size = Number.NaN;
  }
}

/** Walks blocks of ticks: stretches of which nobody has to know at once, all others one by one. */
export class TickCursor implements StreamCursor {
  at: EpochMs = Number.POSITIVE_INFINITY;
  readonly rank: number;
  isStarved = true;
  readonly source: BlockSource;
  readonly symbol: string;
  from: EpochMs = Number.NaN;
  rows = 0;
  private readonly event: MutableTick;
  private readonly isPast: boolean;
  private readonly block: TickRows;

  constructor(setup: CursorSetup) {
    this.source = setup.source;
    this.symbol = setup.symbol;
    this.rank = TICK_RANK + setup.order;
    this.event = new MutableTick(setup.instrumentIndex, setup.symbol);
    this.block = new TickRows(setup.instrumentIndex);
    this.isPast = setup.isPast === true;
  }

  take(block: HistoryBlock | undefined): void {
    this.isStarved = false;
    this.at = Number.POSITIVE_INFINITY;
    if (block === undefined) return;
    if (block.kind !== 'ticks') throw new TypeError('A stream of ticks gave bars.');
    this.block.take(block.columns, availabilityOf(block.columns));
    this.rows += block.columns.length;
    this.event.forget();
    this.event.venue = block.columns.venue ?? '';
    this.#aim();
    if (this.from !== this.from && this.at < Number.POSITIVE_INFINITY) this.from = this.at;
  }

  get lastTs(): EpochMs {
    return this.event.ts;
  }

  run(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    const { block } = this;
    const { times } = block;
    const { length } = block.columns;
    let row = block.row;
    do {
      const at = times[row] as number;
      if (at > otherAt || (at === otherAt && this.rank > otherRank)) break;
      // One row alone is quicker taken as it is.
      if (row > block.looked && row + 1 < length && (times[row + 1] as number) < otherAt && !this.isPast) {
        block.row = row;
        driver.passTicks(block, otherAt);
        row = block.row;
      }
      this.#deliver(driver, row);
      row += 1;
    } while (row < length);
    block.row = row;
    this.#aim();
  }

  #deliver(driver: Driver, row: number): void {
    const { event } = this;
    const { times, columns } = this.block;
    const { bid, ask, bidSize, askSize, last, size } = columns;
    const at = times[row] as number;
    event.at = at;
    event.recvTs = at;
    event.ts = columns.ts[row] as number;
    if (bid !== undefined) event.bid = bid[row] as number;
    if (ask !== undefined) event.ask = ask[row] as number;
    if (bidSize !== undefined) event.bidSize = bidSize[row] as number;
    if (askSize !== undefined) event.askSize = askSize[row] as number;
    if (last !== undefined) event.last = last[row] as number;
    if (size !== undefined) event.size = size[row] as number;
    if (this.isPast) driver.past(event);
    else driver.tick(event);
  }

  #aim(): void {
    const { row, times, columns } = this.block;
    this.isStarved = row >= columns.length;
    this.at = this.isStarved ? Number.POSITIVE_INFINITY : (times[row] as number);
  }
}
