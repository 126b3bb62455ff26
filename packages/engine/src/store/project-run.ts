// A finished run's records as rows of the store, under the run's id.
import type { FillRow, OrderRow } from '../recorder/record-rows.js';
import type { RecordTable } from '../recorder/record-table.js';
import type { RunResult } from '../report/run-result.js';
import type { Store } from './store.js';
import type { WriteResult } from './store-backend.js';
import { exact, exactOrNull } from './stored-rows.js';
import type { StoredEquity, StoredFill, StoredOrder } from './trading-rows.js';

/** What {@link projectRun} did. */
export interface RunProjection {
  readonly orders: WriteResult;
  readonly fills: WriteResult;
  readonly equity: WriteResult;
  /** Rows the run counted but no longer held, so that they could not be stored. */
  readonly omitted: { readonly orders: number; readonly fills: number };
}

/** The account of simulated orders: run results do not name one. */
export const RUN_ACCOUNT = 'run';

/** Rows made at once, so that memory stays flat however long the run was. */
const STEP = 2_000;

/**
 * Stores orders, fills and the equity curve of a run, all under `run = result.runId`; the curve is that of the whole run, with an
 * empty book. Orders are those retained, with the state they ended in. Twice is a no-op; another result of the same run id is
 * STORE_CONFLICT.
 */
export async function projectRun(store: Store, result: RunResult): Promise<RunProjection> {
  const { runId } = result;
  const orders = await storeTable(result.orders, {
    row: (order, at) => runOrder(runId, order, at),
    write: (rows: readonly StoredOrder[]) => store.appendOrders(rows),
  });
  const fills = await storeTable(result.fills, {
    row: (fill, at) => runFill(runId, fill, at),
    write: (rows: readonly StoredFill[]) => store.appendFills(rows),
  });
  const equity = await store.appendEquity(runEquity(result));
  return { orders, fills, equity, omitted: { orders: result.orders.first, fills: result.fills.first } };
}

interface Storing<Row, Stored> {
  readonly row: (row: Row, at: number) => Stored;
  readonly write: (rows: readonly Stored[]) => Promise<WriteResult>;
}

async function storeTable<Row, Stored>(table: RecordTable<Row>, storing: Storing<Row, Stored>): Promise<WriteResult> {
  const total = { inserted: 0, updated: 0, repeated: 0, stale: 0 };
  for (let from = table.first; from < table.total; from += STEP) {
    const rows: Stored[] = [];
    for (let at = from; at < Math.min(from + STEP, table.total); at += 1) rows.push(storing.row(table.at(at), at));
    const written = await storing.write(rows);
    for (const field of Object.keys(total) as (keyof WriteResult)[]) total[field] += written[field];
  }
  return total;
}

function runOrder(run: string, order: OrderRow, at: number): StoredOrder {
  const { orderId, qty, limitPrice, stopPrice, filledQty, avgFillPrice, endedTs, ...same } = order;
  return {
    ...same,
    run,
    account: RUN_ACCOUNT,
    clientOrderId: orderId,
    venueOrderId: '',
    qty: exact(qty),
    limitPrice: exactOrNull(limitPrice),
    stopPrice: exactOrNull(stopPrice),
    trail: null,
    expiresAt: null,
    ocoGroup: '',
    parentId: '',
    filledQty: exact(filledQty),
    avgFillPrice: exactOrNull(avgFillPrice),
    updatedTs: endedTs ?? order.createdTs,
    endedTs,
    revision: BigInt(at),
  };
}

function runFill(run: string, fill: FillRow, at: number): StoredFill {
  const { recordedSequence, barIndex: _, qty, price, referencePrice, fee, realised, ...same } = fill;
  return {
    ...same,
    run,
    account: RUN_ACCOUNT,
    // A simulated execution has no id of its own; its place among the fills of the run is one.
    executionId: String(at),
    sequence: BigInt(recordedSequence),
    qty: exact(qty),
    price: exact(price),
    referencePrice: exactOrNull(referencePrice),
    fee: exact(fee),
    realised: exactOrNull(realised),
    status: 'booked',
    revision: BigInt(at),
  };
}

function runEquity({ runId, currency, equity }: RunResult): readonly StoredEquity[] {
  const number = (column: Float64Array, at: number): number => column[at] ?? Number.NaN;
  return Array.from({ length: equity.length }, (_, at) => ({
    run: runId,
    book: '',
    ts: number(equity.ts, at),
    currency,
    equity: exact(number(equity.equity, at)),
    low: exact(number(equity.low, at)),
    high: exact(number(equity.high, at)),
    cash: null,
    exposed: exactOrNull(number(equity.exposed, at)),
    drawdown: number(equity.drawdown, at),
  }));
}
