// The one place that talks to DuckDB. The package is large and native, so it is imported when the first query needs it.
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { isTradingError } from '@bookrunner/sdk';
import { dataError } from '../feeds/data-errors.js';
import { sentence } from '../sentence.js';

/** How much of the machine DuckDB may use. */
export interface DuckdbOptions {
  /** Folder for what does not fit into memory; DuckDB makes it when it needs it. */
  readonly tempDirectory: string;
  readonly threads?: number | undefined;
  /** As DuckDB writes it, for example `1GB`; bounds its buffers, not the columns handed out. */
  readonly memoryLimit?: string | undefined;
}

const DEFAULT_THREADS = 2;
const DEFAULT_MEMORY = '1GB';

/** Rows DuckDB hands over at once. */
export const VECTOR_ROWS = 2048;

/** A run of rows as arrays of doubles, in the order of the query's columns. */
export interface DoubleRows {
  readonly length: number;
  readonly columns: readonly Float64Array[];
}

// TypeScript hides the array behind a DOUBLE vector; reading value by value through the public way costs ten times as much.
interface DoubleVector {
  readonly items: Float64Array;
  flush(): void;
}

/** An in-memory database for reading and writing Parquet files, opened by its first use. Errors: DATA_DUCKDB_FAILED. */
export class DuckdbSession {
  readonly #options: DuckdbOptions;
  #instance: Promise<DuckDBInstance> | undefined;
  #connection: Promise<DuckDBConnection> | undefined;
  #isClosed = false;

  constructor(options: DuckdbOptions) {
    this.#options = options;
  }

  /** Runs statements and gives the rows of the last one as objects; 64-bit integers are bigint. */
  async rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    try {
      const connection = await (this.#connection ??= this.#connect());
      return (await connection.runAndReadAll(sql)).getRowObjects();
    } catch (cause) {
      throw duckdbFailed(cause);
    }
  }

  /**
   * Streams a query whose columns are all DOUBLE and never null, in blocks of `blockRows`. Every block has arrays of its own. Each
   * call has its own connection, so that several can be walked at once.
   */
  async *doubles(sql: string, width: number, blockRows: number): AsyncGenerator<DoubleRows> {
    const connection = await this.#connect();
    try {
      const result = await connection.stream(sql);
      let block = emptyBlock(width, blockRows);
      let filled = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const vectors = block.map((_, column) => (chunk.getColumnVector(column) as unknown as DoubleVector).items);
        for (let taken = 0; taken < chunk.rowCount;) {
          const count = Math.min(chunk.rowCount - taken, blockRows - filled);
          for (const [column, items] of vectors.entries())
            block[column]!.set(items.subarray(taken, taken + count), filled);
          taken += count;
          filled += count;
          if (filled < blockRows) continue;
          yield { length: filled, columns: block };
          block = emptyBlock(width, blockRows);
          filled = 0;
        }
      }
      if (filled > 0) yield { length: filled, columns: block.map((column) => column.subarray(0, filled)) };
    } catch (cause) {
      throw duckdbFailed(cause);
    } finally {
      connection.closeSync();
    }
  }

  /** An appender of doubles to a table of this session. */
  async appender(table: string, width: number): Promise<DoubleAppender> {
    const duckdb = await importDuckdb();
    const connection = await (this.#connection ??= this.#connect());
    const appender = await connection.createAppender(table);
    const types = Array.from({ length: width }, () => duckdb.DOUBLE);
    return {
      append(columns, start, end) {
        for (let from = start; from < end; from += VECTOR_ROWS) {
          const count = Math.min(VECTOR_ROWS, end - from);
          const chunk = duckdb.DuckDBDataChunk.create(types, count);
          for (const [column, values] of columns.entries()) {
            const vector = chunk.getColumnVector(column) as unknown as DoubleVector;
            if (values === undefined) vector.items.fill(Number.NaN);
            else vector.items.set(values.subarray(from, from + count));
            vector.flush();
          }
          appender.appendDataChunk(chunk);
        }
      },
      close: () => appender.closeSync(),
    };
  }

  /** Releases the database; safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const connection = await this.#connection?.catch(() => undefined);
    connection?.closeSync();
    const instance = await this.#instance?.catch(() => undefined);
    instance?.closeSync();
  }

  async #connect(): Promise<DuckDBConnection> {
    if (this.#isClosed)
      throw dataError('DATA_DUCKDB_FAILED', 'The data catalog is closed.', { remedy: 'Open it again before use.' });
    try {
      return await (await (this.#instance ??= this.#open())).connect();
    } catch (cause) {
      throw duckdbFailed(cause);
    }
  }

  async #open(): Promise<DuckDBInstance> {
    const duckdb = await importDuckdb();
    const { tempDirectory, threads = DEFAULT_THREADS, memoryLimit = DEFAULT_MEMORY } = this.#options;
    return duckdb.DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: memoryLimit,
      temp_directory: tempDirectory,
      // Nothing is ever fetched from a network, and a file replaced by a writer is read anew.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      enable_external_file_cache: 'false',
    });
  }
}

/** Takes columns of doubles; an absent column is all NaN. */
export interface DoubleAppender {
  append(columns: readonly (Float64Array | undefined)[], start: number, end: number): void;
  close(): void;
}

/** A path as a SQL text that `read_parquet` takes for this very file. */
export function sqlPath(path: string): string {
  return sqlText(path.replaceAll(/[*?[]/g, (character) => `[${character}]`));
}

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL writes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function emptyBlock(width: number, rows: number): Float64Array[] {
  return Array.from({ length: width }, () => new Float64Array(rows));
}

async function importDuckdb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw duckdbFailed(cause);
  }
}

function duckdbFailed(cause: unknown): Error {
  if (isTradingError(cause)) return cause;
  const reason = ((cause as { readonly message?: string }).message ?? String(cause)).split('\n', 1)[0];
  return dataError('DATA_DUCKDB_FAILED', sentence(`DuckDB could not do its work: ${reason}`), { cause });
}
