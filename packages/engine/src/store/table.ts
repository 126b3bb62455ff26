// A table as data: from it come the entity, the SQL text, and the rows that cross to the database and back.
import type { Column, DatabaseValue } from './column.js';
import { storeError } from './store-errors.js';

/** A row as values in column order; plain, so that it can be posted to another thread. */
export type EncodedRow = readonly DatabaseValue[];

/** A row as a driver returns it, by column name. */
export type DatabaseRow = Readonly<Record<string, DatabaseValue>>;

/** Columns by field: one for each field of the row, of the field's type. */
export type ColumnsOf<Row> = { readonly [Field in keyof Row]-?: Column<Row[Field]> };

/** An index that a query needs. */
export interface TableIndex<Row> {
  readonly name: string;
  readonly fields: readonly (keyof Row & string)[];
}

/** What {@link Table} is made from. */
export interface TableOptions<Row> {
  readonly name: string;
  readonly columns: ColumnsOf<Row>;
  /** Fields that identify a row: the primary key. */
  readonly key: readonly (keyof Row & string)[];
  /** For rows that change: the field that grows with every change, and the fields that may change with it. */
  readonly change?: { readonly revision: keyof Row & string; readonly fields: readonly (keyof Row & string)[] };
  readonly indexes?: readonly TableIndex<Row>[];
}

/** One column of a {@link Table}, by its place. */
export interface TableColumn {
  readonly field: string;
  /** The field in snake_case. */
  readonly name: string;
  readonly column: Column<unknown>;
  readonly isKey: boolean;
  readonly mayChange: boolean;
}

/** One table of the store. */
export class Table<Row extends object> {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** Places of the key's columns. */
  readonly key: readonly number[];
  /** Place of the revision; -1 where rows never change. */
  readonly revision: number;

  constructor(options: TableOptions<Row>) {
    const revision = options.change?.revision;
    const changing: readonly string[] = revision === undefined ? [] : [revision, ...(options.change?.fields ?? [])];
    this.name = options.name;
    this.indexes = options.indexes ?? [];
    this.columns = Object.entries(options.columns as unknown as Readonly<Record<string, Column<unknown>>>).map(
      ([field, column]) => ({
        field,
        name: snakeCase(field),
        column,
        isKey: (options.key as readonly string[]).includes(field),
        mayChange: changing.includes(field),
      }),
    );
    this.key = options.key.map((field) => this.place(field));
    this.revision = revision === undefined ? -1 : this.place(revision);
  }

  /** Place of a field. */
  place(field: string): number {
    return this.columns.findIndex((column) => column.field === field);
  }

  /** The row as values. Errors: STORE_VALUE_INVALID with table, field and value. */
  encode(row: Row): EncodedRow {
    const fields = row as Readonly<Record<string, unknown>>;
    return this.columns.map(({ field, column }) => {
      const value = fields[field];
      const encoded = value === undefined ? undefined : column.encode(value);
      if (encoded === undefined) throw this.#invalid(field, column.expects, value);
      return encoded;
    });
  }

  /** The row of values as a driver returned them. */
  decode(row: DatabaseRow): Row {
    const entries = this.columns.map(({ field, name, column }) => [field, column.decode(row[name] ?? null)] as const);
    return Object.fromEntries(entries) as Row;
  }

  /** Values as a driver returned them in the form that {@link encode} gives. */
  normalise(row: DatabaseRow): EncodedRow {
    return this.columns.map(({ name, column }) => {
      const value = row[name] ?? null;
      return column.type === 'text' || value === null ? value : Number(value);
    });
  }

  /** The key as one text, unambiguous. */
  keyOf(row: EncodedRow): string {
    return JSON.stringify(this.key.map((place) => row[place]));
  }

  /** The key for people: `account=sim, executionId=7`. */
  describeKey(row: EncodedRow): string {
    return this.key.map((place) => `${this.columns[place]?.field}=${row[place]}`).join(', ');
  }

  #invalid(field: string, expects: string, value: unknown): Error {
    const shown = typeof value === 'string' ? `'${value.slice(0, 80)}'` : describe(value);
    return storeError('STORE_VALUE_INVALID', `${this.name}.${field} has to be ${expects}; it is ${shown}.`, {
      details: { table: this.name, field },
    });
  }
}

/** `avgFillPrice` as `avg_fill_price`. */
export function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
