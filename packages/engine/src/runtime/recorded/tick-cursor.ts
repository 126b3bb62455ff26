import type { EpochMs, HistoryBlock, TickColumns } from '@bookrunner/sdk';
import type { TickEvent } from '../../kernel/event.js';
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

/** Walks blocks of ticks. */
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
  #columns: TickColumns | undefined;
  #row = 0;

  constructor(setup: CursorSetup) {
    this.source = setup.source;
    this.symbol = setup.symbol;
    this.rank = TICK_RANK + setup.order;
    this.event = new MutableTick(setup.instrumentIndex, setup.symbol);
    this.isPast = setup.isPast === true;
  }

  take(block: HistoryBlock | undefined): void {
    this.isStarved = false;
    this.at = Number.POSITIVE_INFINITY;
    if (block === undefined) return;
    if (block.kind !== 'ticks') throw new TypeError('A stream of ticks gave bars.');
    this.#columns = block.columns;
    this.#row = 0;
    this.rows += block.columns.length;
    this.event.forget();
    this.event.venue = block.columns.venue ?? '';
    this.#aim();
    if (this.from !== this.from && this.at < Number.POSITIVE_INFINITY) this.from = this.at;
  }

  run(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    const columns = this.#columns as TickColumns;
    const { ts, length } = columns;
    const { recvTs, bid, ask, bidSize, askSize, last, size } = columns;
    const event = this.event;
    let row = this.#row;
    do {
      const traded = ts[row] as number;
      const at = recvTs === undefined ? traded : (recvTs[row] as number);
      if (at > otherAt || (at === otherAt && this.rank > otherRank)) break;
      event.at = at;
      event.recvTs = at;
      event.ts = traded;
      if (bid !== undefined) event.bid = bid[row] as number;
      if (ask !== undefined) event.ask = ask[row] as number;
      if (bidSize !== undefined) event.bidSize = bidSize[row] as number;
      if (askSize !== undefined) event.askSize = askSize[row] as number;
      if (last !== undefined) event.last = last[row] as number;
      if (size !== undefined) event.size = size[row] as number;
      this.#deliver(driver, event);
      row += 1;
    } while (row < length);
    this.#row = row;
    this.#aim();
  }

  #deliver(driver: Driver, event: MutableTick): void {
    if (this.isPast) driver.past(event);
    else driver.tick(event);
  }

  #aim(): void {
    const columns = this.#columns as TickColumns;
    this.isStarved = this.#row >= columns.length;
    this.at = this.isStarved ? Number.POSITIVE_INFINITY : ((columns.recvTs ?? columns.ts)[this.#row] as number);
  }
}
