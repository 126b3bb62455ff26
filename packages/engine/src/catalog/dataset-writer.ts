import { existsSync, rmSync, statSync } from 'node:fs';
import type { BarColumns, BarSpec, EpochMs, TickColumns } from '@bookrunner/sdk';
import { formatInstant } from '@bookrunner/sdk';
import { dataError } from '../feeds/data-errors.js';
import { availabilityOf, lowerBound } from '../feeds/history-blocks.js';
import { unitHint } from '../feeds/time/unit-hint.js';
import { arraysOf, CATALOG_COLUMNS, orderingTime, selectFileColumns } from './catalog-columns.js';
import { datasetName, monthEnd, monthOf, partitionFile, partitionsIn } from './catalog-layout.js';
import type { DatasetKey } from './catalog-layout.js';
import { sqlPath, sqlText } from './duckdb-session.js';
import type { DoubleAppender, DuckdbSession } from './duckdb-session.js';
import { fileHash, putInPlace, readManifest, writeManifest } from './manifest.js';
import type { ManifestFile } from './manifest.js';

/**
 * What happens where stored rows lie inside the time range written (its first to its last row, both inclusive): `fail` refuses;
 * `replace` takes the stored rows of that range out; `append` refuses anything before the last stored row, and keeps ticks at its
 * very time.
 */
export type OverlapRule = 'fail' | 'replace' | 'append';

/** What was written. */
export interface WriteResult {
  readonly rows: number;
  /** Times of the first and last row written; NaN where there was none. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Stored rows that were replaced. */
  readonly replaced: number;
  /** Months written, as `YYYY-MM`, with the rows of the whole file. */
  readonly partitions: readonly { readonly month: string; readonly rows: number }[];
}

/** What to write, and where. */
export interface DatasetWriterOptions {
  readonly key: DatasetKey;
  readonly folder: string;
  readonly spec?: BarSpec | undefined;
  readonly overlap: OverlapRule;
}

interface StagedFile {
  readonly month: string;
  /** Absent where the month is left without rows. */
  readonly temporary?: string;
  readonly stats?: Omit<ManifestFile, 'bytes' | 'sha256'>;
}

// The years 1 to 9999, whose months have names of seven characters.
const FIRST_TIME = -62_135_596_800_000;
const END_OF_TIME = 253_402_300_800_000;

let writers = 0;

/**
 * Writes one data set, month by month, into temporary files; {@link commit} puts them in place. Until then the catalog is as it
 * was. Memory holds at most one month, which DuckDB moves to its temporary folder beyond its limit.
 */
export class DatasetWriter {
  readonly #session: DuckdbSession;
  readonly #options: DatasetWriterOptions;
  readonly #table: string;
  readonly #staged: StagedFile[] = [];
  readonly #venues: string[] = [];
  readonly #existing: readonly string[];
  #appender: DoubleAppender | undefined;
  #month = '';
  #rows = 0;
  #replaced = 0;
  #first = Number.NaN;
  #last = Number.NaN;

  constructor(session: DuckdbSession, options: DatasetWriterOptions) {
    writers += 1;
    this.#session = session;
    this.#options = options;
    this.#table = `stage_${writers}`;
    this.#existing = partitionsIn(options.folder);
  }

  /** SQL of the time that orders rows and decides their month. */
  get #at(): string {
    return orderingTime(this.#options.key.kind);
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes a block. Errors: DATA_NOT_ASCENDING, DATA_VALUE_INVALID, DATA_OVERLAP, DATA_DUCKDB_FAILED. */
  async add(columns: BarColumns | TickColumns): Promise<void> {
    if (columns.length === 0) return;
    const times = availabilityOf(columns);
    this.#check(columns, times);
    if (Number.isNaN(this.#first)) {
      this.#first = times[0]!;
      if (this.#options.overlap === 'append') await this.#checkAppend();
    }
    let start = 0;
    while (start < columns.length) {
      const month = monthOf(times[start]!);
      if (month !== this.#month) await this.#enter(month);
      const end = lowerBound(times, columns.length, monthEnd(month));
      await this.#append(columns, start, end);
      start = end;
    }
    this.#last = times[columns.length - 1]!;
    this.#rows += columns.length;
  }

  /** Puts all months in place and records them. */
  async commit(): Promise<WriteResult> {
    if (this.#month !== '') await this.#stage(this.#last);
    const files: Record<string, ManifestFile> = { ...readManifest(this.#options.folder)?.files };
    for (const { month, temporary, stats } of this.#staged) {
      const path = partitionFile(this.#options.folder, month);
      if (temporary === undefined || stats === undefined) {
        rmSync(path, { force: true });
        delete files[month];
        continue;
      }
      const sha256 = await fileHash(temporary);
      putInPlace(temporary, path);
      files[month] = { ...stats, bytes: statSync(path).size, sha256 };
    }
    const { spec } = this.#options;
    if (this.#staged.length > 0)
      writeManifest(this.#options.folder, { version: 1, ...(spec === undefined ? {} : { spec }), files });
    const partitions = this.#staged.map(({ month, stats }) => ({ month, rows: stats?.rows ?? 0 }));
    return { rows: this.#rows, first: this.#first, last: this.#last, replaced: this.#replaced, partitions };
  }

  /** Removes what was prepared; harmless after {@link commit}. */
  async dispose(): Promise<void> {
    this.#appender?.close();
    this.#appender = undefined;
    for (const { temporary } of this.#staged) if (temporary !== undefined) rmSync(temporary, { force: true });
    await this.#session.rows(`drop table if exists ${this.#table}`);
  }

  async #append(columns: BarColumns | TickColumns, start: number, end: number): Promise<void> {
    const { kind } = this.#options.key;
    const arrays = arraysOf(columns, kind);
    this.#appender ??= await this.#session.appender(this.#table, this.#width());
    if (kind === 'bars') return this.#appender.append(arrays, start, end);
    const venue = (columns as TickColumns).venue;
    this.#appender.append(
      [...arrays, venue === undefined ? undefined : this.#venueColumn(venue, columns.length)],
      start,
      end,
    );
  }

  #venueColumn(venue: string, length: number): Float64Array {
    if (!this.#venues.includes(venue)) this.#venues.push(venue);
    return new Float64Array(length).fill(this.#venues.indexOf(venue));
  }

  #width(): number {
    const { kind } = this.#options.key;
    return CATALOG_COLUMNS[kind].length + (kind === 'ticks' ? 1 : 0);
  }

  async #enter(month: string): Promise<void> {
    if (this.#month !== '') {
      await this.#stage(monthEnd(this.#month) - 1);
      for (const between of this.#existing.filter((name) => name > this.#month && name < month))
        await this.#clear(between);
    }
    this.#month = month;
    const { kind } = this.#options.key;
    const names = [...CATALOG_COLUMNS[kind].map(({ file }) => file), ...(kind === 'ticks' ? ['venue'] : [])];
    await this.#session.rows(
      `create or replace temp table ${this.#table} (${names.map((name) => `"${name}" double`).join(', ')})`,
    );
  }

  /** A month inside the written range that gets no rows. */
  async #clear(month: string): Promise<void> {
    const path = partitionFile(this.#options.folder, month);
    const [row] = await this.#session.rows(`select count(*)::double as n from read_parquet(${sqlPath(path)})`);
    const count = Number(row?.['n'] ?? 0);
    if (count > 0 && this.#options.overlap === 'fail') throw this.#overlap(month, count);
    this.#replaced += count;
    this.#staged.push({ month });
  }

  /** Writes the month's rows, together with the stored ones outside the written range, to a temporary file. */
  async #stage(upTo: EpochMs): Promise<void> {
    this.#appender?.close();
    this.#appender = undefined;
    const path = partitionFile(this.#options.folder, this.#month);
    const temporary = `${path}.tmp-${process.pid}-${this.#table}`;
    this.#staged.push({ month: this.#month, temporary });
    const rows = existsSync(path)
      ? await this.#merged(path, upTo)
      : `select ${this.#fileColumns()} from ${this.#table}`;
    await this.#session.rows(`copy (${rows}) to ${sqlText(temporary)} (format parquet, compression zstd)`);
    const [row] = await this.#session.rows(
      `select count(*)::double as n, min(${this.#at})::double as first, max(${this.#at})::double as last from read_parquet(${sqlPath(temporary)})`,
    );
    const stats = { rows: Number(row?.['n']), first: Number(row?.['first']), last: Number(row?.['last']) };
    this.#staged[this.#staged.length - 1] = { month: this.#month, temporary, stats };
  }

  async #merged(path: string, upTo: EpochMs): Promise<string> {
    const stored = `read_parquet(${sqlPath(path)}, file_row_number = true)`;
    const { overlap, key } = this.#options;
    const isAppend = overlap === 'append';
    const inside = isAppend ? 'false' : `${this.#at} between ${this.#first} and ${upTo}`;
    const [row] = await this.#session.rows(`select count(*)::double as n from ${stored} where ${inside}`);
    const count = Number(row?.['n'] ?? 0);
    if (count > 0 && overlap === 'fail') throw this.#overlap(this.#month, count);
    this.#replaced += count;
    const names = [
      ...CATALOG_COLUMNS[key.kind].map(({ file }) => `"${file}"`),
      ...(key.kind === 'ticks' ? ['venue'] : []),
    ].join(', ');
    const before = isAppend ? 'true' : `${this.#at} < ${this.#first}`;
    const after = isAppend ? 'false' : `${this.#at} > ${upTo}`;
    return (
      `select ${names} from (select 0 as part, file_row_number as place, ${names} from ${stored} where ${before} ` +
      `union all select 1, rowid, ${this.#fileColumns()} from ${this.#table} ` +
      `union all select 2, file_row_number, ${names} from ${stored} where ${after}) order by part, place`
    );
  }

  #fileColumns(): string {
    const { kind } = this.#options.key;
    const columns = selectFileColumns(CATALOG_COLUMNS[kind]);
    if (kind === 'bars') return columns;
    const list = `[${this.#venues.map(sqlText).join(', ')}]::varchar[]`;
    return `${columns}, case when isnan(venue) then null else list_extract(${list}, venue::bigint + 1) end as venue`;
  }

  async #checkAppend(): Promise<void> {
    const month = this.#existing.at(-1);
    if (month === undefined) return;
    const path = partitionFile(this.#options.folder, month);
    const [row] = await this.#session.rows(
      `select max(${this.#at})::double as last from read_parquet(${sqlPath(path)})`,
    );
    const last = Number(row?.['last'] ?? Number.NEGATIVE_INFINITY);
    if (this.#first > last || (this.#first === last && this.#options.key.kind === 'ticks')) return;
    throw dataError(
      'DATA_OVERLAP',
      `${datasetName(this.#options.key)}: rows from ${formatInstant(this.#first)} on cannot be appended; the last stored row is of ${formatInstant(last)}.`,
    );
  }

  #overlap(month: string, count: number): Error {
    const name = datasetName(this.#options.key);
    return dataError(
      'DATA_OVERLAP',
      `${name}: ${count} rows of ${month} are already stored inside the imported time range.`,
      {
        details: { dataset: name, month, rows: count },
      },
    );
  }

  #check(columns: BarColumns | TickColumns, times: Float64Array): void {
    const { key } = this.#options;
    const arrays = arraysOf(columns, key.kind);
    for (const [i, { model, required }] of CATALOG_COLUMNS[key.kind].entries()) {
      if (arrays[i] === undefined ? required : arrays[i].length < columns.length) {
        throw dataError(
          'DATA_VALUE_INVALID',
          `${datasetName(key)}: column ${model} is absent or shorter than ${columns.length} rows.`,
        );
      }
    }
    this.#checkTimes(columns.ts, columns.length);
    this.#checkTimes(times, columns.length);
    this.#checkOrder(times, columns.length);
  }

  #checkTimes(values: Float64Array, length: number): void {
    for (let i = 0; i < length; i += 1) {
      const ts = values[i]!;
      if (Number.isSafeInteger(ts) && ts >= FIRST_TIME && ts < END_OF_TIME) continue;
      const question = unitHint(ts);
      throw dataError(
        'DATA_VALUE_INVALID',
        `${datasetName(this.#options.key)}: time ${ts} is no date in whole milliseconds${question === undefined ? '.' : `: ${question}.`}`,
      );
    }
  }

  #checkOrder(times: Float64Array, length: number): void {
    const isBars = this.#options.key.kind === 'bars';
    let previous = this.#last;
    for (let i = 0; i < length; i += 1) {
      const ts = times[i]!;
      if (ts < previous || (isBars && ts === previous)) throw this.#notAscending(ts, previous);
      previous = ts;
    }
  }

  #notAscending(ts: EpochMs, previous: EpochMs): Error {
    const name = datasetName(this.#options.key);
    return dataError(
      'DATA_NOT_ASCENDING',
      `${name}: a row of ${formatInstant(ts)} follows one of ${formatInstant(previous)}.`,
      {
        details: { dataset: name, ts, previous },
      },
    );
  }
}
