// Retained records as a table: by row for people, by column for files.
import { recorderError } from './recorder-errors.js';

/** Numbers of one column. `timestamp` is UTC epoch milliseconds; `int64` holds whole numbers up to 2^53. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'timestamp' | 'double' | 'int64' | 'int32';
  readonly values: Float64Array | Int32Array;
  /** Whether NaN means "none"; otherwise every value counts, and only a `double` may be NaN. */
  readonly optional?: boolean;
}

/** Texts that repeat: `dictionary[codes[row]]`. */
export interface TextColumn {
  readonly name: string;
  readonly type: 'text';
  readonly codes: Int32Array | Uint8Array;
  readonly dictionary: readonly string[];
}

/** Texts that differ from row to row: UTF-8 bytes one after the other, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export interface UniqueTextColumn {
  readonly name: string;
  readonly type: 'unique-text';
  readonly bytes: Uint8Array;
  /** One more than there are rows. */
  readonly offsets: Uint32Array;
}

/** One column of a table; all columns of a table have equal length. */
export type Column = NumberColumn | TextColumn | UniqueTextColumn;

/**
 * Retained rows of one kind. Rows are numbered from 0 in order of recording; those below `first` are no longer held.
 * `at` makes a new row object and raises RECORD_NOT_RETAINED outside `first … total - 1`.
 */
export interface RowTable<Row> {
  /** Rows recorded, retained or not. */
  readonly total: number;
  /** Number of the oldest row still held; equals `total` where none is. */
  readonly first: number;
  at(index: number): Row;
}

/** Rows that can be read by column as well. */
export interface RecordTable<Row> extends RowTable<Row> {
  /** The rows held, as columns. */
  columns(): readonly Column[];
}

/** The last rows of `total` recorded ones, as a table. */
export function rowsOf<Row>(rows: readonly Row[], total: number = rows.length): RowTable<Row> {
  const first = total - rows.length;
  return {
    total,
    first,
    at(index) {
      const row = rows[index - first];
      if (row === undefined) throw notRetained(index, first, total);
      return row;
    },
  };
}

/** A column of texts that differ from row to row. */
export function uniqueTextColumn(name: string, texts: readonly string[]): UniqueTextColumn {
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, row) => {
    offsets[row + 1] = offsets[row]! + Buffer.byteLength(text);
  });
  return { name, type: 'unique-text', bytes: Buffer.from(texts.join(''), 'utf8'), offsets };
}

/** RECORD_NOT_RETAINED with the range that can be read. */
export function notRetained(index: number, first: number, total: number): Error {
  const held = first < total ? `rows ${first} to ${total - 1} are held` : 'no row is held';
  return recorderError('RECORD_NOT_RETAINED', `Row ${index} is not held; ${held}.`, {
    details: { index, first, total },
  });
}

/** Rows of a column. */
export function columnLength(column: Column): number {
  if (column.type === 'text') return column.codes.length;
  return column.type === 'unique-text' ? column.offsets.length - 1 : column.values.length;
}
