import type { NoticeRow } from './record-rows.js';
import { notRetained, uniqueTextColumn, type Column, type RecordTable } from './record-table.js';
import { recorderError } from './recorder-errors.js';
import { TextDictionary } from './text-dictionary.js';

const DEFAULT_RETAIN = 10_000;

/**
 * What the operator was told, in order. Notices are few and their texts differ, so they are kept as objects; the newest
 * `retain` (10,000 unless told otherwise) stay readable and all are counted.
 */
export class NoticeLog implements RecordTable<NoticeRow> {
  private readonly retain: number;
  #rows: NoticeRow[] = [];
  #dropped = 0;

  constructor(options: { readonly retain?: 'all' | number } = {}) {
    const retain = options.retain ?? DEFAULT_RETAIN;
    if (retain !== 'all' && !(Number.isInteger(retain) && retain >= 1)) {
      throw recorderError('RECORD_OPTIONS_INVALID', `The notice log cannot be made: retain is ${retain}.`);
    }
    this.retain = retain === 'all' ? Number.POSITIVE_INFINITY : retain;
  }

  get total(): number {
    return this.#dropped + this.#rows.length;
  }

  get first(): number {
    return Math.max(this.#dropped, this.total - this.retain);
  }

  append(notice: NoticeRow): void {
    this.#rows.push(notice);
    // Dropping half at once makes the cost of a notice constant.
    if (this.#rows.length >= 2 * this.retain) {
      const surplus = this.#rows.length - this.retain;
      this.#rows = this.#rows.slice(surplus);
      this.#dropped += surplus;
    }
  }

  at(index: number): NoticeRow {
    const row = index >= this.first ? this.#rows[index - this.#dropped] : undefined;
    if (row === undefined) throw notRetained(index, this.first, this.total);
    return row;
  }

  columns(): readonly Column[] {
    const rows = this.#rows.slice(this.first - this.#dropped);
    const text = (name: string, read: (row: NoticeRow) => string): Column => {
      const dictionary = new TextDictionary();
      const codes = Int32Array.from(rows, (row) => dictionary.code(read(row)));
      return { name, type: 'text', codes, dictionary: dictionary.texts };
    };
    return [
      { name: 'ts', type: 'timestamp', values: Float64Array.from(rows, (row) => row.ts) },
      text('level', (row) => row.level),
      text('code', (row) => row.code),
      uniqueTextColumn(
        'message',
        rows.map((row) => row.message),
      ),
      text('subject', (row) => row.subject),
    ];
  }
}
