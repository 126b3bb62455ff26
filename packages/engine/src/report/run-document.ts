// A run as one JSON document: what metrics.json holds and what the command line prints.
import type { FillRow, NoticeRow } from '../recorder/record-rows.js';
import type { RowTable } from '../recorder/record-table.js';
import type { RunResult } from './run-result.js';

/** A run without its orders, fills, trades, curve and configuration, which have files of their own. Instants are UTC milliseconds. */
export type RunDocument = Omit<RunResult, 'runId' | 'equity' | 'fills' | 'orders' | 'trades' | 'notices' | 'config'> & {
  /** The run id. */
  readonly run: string;
  /** Rows recorded, also of those not retained. */
  readonly fillsTotal: number;
  readonly ordersTotal: number;
  readonly tradesTotal: number;
  readonly noticesTotal: number;
  /** The newest notices, oldest first, at most 200. */
  readonly notices: readonly NoticeRow[];
};

const MOST_NOTICES = 200;

/** One fill in the document of the command line. */
export type FillDocument = Pick<FillRow, 'ts' | 'symbol' | 'side' | 'qty' | 'price' | 'fee' | 'tag' | 'orderId'>;

/** The document of a run. Figures that are not defined are null. */
export function runDocument(result: RunResult): RunDocument {
  const { runId, equity: _equity, fills, orders, trades, notices, config: _config, ...rest } = result;
  return {
    run: runId,
    ...rest,
    fillsTotal: fills.total,
    ordersTotal: orders.total,
    tradesTotal: trades.total,
    noticesTotal: notices.total,
    notices: newestNotices(notices),
  };
}

function newestNotices(notices: RowTable<NoticeRow>): readonly NoticeRow[] {
  const first = Math.max(notices.first, notices.total - MOST_NOTICES);
  return Array.from({ length: notices.total - first }, (_, k) => notices.at(first + k));
}

/** The first fills still held, at most `count`, as the command line prints them. */
export function fillDocuments(fills: RowTable<FillRow>, count: number | 'all'): readonly FillDocument[] {
  const end = count === 'all' ? fills.total : Math.min(fills.total, fills.first + count);
  const documents: FillDocument[] = [];
  for (let index = fills.first; index < end; index += 1) {
    const { ts, symbol, side, qty, price, fee, tag, orderId } = fills.at(index);
    documents.push({ ts, symbol, side, qty, price, fee, tag, orderId });
  }
  return documents;
}
