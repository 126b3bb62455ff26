// A run's result across threads: its logs are objects and stay in the worker, so rows travel.
import type { FillRow, NoticeRow } from '../../recorder/record-rows.js';
import { rowsOf, type RowTable } from '../../recorder/record-table.js';
import type { ReportInput, RunResult } from '../../report/run-result.js';

/** Most rows that travel; the run folder holds all that were retained. */
export const MOST_FILLS = 100_000;
export const MOST_NOTICES = 1_000;

/** A result as plain data. */
export interface PaperRecords {
  readonly result: Omit<RunResult, 'fills' | 'orders' | 'trades' | 'notices'>;
  /** The newest rows, oldest first, and how many were recorded. */
  readonly fills: { readonly rows: readonly FillRow[]; readonly total: number };
  readonly notices: { readonly rows: readonly NoticeRow[]; readonly total: number };
  readonly ordersTotal: number;
  readonly tradesTotal: number;
}

/** Takes from a result what travels. */
export function paperRecords(run: RunResult): PaperRecords {
  const { fills, orders, trades, notices, ...result } = run;
  return {
    result,
    fills: newest(fills, MOST_FILLS),
    notices: newest(notices, MOST_NOTICES),
    ordersTotal: orders.total,
    tradesTotal: trades.total,
  };
}

/** What `renderSummary` and the documents of the command line read. Trades are counted, and their rows are in the run folder. */
export function reportInput(records: PaperRecords): ReportInput {
  return {
    ...records.result,
    fills: rowsOf(records.fills.rows, records.fills.total),
    orders: { total: records.ordersTotal },
    trades: rowsOf([], records.tradesTotal),
    notices: rowsOf(records.notices.rows, records.notices.total),
  };
}

function newest<Row>(table: RowTable<Row>, most: number): { readonly rows: readonly Row[]; readonly total: number } {
  const first = Math.max(table.first, table.total - most);
  return { rows: Array.from({ length: table.total - first }, (_, k) => table.at(first + k)), total: table.total };
}
