import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bar, BarColumns, BarSpec, EpochMs, HistoryBlock, TickColumns } from '@bookrunner/sdk';
import { dataError } from '../feeds/data-errors.js';
import { endOfBar } from '../feeds/history-blocks.js';
import { hintFor } from '../config/near-miss.js';
import { concatenatedBars } from './bar-concatenation.js';
import {
  datasetFolder,
  datasetName,
  datasetsIn,
  monthEnd,
  monthStart,
  partitionFile,
  partitionsIn,
} from './catalog-layout.js';
import type { DatasetKey } from './catalog-layout.js';
import { orderingTime } from './catalog-columns.js';
import { withDatasetLock } from './dataset-lock.js';
import { corrupt, readFileBlocks } from './dataset-reader.js';
import { DatasetWriter } from './dataset-writer.js';
import type { OverlapRule, WriteResult } from './dataset-writer.js';
import { DuckdbSession, sqlPath } from './duckdb-session.js';
import type { DuckdbOptions } from './duckdb-session.js';
import { readManifest } from './manifest.js';
import { specOfLabel, timeframeLabel } from './timeframe-label.js';

/** Blocks one after the other, ready or on their way. */
export type Blocks<Columns> = Iterable<Columns> | AsyncIterable<Columns>;

/** A part of the data: `from` inclusive, `to` exclusive, absent bounds mean all. */
export interface TimeRange {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

/** One data set as `list` shows it. */
export interface DatasetInfo {
  readonly kind: 'bars' | 'ticks';
  readonly symbol: string;
  readonly timeframe?: string;
  readonly spec?: BarSpec;
  readonly rows: number;
  /** Times of the first and last row; NaN where there is none. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly files: number;
  readonly bytes: number;
}

/** Where the catalog is and how much of the machine it may use. */
export interface CatalogOptions extends Partial<DuckdbOptions> {
  /** The folder, `dataDir/catalog`; made by the first write. */
  readonly root: string;
}

/**
 * Ticks and bars as Parquet files by symbol, timeframe and month: what live trading records is what research reads. Any Parquet tool
 * reads the files; only this class writes them. Nothing is opened before the first query.
 */
export class Catalog {
  readonly root: string;
  readonly session: DuckdbSession;

  constructor(options: CatalogOptions) {
    this.root = options.root;
    const { tempDirectory = join(options.root, '.tmp'), threads, memoryLimit } = options;
    this.session = new DuckdbSession({ tempDirectory, threads, memoryLimit });
  }

  /**
   * Writes bars of one symbol and spec; all of them, or after an error none. `onProgress` hears the rows taken after each block.
   * Errors: DATA_OVERLAP, DATA_NOT_ASCENDING, DATA_VALUE_INVALID, DATA_CATALOG_BUSY, DATA_DUCKDB_FAILED, and those of the blocks.
   */
  writeBars(
    blocks: Blocks<BarColumns>,
    target: { readonly symbol: string; readonly spec: BarSpec } & WriteOptions,
  ): Promise<WriteResult> {
    const key = { kind: 'bars', symbol: target.symbol, timeframe: timeframeLabel(target.spec) } as const;
    return this.#write(blocks, key, target);
  }

  /** Writes ticks of one symbol, as {@link writeBars}. */
  writeTicks(blocks: Blocks<TickColumns>, target: { readonly symbol: string } & WriteOptions): Promise<WriteResult> {
    return this.#write(blocks, { kind: 'ticks', symbol: target.symbol }, target);
  }

  /**
   * Bars inside the range, ascending, as blocks.
   * Errors while walking: DATA_SET_MISSING with the near miss, DATA_CATALOG_CORRUPT, DATA_DUCKDB_FAILED.
   */
  readBars(symbol: string, timeframe: string, range: TimeRange = {}): AsyncGenerator<HistoryBlock & { kind: 'bars' }> {
    return this.read({ kind: 'bars', symbol, timeframe }, range) as AsyncGenerator<HistoryBlock & { kind: 'bars' }>;
  }

  /** Ticks available inside the range, as {@link readBars}. */
  readTicks(symbol: string, range: TimeRange = {}): AsyncGenerator<HistoryBlock & { kind: 'ticks' }> {
    return this.read({ kind: 'ticks', symbol }, range) as AsyncGenerator<HistoryBlock & { kind: 'ticks' }>;
  }

  /** Blocks of a data set inside the range, as {@link readBars}. */
  async *read(key: DatasetKey, range: TimeRange = {}): AsyncGenerator<HistoryBlock> {
    const spec = this.specOf(key);
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
    const folder = datasetFolder(this.root, key);
    for (const month of partitionsIn(folder)) {
      if (monthEnd(month) <= from || monthStart(month) >= to) continue;
      const head = { symbol: key.symbol, spec };
      yield* readFileBlocks(this.session, { path: partitionFile(folder, month), kind: key.kind, head, from, to });
    }
  }

  /** How the bars of a data set were made; undefined for ticks. Errors: DATA_SET_MISSING, DATA_CATALOG_CORRUPT. */
  specOf(key: DatasetKey): BarSpec | undefined {
    const folder = datasetFolder(this.root, key);
    if (partitionsIn(folder).length === 0) throw this.#missing(key);
    if (key.kind === 'ticks') return undefined;
    const spec = readManifest(folder)?.spec ?? specOfLabel(key.timeframe ?? '');
    if (spec === undefined)
      throw corrupt(folder, 'its manifest is absent or damaged, and its name does not tell how its bars were made');
    return spec;
  }

  /** All bars of a symbol with `start <= ts < end` in one piece of memory. Errors: as {@link readBars}. */
  // oxlint-disable-next-line max-params -- the signature that research code expects
  async loadBars(symbol: string, start: EpochMs, end: EpochMs, timeframe: string): Promise<BarColumns> {
    const blocks: BarColumns[] = [];
    for await (const { columns } of this.readBars(symbol, timeframe, { from: start, to: end })) blocks.push(columns);
    return concatenatedBars(symbol, blocks);
  }

  /** The last bar of a symbol; undefined where there is none. Errors: DATA_CATALOG_CORRUPT, DATA_DUCKDB_FAILED. */
  async lastBar(symbol: string, timeframe: string): Promise<Bar | undefined> {
    const key = { kind: 'bars', symbol, timeframe } as const;
    const folder = datasetFolder(this.root, key);
    const month = partitionsIn(folder).at(-1);
    if (month === undefined) return undefined;
    const path = partitionFile(folder, month);
    const [row] = await this.session.rows(`select max(ts)::double as last from read_parquet(${sqlPath(path)})`);
    const last = Number(row?.['last'] ?? Number.NaN);
    const columns = await this.loadBars(symbol, last, last + 1, timeframe);
    return columns.length === 0 ? undefined : barAt(columns, 0, this.specOf(key));
  }

  /** All data sets, by kind, symbol and timeframe. Errors: DATA_CATALOG_CORRUPT, DATA_DUCKDB_FAILED. */
  async list(): Promise<readonly DatasetInfo[]> {
    const infos: DatasetInfo[] = [];
    for (const key of datasetsIn(this.root)) {
      const info = await this.#info(key);
      if (info.files > 0) infos.push(info);
    }
    return infos;
  }

  /** Releases DuckDB; safe to call twice. */
  close(): Promise<void> {
    return this.session.close();
  }

  async #info(key: DatasetKey): Promise<DatasetInfo> {
    const folder = datasetFolder(this.root, key);
    const manifest = readManifest(folder);
    const totals = { rows: 0, first: Number.NaN, last: Number.NaN, files: 0, bytes: 0 };
    for (const month of partitionsIn(folder)) {
      const path = partitionFile(folder, month);
      const { size } = statSync(path);
      const recorded = manifest?.files[month];
      const stats = recorded?.bytes === size ? recorded : await this.#stats(path, key.kind);
      totals.rows += stats.rows;
      totals.files += 1;
      totals.bytes += size;
      if (stats.rows === 0) continue;
      if (Number.isNaN(totals.first)) totals.first = stats.first;
      totals.last = stats.last;
    }
    const spec = manifest?.spec ?? (key.timeframe === undefined ? undefined : specOfLabel(key.timeframe));
    const { kind, symbol, timeframe } = key;
    return {
      kind,
      symbol,
      ...(timeframe === undefined ? {} : { timeframe }),
      ...(spec === undefined ? {} : { spec }),
      ...totals,
    };
  }

  async #stats(
    path: string,
    kind: 'bars' | 'ticks',
  ): Promise<{ readonly rows: number; readonly first: EpochMs; readonly last: EpochMs }> {
    const at = orderingTime(kind);
    try {
      const [row] = await this.session.rows(
        `select count(*)::double as n, min(${at})::double as first, max(${at})::double as last from read_parquet(${sqlPath(path)})`,
      );
      return {
        rows: Number(row?.['n']),
        first: Number(row?.['first'] ?? Number.NaN),
        last: Number(row?.['last'] ?? Number.NaN),
      };
    } catch (cause) {
      throw corrupt(path, (cause as Error).message, cause);
    }
  }

  #write(
    blocks: Blocks<BarColumns | TickColumns>,
    key: DatasetKey,
    target: WriteOptions & { readonly spec?: BarSpec },
  ): Promise<WriteResult> {
    const folder = datasetFolder(this.root, key);
    return withDatasetLock(folder, async () => {
      const writer = new DatasetWriter(this.session, {
        key,
        folder,
        spec: target.spec,
        overlap: target.overlap ?? 'fail',
      });
      try {
        for await (const columns of blocks) {
          await writer.add(columns);
          target.onProgress?.(writer.rows);
        }
        return await writer.commit();
      } finally {
        await writer.dispose();
      }
    });
  }

  #missing(key: DatasetKey): Error {
    const known = datasetsIn(this.root).filter((dataset) => partitionsIn(datasetFolder(this.root, dataset)).length > 0);
    return dataError(
      'DATA_SET_MISSING',
      `The catalog has no ${datasetName(key)}.${hintFor(datasetName(key), known.map(datasetName))}`,
      {
        details: { ...key, root: this.root },
      },
    );
  }
}

/** How to write. */
export interface WriteOptions {
  /** What happens where stored rows lie inside the time range written; `fail` unless told otherwise. */
  readonly overlap?: OverlapRule | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

function barAt(columns: BarColumns, i: number, spec: BarSpec | undefined): Bar {
  const seconds = spec?.options['seconds'];
  const ts = columns.ts[i]!;
  const [open, high, low, close] = [columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!];
  return {
    symbol: columns.symbol,
    ts,
    endTs: endOfBar(columns, i, typeof seconds === 'number' ? seconds * 1000 : Number.NaN),
    open,
    high,
    low,
    close,
    volume: columns.volume[i]!,
    nTicks: columns.nTicks?.[i] ?? Number.NaN,
    vwap: columns.vwap?.[i] ?? Number.NaN,
  };
}
