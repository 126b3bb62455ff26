import type { RejectedRow } from '@bookrunner/sdk';
import { dataError } from '../data-errors.js';
import { faultName } from './row-fault.js';
import type { RowFault, RowFaultName } from './row-fault.js';
import { sentence } from '../../sentence.js';

/** Rows shown in detail; the rest are in the totals. */
const DETAILED_ROWS = 20;

/** What to do with a row that cannot be used: stop with DATA_BAD_ROW, or leave it out and count it. */
export type OnBadRow = 'fail' | 'skip';

/** The rows a reading left out, as plain data. */
export interface RejectionTotals {
  readonly rejected: number;
  readonly byReason: Readonly<Partial<Record<RowFaultName, number>>>;
  /** The first 20 rows left out. */
  readonly first: readonly RejectedRow[];
}

/** Counts and reports the rows of one reading that cannot be used; in `fail` mode the first one ends the reading. */
export class RejectedRows {
  readonly #onBadRow: OnBadRow;
  readonly #report: ((row: RejectedRow) => void) | undefined;
  readonly #byReason = new Map<RowFaultName, number>();
  readonly #first: RejectedRow[] = [];
  #count = 0;

  constructor(onBadRow: OnBadRow, report?: (row: RejectedRow) => void) {
    this.#onBadRow = onBadRow;
    this.#report = report;
  }

  /** Rows left out so far. */
  get count(): number {
    return this.#count;
  }

  /** Takes one bad row. Errors: DATA_BAD_ROW in `fail` mode. */
  add(fault: RowFault, row: RejectedRow): void {
    if (this.#onBadRow === 'fail') {
      throw dataError('DATA_BAD_ROW', sentence(`${row.source}:${row.line}: ${row.reason}`), {
        details: { source: row.source, line: row.line, fault: faultName(fault) },
      });
    }
    const name = faultName(fault);
    this.#count += 1;
    this.#byReason.set(name, (this.#byReason.get(name) ?? 0) + 1);
    if (this.#first.length < DETAILED_ROWS) this.#first.push(row);
    this.#report?.(row);
  }

  /** Totals so far. */
  totals(): RejectionTotals {
    return { rejected: this.#count, byReason: Object.fromEntries(this.#byReason), first: [...this.#first] };
  }
}
