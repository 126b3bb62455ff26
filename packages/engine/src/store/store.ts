// What the rest of the engine calls: rows in, rows out, whichever thread the database is in.
import type { BarColumns, EpochMs } from '@bookrunner/sdk';
import type { StoredBar, StoredTick } from './market-rows.js';
import type {
  FillFilter,
  OrderFilter,
  ProjectionRequest,
  StoreBackend,
  TimeRange,
  WriteGroup,
  WriteMode,
  WriteResult,
} from './store-backend.js';
import type { EncodedRow, Table } from './table.js';
import { TABLES, type RowOf, type TableName } from './tables.js';
import {
  LIVE_RUN,
  type RunName,
  type StoredCommand,
  type StoredEquity,
  type StoredFill,
  type StoredMark,
  type StoredOrder,
  type StoredPosition,
} from './trading-rows.js';
import { WriteQueue, type JobOutcome, type QueueLimits } from './write-queue.js';

/** Rows made from one stretch of the journal. Orders, fills and positions are upserts, the rest are appends. */
export type ProjectionRows = {
  readonly [Name in Exclude<TableName, 'offsets'>]?: readonly RowOf<Name>[];
};

/** A stretch of the journal, projected. */
export interface Projection {
  /** Name of the projection; each has its own offset. */
  readonly projection: string;
  /** Offset of the last journal entry in it. */
  readonly offset: bigint;
  readonly rows: ProjectionRows;
}

type Job = { readonly group: WriteGroup } | { readonly projection: ProjectionRequest };

const UPSERTED: readonly TableName[] = ['orders', 'fills', 'positions'];
const EARLIEST = -8.64e15;
const LATEST = 8.64e15;
const NOTHING: WriteResult = { inserted: 0, updated: 0, repeated: 0, stale: 0 };

/**
 * Rules: 1. Rows are copied during the call. 2. A write resolves after its commit, or rejects; nothing is dropped. 3. Writes of one
 * store are committed in the order they were called. 4. The same row twice is a no-op; another row of the same key is
 * STORE_CONFLICT, and the other rows of the call are stored. 5. Queries see what is committed: `flush()` first to see your own.
 * 6. One row into a full queue is STORE_QUEUE_FULL; a list of rows waits for room, so await it before giving more.
 * Errors: STORE_VALUE_INVALID (nothing of the call is taken), STORE_CONFLICT, STORE_QUEUE_FULL, STORE_CLOSED, and the STORE_*
 * codes of the database.
 */
export class Store {
  readonly #backend: StoreBackend;
  readonly #queue: WriteQueue<Job, WriteResult>;
  readonly #sliceRows: number;
  #closing: Promise<void> | undefined;

  /** Use `openStore`. */
  constructor(backend: StoreBackend, limits: Partial<QueueLimits> = {}) {
    this.#backend = backend;
    this.#queue = new WriteQueue((jobs) => this.#commit(jobs), limits);
    this.#sliceRows = this.#queue.batchRows;
  }

  /** Rows taken and not yet committed. */
  get pendingRows(): number {
    return this.#queue.pendingRows;
  }

  appendTick(tick: StoredTick): Promise<WriteResult> {
    return this.#one('ticks', 'append', tick);
  }
  appendTicks(ticks: readonly StoredTick[]): Promise<WriteResult> {
    return this.#many('ticks', 'append', ticks);
  }
  appendBar(bar: StoredBar): Promise<WriteResult> {
    return this.#one('bars', 'append', bar);
  }
  appendBars(bars: readonly StoredBar[]): Promise<WriteResult> {
    return this.#many('bars', 'append', bars);
  }
  appendFill(fill: StoredFill): Promise<WriteResult> {
    return this.#one('fills', 'append', fill);
  }
  appendFills(fills: readonly StoredFill[]): Promise<WriteResult> {
    return this.#many('fills', 'append', fills);
  }
  /** Also takes a later revision of a stored fill: a commission, a correction, a bust. */
  upsertFill(fill: StoredFill): Promise<WriteResult> {
    return this.#one('fills', 'upsert', fill);
  }
  appendOrder(order: StoredOrder): Promise<WriteResult> {
    return this.#one('orders', 'append', order);
  }
  appendOrders(orders: readonly StoredOrder[]): Promise<WriteResult> {
    return this.#many('orders', 'append', orders);
  }
  /** Also takes a later revision of a stored order. An earlier one changes nothing and counts as stale. */
  upsertOrder(order: StoredOrder): Promise<WriteResult> {
    return this.#one('orders', 'upsert', order);
  }
  savePosition(position: StoredPosition): Promise<WriteResult> {
    return this.#one('positions', 'upsert', position);
  }
  savePositions(positions: readonly StoredPosition[]): Promise<WriteResult> {
    return this.#many('positions', 'upsert', positions);
  }
  appendMark(mark: StoredMark): Promise<WriteResult> {
    return this.#one('marks', 'append', mark);
  }
  appendMarks(marks: readonly StoredMark[]): Promise<WriteResult> {
    return this.#many('marks', 'append', marks);
  }
  appendEquity(equity: StoredEquity | readonly StoredEquity[]): Promise<WriteResult> {
    return isList(equity) ? this.#many('equity', 'append', equity) : this.#one('equity', 'append', equity);
  }
  appendCommand(command: StoredCommand): Promise<WriteResult> {
    return this.#one('commands', 'append', command);
  }

  /**
   * Stores rows made from the journal together with the offset they reach, or nothing of both. A stretch that was projected before
   * changes nothing: undefined.
   */
  async project({ projection, offset, rows }: Projection): Promise<WriteResult | undefined> {
    const groups = (Object.keys(rows) as (keyof ProjectionRows)[]).map((table) => ({
      table,
      mode: UPSERTED.includes(table) ? ('upsert' as const) : ('append' as const),
      rows: encodeAll(table, rows[table] ?? []),
    }));
    const count = groups.reduce((sum, group) => sum + group.rows.length, 1);
    const job: Job = { projection: { projection, offset, groups } };
    const result = await this.#queue.write(job, { rows: count, whenFull: 'wait', isAlone: true });
    return result === NOTHING ? undefined : result;
  }

  /** How far a projection has come; undefined before its first rows. */
  offset(projection: string): Promise<bigint | undefined> {
    return this.#backend.query('offset', { projection });
  }

  /** Bars that start in `start` (inclusive) to `end` (exclusive), ascending. */
  loadBars(symbol: string, start: EpochMs, end: EpochMs, timeframe: string): Promise<BarColumns> {
    return this.#backend.query('bars', { symbol, timeframe, start, end });
  }
  lastBar(symbol: string, timeframe: string): Promise<StoredBar | undefined> {
    return this.#backend.query('lastBar', { symbol, timeframe });
  }
  /** Ticks from `start` (inclusive) to `end` (exclusive), ascending by instant and sequence. */
  loadTicks(symbol: string, start: EpochMs, end: EpochMs, limit = 1_000_000): Promise<readonly StoredTick[]> {
    return this.#backend.query('ticks', { symbol, start, end, limit });
  }
  fills(filter: FillFilter = {}): Promise<readonly StoredFill[]> {
    return this.#backend.query('fills', filter);
  }
  orders(filter: OrderFilter = {}): Promise<readonly StoredOrder[]> {
    return this.#backend.query('orders', filter);
  }
  /** Equity of a book, ascending; the book is empty for a whole run. */
  equity(book: string, from = EARLIEST, to = LATEST, run: RunName = LIVE_RUN): Promise<readonly StoredEquity[]> {
    return this.#backend.query('equity', { run, book, from, to });
  }
  marks(symbol: string, range: TimeRange = {}, run: RunName = LIVE_RUN): Promise<readonly StoredMark[]> {
    return this.#backend.query('marks', { run, symbol, from: range.from ?? EARLIEST, to: range.to ?? LATEST });
  }
  /** The audit, newest first. */
  commands(limit = 100, run: RunName = LIVE_RUN): Promise<readonly StoredCommand[]> {
    return this.#backend.query('commands', { run, limit });
  }
  /** Positions of a book, or of all books. */
  positions(book?: string, run: RunName = LIVE_RUN): Promise<readonly StoredPosition[]> {
    return this.#backend.query('positions', book === undefined ? { run } : { run, book });
  }

  /** Resolves when everything written so far is committed or has failed. */
  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Commits what was written, then closes. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#queue.close().then(() => this.#backend.close());
    return this.#closing;
  }

  async #one<Name extends TableName>(table: Name, mode: WriteMode, row: RowOf<Name>): Promise<WriteResult> {
    const rows = encodeAll(table, [row]);
    return this.#queue.write({ group: { table, mode, rows } }, { rows: 1, whenFull: 'refuse' });
  }

  async #many<Name extends TableName>(
    table: Name,
    mode: WriteMode,
    list: readonly RowOf<Name>[],
  ): Promise<WriteResult> {
    const rows = encodeAll(table, list);
    const slices: Promise<WriteResult>[] = [];
    for (let from = 0; from < rows.length; from += this.#sliceRows) {
      const slice = rows.slice(from, from + this.#sliceRows);
      slices.push(this.#queue.write({ group: { table, mode, rows: slice } }, { rows: slice.length, whenFull: 'wait' }));
    }
    return sum(await Promise.allSettled(slices));
  }

  async #commit(jobs: readonly Job[]): Promise<readonly JobOutcome<WriteResult>[]> {
    const [first] = jobs;
    if (first !== undefined && 'projection' in first) {
      return [{ ok: true, result: (await this.#backend.project(first.projection)) ?? NOTHING }];
    }
    return this.#backend.commit(jobs.flatMap((job) => ('group' in job ? [job.group] : [])));
  }
}

function encodeAll<Name extends TableName>(name: Name, rows: readonly RowOf<Name>[]): readonly EncodedRow[] {
  const table = TABLES[name] as unknown as Table<RowOf<Name> & object>;
  return rows.map((row) => table.encode(row));
}

function sum(slices: readonly PromiseSettledResult<WriteResult>[]): WriteResult {
  const total = { ...NOTHING } as { -readonly [Field in keyof WriteResult]: number };
  for (const slice of slices) {
    if (slice.status === 'rejected') throw slice.reason;
    for (const field of Object.keys(total) as (keyof WriteResult)[]) total[field] += slice.value[field];
  }
  return total;
}

function isList<Row>(value: Row | readonly Row[]): value is readonly Row[] {
  return Array.isArray(value);
}
