import type { EpochMs, Tick, TickColumns } from '@bookrunner/sdk';
import type { TickEvent } from '../../kernel/event.js';

/** The tick event of one instrument of a live run, filled in for each tick. */
export class LiveTick implements TickEvent {
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

  take(tick: Tick): void {
    this.venue = tick.venue;
    this.ts = tick.ts;
    this.recvTs = tick.recvTs;
    this.bid = tick.bid;
    this.ask = tick.ask;
    this.bidSize = tick.bidSize;
    this.askSize = tick.askSize;
    this.last = tick.last;
    this.size = tick.size;
  }

  /** A row of columns; what they do not carry is not known. */
  takeRow(columns: TickColumns, row: number): void {
    const value = (column: Float64Array | undefined): number => column?.[row] ?? Number.NaN;
    this.venue = columns.venue ?? '';
    this.ts = columns.ts[row] as number;
    this.recvTs = value(columns.recvTs);
    this.bid = value(columns.bid);
    this.ask = value(columns.ask);
    this.bidSize = value(columns.bidSize);
    this.askSize = value(columns.askSize);
    this.last = value(columns.last);
    this.size = value(columns.size);
  }
}
