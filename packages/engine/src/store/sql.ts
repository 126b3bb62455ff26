// SQL text made from table definitions, in the part of the language that SQLite and Postgres share.
import type { DatabaseValue } from './column.js';
import type { EncodedRow, Table, TableColumn } from './table.js';

/** How a database writes the n-th parameter, counted from 1. */
export type Placeholder = (position: number) => string;

/** One statement with its values. */
export interface Statement {
  readonly text: string;
  readonly values: readonly DatabaseValue[];
}

/** Most parameters in one statement: both databases take more, but longer texts gain nothing. */
const PARAMETERS = 8_000;
const ROWS = 400;

/** Rows that fit into one statement of a table. */
export function rowsPerStatement(table: Table<never>): number {
  return Math.min(ROWS, Math.floor(PARAMETERS / table.columns.length));
}

/** Stores rows that are new, and replaces what may change of rows that are not. */
export function upsertStatement(table: Table<never>, rows: readonly EncodedRow[], placeholder: Placeholder): Statement {
  const changes = table.columns
    .filter(({ mayChange }) => mayChange)
    .map(({ name }) => `"${name}" = excluded."${name}"`);
  const conflict =
    changes.length === 0 ? '' : ` ON CONFLICT (${list(keyColumns(table))}) DO UPDATE SET ${changes.join(', ')}`;
  const values = tuples(rows, placeholder);
  return {
    text: `INSERT INTO "${table.name}" (${list(table.columns)}) VALUES ${values}${conflict}`,
    values: rows.flat(),
  };
}

/** The stored rows that have the keys of the given ones. */
export function lookupStatement(table: Table<never>, rows: readonly EncodedRow[], placeholder: Placeholder): Statement {
  const columns = keyColumns(table);
  const keys = rows.map((row) => table.key.map((place) => row[place] ?? null));
  // The types of a VALUES list come from its first row; Postgres would take every parameter for a text.
  const cast = (position: number, column: number): string =>
    `CAST(${placeholder(position)} AS ${columns[column]?.column.type})`;
  return {
    // SQLite looks a list up by the index; a join with the same list it would do by scanning the table.
    text:
      `SELECT ${list(table.columns)} FROM "${table.name}" ` +
      `WHERE (${list(columns)}) IN (VALUES ${tuples(keys, placeholder, cast)})`,
    values: keys.flat(),
  };
}

function keyColumns(table: Table<never>): readonly TableColumn[] {
  return table.key.map((place) => table.columns[place] as TableColumn);
}

function list(columns: readonly TableColumn[]): string {
  return columns.map(({ name }) => `"${name}"`).join(', ');
}

function tuples(
  rows: readonly EncodedRow[],
  placeholder: Placeholder,
  first: (position: number, column: number) => string = placeholder,
): string {
  let position = 0;
  return rows
    .map((row, index) => {
      const marks = row.map((_, column) => {
        position += 1;
        return index === 0 ? first(position, column) : placeholder(position);
      });
      return `(${marks.join(', ')})`;
    })
    .join(', ');
}
