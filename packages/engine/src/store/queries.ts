// The questions the store answers, each over an index of tables.ts.
import { Between, In, type FindOptionsOrder, type FindOptionsWhere } from 'typeorm';
import type { BarColumns } from '@bookrunner/sdk';
import type { DatabaseSession } from './database-session.js';
import type { FillFilter, OrderFilter, StoreQueries } from './store-backend.js';
import type { DatabaseRow } from './table.js';
import { BARS, TICKS, type RowOf } from './tables.js';
import { LIVE_RUN } from './trading-rows.js';

const DEFAULT_LIMIT = 1_000;
/** Instants that no row is outside of. */
const EARLIEST = -8.64e15;
const LATEST = 8.64e15;

/** Queries over an open database. */
export function storeQueries(session: DatabaseSession): StoreQueries {
  return { ...marketQueries(session), ...tradingQueries(session) };
}

function marketQueries(session: DatabaseSession): Pick<StoreQueries, 'bars' | 'lastBar' | 'ticks'> {
  const { placeholder } = session.dialect;
  return {
    bars: async ({ symbol, timeframe, start, end }) => {
      const text =
        `SELECT * FROM "bars" WHERE "symbol" = ${placeholder(1)} AND "timeframe" = ${placeholder(2)} ` +
        `AND "ts" >= ${placeholder(3)} AND "ts" < ${placeholder(4)} ORDER BY "ts"`;
      return barColumns(symbol, await session.read(text, [symbol, timeframe, start, end]));
    },
    lastBar: async ({ symbol, timeframe }) => {
      const text =
        `SELECT * FROM "bars" WHERE "symbol" = ${placeholder(1)} AND "timeframe" = ${placeholder(2)} ` +
        'ORDER BY "ts" DESC LIMIT 1';
      const [row] = await session.read(text, [symbol, timeframe]);
      return row === undefined ? undefined : BARS.decode(row);
    },
    ticks: async ({ symbol, start, end, limit }) => {
      const text =
        `SELECT * FROM "ticks" WHERE "symbol" = ${placeholder(1)} AND "ts" >= ${placeholder(2)} ` +
        `AND "ts" < ${placeholder(3)} ORDER BY "ts", "sequence", "venue" LIMIT ${placeholder(4)}`;
      const rows = await session.read(text, [symbol, start, end, limit]);
      return rows.map((row) => TICKS.decode(row));
    },
  };
}

function tradingQueries(session: DatabaseSession): Omit<StoreQueries, 'bars' | 'lastBar' | 'ticks'> {
  return {
    fills: (filter) =>
      session.ask('fills', (fills) =>
        fills.find({
          where: fillsWhere(filter),
          order: newestFirst<RowOf<'fills'>>(['ts', 'sequence', 'executionId']),
          take: filter.limit ?? DEFAULT_LIMIT,
        }),
      ),
    orders: (filter) =>
      session.ask('orders', (orders) =>
        orders.find({
          where: ordersWhere(filter),
          order: newestFirst<RowOf<'orders'>>(['createdTs', 'clientOrderId']),
          take: filter.limit ?? DEFAULT_LIMIT,
        }),
      ),
    equity: ({ run, book, from, to }) =>
      session.ask('equity', (equity) =>
        equity.find({ where: { run, book, ts: within(from, to) }, order: { ts: 'ASC' } }),
      ),
    marks: ({ run, symbol, from, to }) =>
      session.ask('marks', (marks) =>
        marks.find({ where: { run, symbol, ts: within(from, to) }, order: { ts: 'ASC' } }),
      ),
    commands: ({ run, limit }) =>
      session.ask('commands', (commands) =>
        commands.find({ where: { run }, order: { sequence: 'DESC' } as never, take: limit }),
      ),
    positions: ({ run, book }) =>
      session.ask('positions', (positions) =>
        positions.find({
          where: book === undefined ? { run } : { run, book },
          order: { account: 'ASC', book: 'ASC', strategy: 'ASC', symbol: 'ASC' },
        }),
      ),
    offset: ({ projection }) =>
      session.ask('offsets', async (offsets) => (await offsets.findOneBy({ projection }))?.offset),
  };
}

function fillsWhere(filter: FillFilter): FindOptionsWhere<RowOf<'fills'>> {
  const { run = LIVE_RUN, from, to, limit: _, ...exact } = filter;
  return {
    run,
    ...exact,
    ...(from === undefined && to === undefined ? {} : { ts: within(from, to) }),
  };
}

function ordersWhere(filter: OrderFilter): FindOptionsWhere<RowOf<'orders'>> {
  const { run = LIVE_RUN, from, to, status, limit: _, ...exact } = filter;
  return {
    run,
    ...exact,
    ...(status === undefined ? {} : { status: In([...status]) }),
    ...(from === undefined && to === undefined ? {} : { createdTs: within(from, to) }),
  };
}

/** From inclusive, to exclusive; instants are whole milliseconds. */
function within(from = EARLIEST, to = LATEST) {
  return Between(from, to - 1);
}

function newestFirst<Row>(fields: readonly (keyof Row)[]): FindOptionsOrder<Row> {
  return Object.fromEntries(fields.map((field) => [field, 'DESC'])) as FindOptionsOrder<Row>;
}

function barColumns(symbol: string, rows: readonly DatabaseRow[]): BarColumns {
  const column = (name: string): Float64Array => {
    const values = new Float64Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) {
      const value = rows[at]![name];
      // Postgres returns bigint as text; NULL is "not known".
      values[at] = value === null ? Number.NaN : Number(value);
    }
    return values;
  };
  return {
    symbol,
    length: rows.length,
    ts: column('ts'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    endTs: column('end_ts'),
    nTicks: column('n_ticks'),
    vwap: column('vwap'),
  };
}
