import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { EpochMs } from '@bookrunner/sdk';
import { isTradingError } from '@bookrunner/sdk';
import { Catalog } from '../../catalog/catalog.js';
import { rangeCondition } from '../../catalog/catalog-columns.js';
import { datasetFolder, datasetName, partitionFile, partitionsIn } from '../../catalog/catalog-layout.js';
import type { DatasetKey } from '../../catalog/catalog-layout.js';
import { sqlPath, sqlText } from '../../catalog/duckdb-session.js';
import { putInPlace } from '../../catalog/manifest.js';
import { dataError } from '../../feeds/data-errors.js';
import { csvLines, namesInUse } from './csv-rows.js';
import type { ExportTime } from './csv-rows.js';
import type { DataReporter } from './data-command.js';
import { sentence } from '../../sentence.js';

/** Options of `bookrunner data export`. */
export interface ExportOptions {
  /** Folder of the catalog. */
  readonly catalog: string;
  readonly symbol: string;
  readonly kind?: 'bars' | 'ticks' | undefined;
  /** Label of the bars; `1m` unless given. */
  readonly timeframe?: string | undefined;
  /** File to write; its name tells the format: `.parquet`, `.csv.gz` or `.csv`. */
  readonly file: string;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** How CSV files write times; epoch milliseconds unless given. */
  readonly time?: ExportTime | undefined;
  /** Replaces an existing file. */
  readonly force?: boolean | undefined;
}

/** What an export did. */
export interface ExportResult {
  readonly dataset: string;
  readonly file: string;
  readonly format: 'csv' | 'csv.gz' | 'parquet';
  readonly rows: number;
}

/**
 * Writes a data set, or the part of it inside `[from, to)`, to one file; the file appears when it is complete.
 * Errors: DATA_SET_MISSING, DATA_FILE_EXISTS, DATA_OPTIONS_INVALID, DATA_CATALOG_CORRUPT, DATA_DUCKDB_FAILED.
 */
export async function exportData(options: ExportOptions, reporter: DataReporter = {}): Promise<ExportResult> {
  const file = resolve(options.file);
  const format = formatOf(file);
  if (existsSync(file) && options.force !== true)
    throw dataError('DATA_FILE_EXISTS', `${file} exists.`, { details: { file } });
  const { symbol, kind = 'bars', timeframe = '1m' } = options;
  const key: DatasetKey = kind === 'ticks' ? { kind, symbol } : { kind, symbol, timeframe };
  const catalog = new Catalog({ root: resolve(options.catalog) });
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    catalog.specOf(key);
    mkdirSync(dirname(file), { recursive: true });
    const job: ExportJob = { catalog, key, options, temporary, reporter };
    const rows = format === 'parquet' ? await writeParquet(job) : await writeCsv(job, format === 'csv.gz');
    putInPlace(temporary, file);
    return { dataset: datasetName(key), file, format, rows };
  } catch (cause) {
    if (isTradingError(cause)) throw cause;
    throw dataError('DATA_FILE_UNREADABLE', sentence(`${file} cannot be written: ${(cause as Error).message}`), {
      cause,
    });
  } finally {
    rmSync(temporary, { force: true });
    await catalog.close();
  }
}

interface ExportJob {
  readonly catalog: Catalog;
  readonly key: DatasetKey;
  readonly options: ExportOptions;
  readonly temporary: string;
  readonly reporter: DataReporter;
}

async function writeCsv({ catalog, key, options, temporary, reporter }: ExportJob, isPacked: boolean): Promise<number> {
  const { from, to, time = 'epoch-ms' } = options;
  const names = namesInUse(key.kind, await columnsInUse(catalog, key));
  let rows = 0;
  async function* text(): AsyncGenerator<string> {
    yield `${names.join(',')}\n`;
    for await (const block of catalog.read(key, { from, to })) {
      yield csvLines(block, names, time);
      rows += block.columns.length;
      reporter.progress?.({ stage: 'writing', done: rows, unit: 'rows' });
    }
  }
  const source = Readable.from(text());
  const target = createWriteStream(temporary);
  if (isPacked) await pipeline(source, createGzip(), target);
  else await pipeline(source, target);
  return rows;
}

/** Optional columns that some file of the data set holds values of. */
async function columnsInUse(catalog: Catalog, key: DatasetKey): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  const folder = datasetFolder(catalog.root, key);
  for (const month of partitionsIn(folder)) {
    const path = partitionFile(folder, month);
    const [row] = await catalog.session.rows(`select count(columns(*))::double from read_parquet(${sqlPath(path)})`);
    for (const [name, count] of Object.entries(row ?? {})) if (Number(count) > 0) used.add(modelName(name));
  }
  return used;
}

function modelName(column: string): string {
  return column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

async function writeParquet({ catalog, key, options, temporary }: ExportJob): Promise<number> {
  const folder = datasetFolder(catalog.root, key);
  const files = partitionsIn(folder).map((month) => sqlPath(partitionFile(folder, month)));
  const where = rangeCondition(key.kind, options);
  await catalog.session.rows(
    `copy (select * exclude (file_row_number, filename) from ` +
      `read_parquet([${files.join(', ')}], file_row_number = true, filename = true, hive_partitioning = false)${where} order by filename, file_row_number) ` +
      `to ${sqlText(temporary)} (format parquet, compression zstd)`,
  );
  const [row] = await catalog.session.rows(`select count(*)::double as n from read_parquet(${sqlPath(temporary)})`);
  return Number(row?.['n'] ?? 0);
}

function formatOf(file: string): ExportResult['format'] {
  if (file.endsWith('.parquet')) return 'parquet';
  if (file.endsWith('.csv.gz')) return 'csv.gz';
  if (file.endsWith('.csv')) return 'csv';
  throw dataError('DATA_OPTIONS_INVALID', `${file}: the name has to end in .csv, .csv.gz or .parquet.`);
}
