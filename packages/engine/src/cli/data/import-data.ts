import { extname, resolve } from 'node:path';
import type { BarColumns, BarSpec, EpochMs, HistoryBlock, RejectedRow, TickColumns } from '@bookrunner/sdk';
import { Catalog } from '../../catalog/catalog.js';
import type { Blocks } from '../../catalog/catalog.js';
import { datasetName } from '../../catalog/catalog-layout.js';
import { timeframeLabel } from '../../catalog/timeframe-label.js';
import type { CsvFormatInput } from '../../feeds/csv/csv-format.js';
import { readCsvColumns } from '../../feeds/csv/csv-reading.js';
import { dataError } from '../../feeds/data-errors.js';
import { filesOf } from '../../feeds/file-lookup.js';
import type { ParquetFormatInput } from '../../feeds/parquet/parquet-format.js';
import { readParquetColumns } from '../../feeds/parquet/parquet-reading.js';
import type { ReadRequest, ReadTotals } from '../../feeds/rows/read-request.js';
import type { RowFaultName } from '../../feeds/rows/row-fault.js';
import { noUsableRows } from '../../feeds/rows/usable-rows.js';
import { calendarOf, isoOrNull } from './data-command.js';
import type { DataMarket, DataReporter } from './data-command.js';

/** Options of `bookrunner data import`. */
export interface ImportOptions {
  /** Folder of the catalog. */
  readonly catalog: string;
  /** File to import; `*` in its name stands for any text, and the files are taken in order of name. */
  readonly file: string;
  readonly symbol: string;
  /** Told by the file's name unless given: `.parquet`, else CSV. */
  readonly format?: 'csv' | 'parquet' | undefined;
  /** How a CSV file is written. */
  readonly csv?: CsvFormatInput | undefined;
  /** How a Parquet file is read. */
  readonly parquet?: ParquetFormatInput | undefined;
  readonly onBadRow?: 'fail' | 'skip' | undefined;
  readonly overlap?: 'fail' | 'replace' | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Id of the calendar; that of the instrument unless given. */
  readonly calendar?: string | undefined;
}

/** What an import did. */
export interface ImportResult {
  readonly dataset: string;
  readonly kind: 'bars' | 'ticks';
  readonly symbol: string;
  readonly timeframe: string | null;
  readonly files: readonly string[];
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Stored rows that the import replaced. */
  readonly replaced: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RowFaultName, number>>>;
  /** The first 20 rows left out. */
  readonly rejectedRows: readonly RejectedRow[];
  readonly outsideSession: number;
  readonly otherSymbols: number;
  readonly beforeRange: number;
  readonly partitions: readonly { readonly month: string; readonly rows: number }[];
}

interface Reading {
  readonly blocks: Blocks<HistoryBlock>;
  readonly spec: BarSpec | undefined;
  totals(): ReadTotals;
}

/**
 * Imports a CSV or Parquet file into the catalog: all of it or, after an error, nothing.
 * Errors: DATA_NO_USABLE_ROWS, those of reading (DATA_FILE_MISSING, DATA_COLUMN_MISSING, DATA_BAD_ROW …) and of {@link Catalog.writeBars}.
 */
export async function importData(
  options: ImportOptions,
  market: DataMarket,
  reporter: DataReporter = {},
): Promise<ImportResult> {
  const files = filesOf(options.file, options.symbol, process.cwd());
  const catalog = new Catalog({ root: resolve(options.catalog) });
  try {
    const reading = openReading(options, files, { catalog, market, reporter });
    const { symbol, overlap } = options;
    const { spec } = reading;
    const onProgress = (rows: number): void => reporter.progress?.({ stage: 'writing', done: rows, unit: 'rows' });
    const written =
      spec === undefined
        ? await catalog.writeTicks(columnsOf<TickColumns>(reading.blocks), { symbol, overlap, onProgress })
        : await catalog.writeBars(columnsOf<BarColumns>(reading.blocks), { symbol, spec, overlap, onProgress });
    const totals = reading.totals();
    // Rows outside the range were not asked for; an import that could use none of the others has not done what it was for.
    if (written.rows === 0 && totals.rejected + totals.otherSymbols + totals.outsideSession > 0)
      throw noUsableRows(files, symbol, [totals]);
    const kind = spec === undefined ? 'ticks' : 'bars';
    const timeframe = spec === undefined ? null : timeframeLabel(spec);
    return {
      dataset: datasetName({ kind, symbol, timeframe: timeframe ?? undefined }),
      kind,
      symbol,
      timeframe,
      files,
      rows: written.rows,
      first: isoOrNull(written.first),
      last: isoOrNull(written.last),
      replaced: written.replaced,
      rejected: totals.rejected,
      rejectedByReason: totals.byReason,
      rejectedRows: totals.first,
      outsideSession: totals.outsideSession,
      otherSymbols: totals.otherSymbols,
      beforeRange: totals.beforeRange,
      partitions: written.partitions,
    };
  } finally {
    await catalog.close();
  }
}

interface ReadingParts {
  readonly catalog: Catalog;
  readonly market: DataMarket;
  readonly reporter: DataReporter;
}

function openReading(
  options: ImportOptions,
  files: readonly string[],
  { catalog, market, reporter }: ReadingParts,
): Reading {
  const { symbol, from, to, onBadRow } = options;
  const format = options.format ?? (files.every((file) => extname(file) === '.parquet') ? 'parquet' : 'csv');
  if ((format === 'csv' ? options.parquet : options.csv) !== undefined) {
    throw dataError(
      'DATA_OPTIONS_INVALID',
      `${files[0]} is read as ${format}; options of the other format do not apply.`,
    );
  }
  const unit = format === 'csv' ? 'bytes' : 'rows';
  const request: ReadRequest = {
    symbol,
    calendar: calendarOf(market, symbol, options.calendar),
    from,
    to,
    onRejected: (row) => reporter.rejected?.(row),
    onProgress: (done, total) => reporter.progress?.({ stage: 'reading', done, total, unit }),
  };
  const rule = onBadRow === undefined ? {} : { onBadRow };
  if (format === 'csv') return readCsvColumns(files, { ...options.csv, ...rule }, request);
  return readParquetColumns({ session: catalog.session, paths: files }, { ...options.parquet, ...rule }, request);
}

async function* columnsOf<Columns extends BarColumns | TickColumns>(
  blocks: Blocks<HistoryBlock>,
): AsyncGenerator<Columns> {
  // The caller knows from the spec which kind the blocks are of.
  for await (const block of blocks) yield block.columns as Columns;
}
