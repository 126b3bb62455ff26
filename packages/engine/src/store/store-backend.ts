// What the store's front asks of the database, whichever thread it is in. Everything here is plain data that can be posted.
import type { BarColumns, EpochMs, OrderStatus, TradingError } from '@bookrunner/sdk';
import type { StoredBar, StoredTick } from './market-rows.js';
import type { EncodedRow } from './table.js';
import type { TableName } from './tables.js';
import type {
  RunName,
  StoredCommand,
  StoredEquity,
  StoredFill,
  StoredMark,
  StoredOrder,
  StoredPosition,
} from './trading-rows.js';

/** Where the database is. `url` is a secret: it goes to the driver and nowhere else. */
export type DatabaseTarget =
  | { readonly type: 'sqlite'; readonly file: string; readonly lockTimeoutMs: number }
  | { readonly type: 'postgres'; readonly url: string; readonly lockTimeoutMs: number };

/** `append`: a row never changes. `upsert`: a row with a higher revision replaces what may change. */
export type WriteMode = 'append' | 'upsert';

/** Rows of one call. */
export interface WriteGroup {
  readonly table: TableName;
  readonly mode: WriteMode;
  readonly rows: readonly EncodedRow[];
}

/** What became of the rows of one call; the four add up to the rows given. */
export interface WriteResult {
  readonly inserted: number;
  readonly updated: number;
  /** Already there with the same content. */
  readonly repeated: number;
  /** Older than what is stored. */
  readonly stale: number;
}

/** What became of one group of a batch. A failed group has its good rows stored all the same. */
export type GroupOutcome =
  | { readonly ok: true; readonly result: WriteResult }
  | { readonly ok: false; readonly error: TradingError };

/** Rows made from the journal up to an offset; they are stored together with it, or not at all. */
export interface ProjectionRequest {
  readonly projection: string;
  readonly offset: bigint;
  readonly groups: readonly WriteGroup[];
}

/** Instants of a query: `from` inclusive, `to` exclusive; absent is unbounded. */
export interface TimeRange {
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

/** Which fills; newest first. */
export interface FillFilter extends TimeRange {
  /** `live` unless told otherwise. */
  readonly run?: RunName;
  readonly account?: string;
  readonly book?: string;
  readonly strategy?: string;
  readonly symbol?: string;
  readonly orderId?: string;
  /** Most rows, 1,000 unless told otherwise. */
  readonly limit?: number;
}

/** Which orders, by the instant they were created; newest first. */
export interface OrderFilter extends TimeRange {
  readonly run?: RunName;
  readonly account?: string;
  readonly book?: string;
  readonly strategy?: string;
  readonly symbol?: string;
  readonly clientOrderId?: string;
  readonly status?: readonly OrderStatus[];
  readonly limit?: number;
}

/** The queries by name, each with one plain argument. */
export interface StoreQueries {
  bars(request: { symbol: string; timeframe: string; start: EpochMs; end: EpochMs }): Promise<BarColumns>;
  lastBar(request: { symbol: string; timeframe: string }): Promise<StoredBar | undefined>;
  ticks(request: { symbol: string; start: EpochMs; end: EpochMs; limit: number }): Promise<readonly StoredTick[]>;
  fills(filter: FillFilter): Promise<readonly StoredFill[]>;
  orders(filter: OrderFilter): Promise<readonly StoredOrder[]>;
  equity(request: { run: RunName; book: string; from: EpochMs; to: EpochMs }): Promise<readonly StoredEquity[]>;
  marks(request: { run: RunName; symbol: string; from: EpochMs; to: EpochMs }): Promise<readonly StoredMark[]>;
  commands(request: { run: RunName; limit: number }): Promise<readonly StoredCommand[]>;
  positions(request: { run: RunName; book?: string }): Promise<readonly StoredPosition[]>;
  offset(request: { projection: string }): Promise<bigint | undefined>;
}

/** Name of a query. */
export type QueryName = keyof StoreQueries;

/** The argument of a query. */
export type QueryArgument<Name extends QueryName> = Parameters<StoreQueries[Name]>[0];

/** The answer of a query. */
export type QueryAnswer<Name extends QueryName> = Awaited<ReturnType<StoreQueries[Name]>>;

/** A database, in this thread or another. Raises STORE_* errors only. */
export interface StoreBackend {
  /** Stores the groups in one transaction; outcomes by group. Rejects where nothing could be stored. */
  commit(groups: readonly WriteGroup[]): Promise<readonly GroupOutcome[]>;
  /** Stores all rows and the offset, or nothing. Undefined where the offset was reached before. */
  project(request: ProjectionRequest): Promise<WriteResult | undefined>;
  query<Name extends QueryName>(name: Name, argument: QueryArgument<Name>): Promise<QueryAnswer<Name>>;
  close(): Promise<void>;
}
