// Sinks that keep copies of all they were given, in order.
import type { FeedSink, FeedStatus, RejectedRow } from '../interfaces/feed.js';
import type { VenueSink, VenueStatus } from '../interfaces/venue.js';
import type { AccountState } from '../model/account.js';
import type { BarColumns, BarSpec } from '../model/bar.js';
import type { Heartbeat } from '../model/heartbeat.js';
import type { Tick, TickColumns } from '../model/tick.js';
import type { VenueReport } from '../model/venue-report.js';

/** One delivered row, from a tick, a row of tick columns or a row of bar columns. Prices not delivered are NaN. */
export interface DeliveredRow {
  readonly kind: 'tick' | 'bar';
  readonly symbol: string;
  readonly ts: number;
  /** When it was available: `recvTs` or `ts` of a tick, the end of a bar, else its start. */
  readonly availableTs: number;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const NO_PRICES = {
  bid: Number.NaN,
  ask: Number.NaN,
  last: Number.NaN,
  open: Number.NaN,
  high: Number.NaN,
  low: Number.NaN,
  close: Number.NaN,
};

/** A feed's sink that keeps everything: rows as copies, blocks as given. */
export class RecordingFeedSink implements FeedSink {
  readonly rows: DeliveredRow[] = [];
  readonly blocks: (TickColumns | BarColumns)[] = [];
  readonly statuses: FeedStatus[] = [];
  readonly heartbeats: Heartbeat[] = [];
  readonly rejections: RejectedRow[] = [];
  #calls = 0;

  /** Calls of any kind, heartbeats included. */
  get calls(): number {
    return this.#calls;
  }

  /** Rows of one symbol. */
  of(symbol: string): readonly DeliveredRow[] {
    return this.rows.filter((row) => row.symbol === symbol);
  }

  tick(tick: Tick): void {
    this.#calls += 1;
    const { symbol, ts, bid, ask, last } = tick;
    const availableTs = Number.isNaN(tick.recvTs) ? ts : tick.recvTs;
    this.rows.push({ ...NO_PRICES, kind: 'tick', symbol, ts, availableTs, bid, ask, last });
  }

  ticks(columns: TickColumns): void {
    this.#calls += 1;
    this.blocks.push(columns);
    this.rows.push(...tickRows(columns));
  }

  bars(columns: BarColumns, _spec: BarSpec): void {
    this.#calls += 1;
    this.blocks.push(columns);
    this.rows.push(...barRows(columns));
  }

  status(status: FeedStatus): void {
    this.#calls += 1;
    this.statuses.push({ ...status });
  }

  heartbeat(heartbeat: Heartbeat): void {
    this.#calls += 1;
    this.heartbeats.push({ ...heartbeat });
  }

  rejected(row: RejectedRow): void {
    this.#calls += 1;
    this.rejections.push({ ...row });
  }
}

/** The rows of a block of ticks. */
export function tickRows(columns: TickColumns): readonly DeliveredRow[] {
  return Array.from({ length: columns.length }, (_, i) => {
    const ts = columns.ts[i] ?? Number.NaN;
    return {
      ...NO_PRICES,
      kind: 'tick',
      symbol: columns.symbol,
      ts,
      availableTs: columns.recvTs?.[i] ?? ts,
      bid: columns.bid?.[i] ?? Number.NaN,
      ask: columns.ask?.[i] ?? Number.NaN,
      last: columns.last?.[i] ?? Number.NaN,
    };
  });
}

/** The rows of a block of bars. */
export function barRows(columns: BarColumns): readonly DeliveredRow[] {
  return Array.from({ length: columns.length }, (_, i) => {
    const ts = columns.ts[i] ?? Number.NaN;
    return {
      ...NO_PRICES,
      kind: 'bar',
      symbol: columns.symbol,
      ts,
      availableTs: columns.endTs?.[i] ?? ts,
      open: columns.open[i] ?? Number.NaN,
      high: columns.high[i] ?? Number.NaN,
      low: columns.low[i] ?? Number.NaN,
      close: columns.close[i] ?? Number.NaN,
    };
  });
}

/** A venue's sink that keeps everything. */
export class RecordingVenueSink implements VenueSink {
  readonly reports: VenueReport[] = [];
  readonly accounts: AccountState[] = [];
  readonly statuses: VenueStatus[] = [];
  readonly heartbeats: Heartbeat[] = [];

  /** Reports of one order. */
  of(clientOrderId: string): readonly VenueReport[] {
    return this.reports.filter((report) => report.clientOrderId === clientOrderId);
  }

  /** Kinds of one order's reports, in order. */
  kinds(clientOrderId: string): readonly VenueReport['kind'][] {
    return this.of(clientOrderId).map((report) => report.kind);
  }

  report(report: VenueReport): void {
    this.reports.push({ ...report });
  }

  account(state: AccountState): void {
    this.accounts.push({ ...state });
  }

  status(status: VenueStatus): void {
    this.statuses.push({ ...status });
  }

  heartbeat(heartbeat: Heartbeat): void {
    this.heartbeats.push({ ...heartbeat });
  }
}
