import type { EpochMs, HistoryBlock } from '@bookrunner/sdk';
import { isTradingError } from '@bookrunner/sdk';
import { dataError } from '../feeds/data-errors.js';
import { availabilityOf } from '../feeds/history-blocks.js';
import { DEFAULT_BLOCK_ROWS } from '../feeds/rows/block-builder.js';
import { blockOf, CATALOG_COLUMNS, rangeCondition, selectDoubles } from './catalog-columns.js';
import type { BlockHead, CatalogColumn } from './catalog-columns.js';
import { sqlPath, sqlText } from './duckdb-session.js';
import type { DoubleRows, DuckdbSession } from './duckdb-session.js';
import { sentence } from '../sentence.js';

/** What to read of one file. */
export interface FileRead {
  readonly path: string;
  readonly kind: 'bars' | 'ticks';
  readonly head: BlockHead;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Reads rows in whatever order they are; else a row out of order is DATA_CATALOG_CORRUPT. */
  readonly anyOrder?: boolean | undefined;
}

/**
 * The rows of one of the catalog's files inside `[from, to)`, in file order, as blocks. Columns that hold nothing are absent.
 * Errors: DATA_CATALOG_CORRUPT, DATA_DUCKDB_FAILED.
 */
export async function* readFileBlocks(session: DuckdbSession, read: FileRead): AsyncGenerator<HistoryBlock> {
  const columns = await presentColumns(session, read);
  const venues = read.kind === 'ticks' ? await venuesOf(session, read.path) : [];
  const isMixed = venues.length > 1;
  const sql = queryOf(read, columns, isMixed ? venues : []);
  let previous = Number.NEGATIVE_INFINITY;
  for await (const rows of session.doubles(sql, columns.length + (isMixed ? 1 : 0), DEFAULT_BLOCK_ROWS)) {
    for (const part of isMixed ? byVenue(rows) : [{ rows, venue: 1 }]) {
      const block = blockOf({ ...read.head, venue: venues[part.venue - 1] ?? undefined }, columns, part.rows);
      if (read.anyOrder !== true) previous = checkOrder(block, previous, read.path);
      yield block;
    }
  }
}

/** Reads the columns as doubles, then, of several venues, the place of the row's in the list (0 for none). */
function queryOf(read: FileRead, columns: readonly CatalogColumn[], venues: readonly (string | null)[]): string {
  const list = venues.map((venue) => (venue === null ? 'null' : sqlText(venue))).join(', ');
  const venue = venues.length === 0 ? '' : `, coalesce(list_position([${list}], venue), 0)::double as venue`;
  const where = rangeCondition(read.kind, read);
  return `select ${selectDoubles(columns)}${venue} from read_parquet(${sqlPath(read.path)})${where}`;
}

/** Columns that hold a value somewhere in the file, by its own statistics. */
async function presentColumns(session: DuckdbSession, read: FileRead): Promise<readonly CatalogColumn[]> {
  const path = sqlPath(read.path);
  const stats = await corruptOnFailure(read.path, () =>
    session.rows(
      `select path_in_schema as name, bool_and(coalesce(stats_null_count, -1) = num_values) as is_empty from parquet_metadata(${path}) group by 1`,
    ),
  );
  const isEmpty = new Map(stats.map((row) => [String(row['name']), row['is_empty'] === true]));
  const known = isEmpty.size === 0 ? await columnNames(session, read.path) : new Set(isEmpty.keys());
  return CATALOG_COLUMNS[read.kind].filter(({ file, required }) => {
    if (required && !known.has(file)) throw corrupt(read.path, `it has no column ${file}`);
    return required || (known.has(file) && isEmpty.get(file) === false);
  });
}

async function columnNames(session: DuckdbSession, path: string): Promise<ReadonlySet<string>> {
  const rows = await session.rows(`select name from parquet_schema(${sqlPath(path)})`);
  return new Set(rows.map((row) => String(row['name'])));
}

async function venuesOf(session: DuckdbSession, path: string): Promise<readonly (string | null)[]> {
  if (!(await columnNames(session, path)).has('venue')) return [];
  const rows = await session.rows(`select distinct venue from read_parquet(${sqlPath(path)})`);
  // Those without a venue come as position 0.
  const names = rows.map((row) => (typeof row['venue'] === 'string' ? row['venue'] : null));
  return names.length === 1 ? names : [...names.filter((name) => name !== null), null];
}

/** Runs of one venue; a block has one. */
function* byVenue(rows: DoubleRows): Generator<{ readonly rows: DoubleRows; readonly venue: number }> {
  const venues = rows.columns.at(-1)!;
  let start = 0;
  for (let i = 1; i <= rows.length; i += 1) {
    if (i < rows.length && venues[i] === venues[start]) continue;
    const columns = rows.columns.map((column) => column.subarray(start, i));
    yield { rows: { length: i - start, columns }, venue: venues[start]! };
    start = i;
  }
}

function checkOrder(block: HistoryBlock, previous: EpochMs, path: string): EpochMs {
  const times = availabilityOf(block.columns);
  const isBars = block.kind === 'bars';
  let last = previous;
  for (let i = 0; i < block.columns.length; i += 1) {
    const ts = times[i]!;
    if (!(ts > last || (ts === last && !isBars))) throw corrupt(path, `its rows do not ascend by time (at ${ts})`);
    last = ts;
  }
  return last;
}

/** DATA_CATALOG_CORRUPT of a file. */
export function corrupt(path: string, what: string, cause?: unknown): Error {
  return dataError('DATA_CATALOG_CORRUPT', sentence(`${path} cannot be used: ${what}`), {
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

async function corruptOnFailure<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw corrupt(path, isTradingError(cause) ? cause.message : String(cause), cause);
  }
}
