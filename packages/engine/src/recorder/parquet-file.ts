// Parquet without a database: a run folder is written in milliseconds, where loading DuckDB alone costs a third of a second.
// Source: Apache Parquet format, github.com/apache/parquet-format, README.md and parquet.thrift, seen 2026-11-23.
import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeColumn } from './parquet-pages.js';
import { columnLength, type Column } from './record-table.js';
import { recorderError } from './recorder-errors.js';
import { ThriftCompactWriter } from './thrift-compact.js';

const MAGIC = Buffer.from('PAR1');
const UNCOMPRESSED = 0;
const REQUIRED = 0;
const OPTIONAL = 1;
const FORMAT_VERSION = 2;

/** Parquet physical and converted types by our column type. */
const INT32 = 1;
const INT64 = 2;
const DOUBLE = 5;
const BYTE_ARRAY = 6;
const UTF8 = 0;
const PHYSICAL = {
  timestamp: INT64,
  int64: INT64,
  int32: INT32,
  double: DOUBLE,
  text: BYTE_ARRAY,
  'unique-text': BYTE_ARRAY,
};

/** Bounds the width of dictionary codes to 24 bits. */
const MOST_ROWS_PER_GROUP = 2 ** 24;

interface WrittenColumn {
  readonly name: string;
  readonly physical: number;
  readonly encodings: readonly number[];
  readonly values: number;
  readonly bytes: number;
  readonly dictionaryOffset: number | undefined;
  readonly dataOffset: number;
}

interface WrittenRowGroup {
  readonly columns: readonly WrittenColumn[];
  readonly bytes: number;
  readonly rows: number;
}

/** Options of {@link ParquetFile}. */
export interface ParquetFileOptions {
  /** Texts any reader can see, for example the run id. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes one Parquet file, row group after row group, so that a run of any length streams its records at flat memory.
 * Uncompressed; texts are dictionary-coded; `timestamp` columns are UTC milliseconds; NaN of an optional column is null.
 * The file can be read once `close` has returned.
 * Errors: RECORD_COLUMNS_INVALID, RECORD_FILE_FAILED.
 */
export class ParquetFile {
  private readonly path: string;
  private readonly file: number;
  readonly #metadata: Readonly<Record<string, string>>;
  #schema: readonly Column[] | undefined;
  readonly #groups: WrittenRowGroup[] = [];
  #offset = 0;
  #closed = false;

  /** Creates the file, or empties it. */
  constructor(path: string, options: ParquetFileOptions = {}) {
    this.path = path;
    this.#metadata = options.metadata ?? {};
    this.file = this.#attempt(() => openSync(path, 'w'));
    this.#write(MAGIC);
  }

  /** Appends rows. The first call decides the columns, also if it has no rows; later ones have to bring the same. */
  writeRowGroup(columns: readonly Column[]): void {
    const rows = this.#check(columns);
    this.#schema ??= columns;
    if (rows === 0) return;
    const start = this.#offset;
    const written = columns.map((column) => this.#writeColumn(column));
    this.#groups.push({ columns: written, bytes: this.#offset - start, rows });
  }

  /** Writes the footer. Allowed twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      const footer = this.#footer();
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32LE(footer.length);
      this.#write(footer);
      this.#write(length);
      this.#write(MAGIC);
    } finally {
      closeSync(this.file);
    }
  }

  #writeColumn(column: Column): WrittenColumn {
    const pages = encodeColumn(column);
    const start = this.#offset;
    for (const buffer of pages.buffers) this.#write(buffer);
    return {
      name: column.name,
      physical: PHYSICAL[column.type],
      encodings: pages.encodings,
      values: pages.values,
      bytes: pages.totalBytes,
      dictionaryOffset: pages.dictionaryBytes > 0 ? start : undefined,
      dataOffset: start + pages.dictionaryBytes,
    };
  }

  /** The rows of a group, after all that has to hold of its columns. */
  #check(columns: readonly Column[]): number {
    const invalid = (what: string): never => {
      throw recorderError('RECORD_COLUMNS_INVALID', `${this.path}: ${what}.`);
    };
    if (this.#closed) invalid('the file is closed');
    const rows = columns[0] === undefined ? invalid('there is no column') : columnLength(columns[0]);
    const names = new Set<string>();
    for (const column of columns) {
      if (columnLength(column) !== rows) {
        invalid(`column '${column.name}' has ${columnLength(column)} rows where the first column has ${rows}`);
      }
      if (names.has(column.name)) invalid(`column '${column.name}' is there twice`);
      names.add(column.name);
    }
    if (rows > MOST_ROWS_PER_GROUP) invalid(`a row group of ${rows} rows is above ${MOST_ROWS_PER_GROUP}`);
    const schema = this.#schema;
    if (schema !== undefined && describe(schema) !== describe(columns)) {
      invalid(`the columns ${describe(columns)} differ from the ones before, ${describe(schema)}`);
    }
    return rows;
  }

  #footer(): Buffer {
    const schema = this.#schema ?? [];
    const rows = this.#groups.reduce((sum, group) => sum + group.rows, 0);
    const writer = new ThriftCompactWriter();
    writer.i32(1, FORMAT_VERSION);
    writer.structs(2, [undefined, ...schema], (column) => {
      if (column === undefined) writer.text(4, 'schema').i32(5, schema.length);
      else writeSchemaElement(writer, column);
    });
    writer.i64(3, rows);
    writer.structs(4, this.#groups, (group) => writeRowGroup(writer, group));
    writer.structs(5, Object.entries(this.#metadata), ([key, value]) => writer.text(1, key).text(2, value));
    writer.text(6, 'bookrunner');
    return writer.end().bytes();
  }

  #write(bytes: Buffer): void {
    let done = 0;
    while (done < bytes.length) {
      done += this.#attempt(() => writeSync(this.file, bytes, done, bytes.length - done));
    }
    this.#offset += bytes.length;
  }

  #attempt<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (cause) {
      throw recorderError('RECORD_FILE_FAILED', `${this.path} cannot be written.`, {
        cause,
        details: { path: this.path },
      });
    }
  }
}

/** Writes a table to a file in one go; rows per row group are bounded for readers that load one at a time. */
export function writeParquet(path: string, columns: readonly Column[], options?: ParquetFileOptions): void {
  const file = new ParquetFile(path, options);
  try {
    const rows = columns[0] === undefined ? 0 : columnLength(columns[0]);
    for (let from = 0; from === 0 || from < rows; from += ROWS_PER_GROUP) {
      file.writeRowGroup(columns.map((column) => slice(column, from, from + ROWS_PER_GROUP)));
    }
  } finally {
    file.close();
  }
}

const ROWS_PER_GROUP = 122_880;

function slice(column: Column, from: number, to: number): Column {
  if (column.type === 'text') return { ...column, codes: column.codes.subarray(from, to) };
  if (column.type === 'unique-text') return { ...column, offsets: column.offsets.subarray(from, to + 1) };
  return { ...column, values: column.values.subarray(from, to) };
}

function describe(columns: readonly Column[]): string {
  return columns.map((column) => `${column.name} ${column.type}${isOptional(column) ? '?' : ''}`).join(', ');
}

function isOptional(column: Column): boolean {
  return 'optional' in column && column.optional === true;
}

function writeSchemaElement(writer: ThriftCompactWriter, column: Column): void {
  writer.i32(1, PHYSICAL[column.type]);
  writer.i32(3, isOptional(column) ? OPTIONAL : REQUIRED);
  writer.text(4, column.name);
  if (column.type === 'text' || column.type === 'unique-text') {
    writer.i32(6, UTF8);
    writer.struct(10, () => writer.struct(1, () => undefined));
  } else if (column.type === 'timestamp') {
    // Logical type TIMESTAMP, adjusted to UTC, in milliseconds.
    writer.struct(10, () =>
      writer.struct(8, () => writer.flag(1, true).struct(2, () => writer.struct(1, () => undefined))),
    );
  }
}

function writeRowGroup(writer: ThriftCompactWriter, group: WrittenRowGroup): void {
  writer.structs(1, group.columns, (column) => {
    writer.i64(2, column.dictionaryOffset ?? column.dataOffset);
    writer.struct(3, () => writeColumnMetadata(writer, column));
  });
  writer.i64(2, group.bytes);
  writer.i64(3, group.rows);
}

function writeColumnMetadata(writer: ThriftCompactWriter, column: WrittenColumn): void {
  writer.i32(1, column.physical);
  writer.i32s(2, column.encodings);
  writer.texts(3, [column.name]);
  writer.i32(4, UNCOMPRESSED);
  writer.i64(5, column.values);
  writer.i64(6, column.bytes);
  writer.i64(7, column.bytes);
  writer.i64(9, column.dataOffset);
  if (column.dictionaryOffset !== undefined) writer.i64(11, column.dictionaryOffset);
}
