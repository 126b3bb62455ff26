import { resolve } from 'node:path';
import { Catalog } from '../../catalog/catalog.js';
import { datasetFolder, datasetsIn, partitionsIn } from '../../catalog/catalog-layout.js';
import type { DatasetKey } from '../../catalog/catalog-layout.js';
import type { GapTotals } from '../../catalog/gap-meter.js';
import type { RowFindings } from '../../catalog/row-audit.js';
import { readManifest } from '../../catalog/manifest.js';
import { verifyDataset } from '../../catalog/verify-dataset.js';
import type { DatasetVerdict, Finding } from '../../catalog/verify-dataset.js';
import { calendarOf, isoOrNull } from './data-command.js';
import { dataSetMissing } from './data-set-missing.js';
import type { DataMarket, DataReporter } from './data-command.js';

/** Options of `bookrunner data verify`. Without symbol, kind and timeframe it verifies everything. */
export interface VerifyDataOptions {
  /** Folder of the catalog. */
  readonly catalog: string;
  readonly symbol?: string | undefined;
  readonly kind?: 'bars' | 'ticks' | undefined;
  readonly timeframe?: string | undefined;
  /** Open market without data that counts as a gap, in ms. */
  readonly gapMs?: number | undefined;
  /** Id of the calendar; that of each instrument unless given. */
  readonly calendar?: string | undefined;
}

/** What was found in one data set, as plain JSON. */
export interface VerifiedDataset {
  readonly kind: 'bars' | 'ticks';
  readonly symbol: string;
  readonly timeframe: string | null;
  readonly isSound: boolean;
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly findings: readonly Finding[];
  readonly rowFindings: RowFindings;
  /** Null where no calendar is known for the symbol. */
  readonly gaps: GapTotals | null;
}

/** Verifies data sets. `isSound` is false when any has an error; warnings leave it true. Errors: DATA_SET_MISSING, DATA_DUCKDB_FAILED. */
export async function verifyData(
  options: VerifyDataOptions,
  market: DataMarket,
  reporter: DataReporter = {},
): Promise<{ readonly catalog: string; readonly isSound: boolean; readonly datasets: readonly VerifiedDataset[] }> {
  const root = resolve(options.catalog);
  const catalog = new Catalog({ root });
  try {
    const keys = chosen(root, options);
    const datasets: VerifiedDataset[] = [];
    for (const [i, key] of keys.entries()) {
      reporter.progress?.({ stage: 'verifying', done: i, total: keys.length, unit: 'data sets' });
      const calendar = calendarOf(market, key.symbol, options.calendar);
      datasets.push(plain(await verifyDataset(catalog, key, { calendar, gapMs: options.gapMs })));
    }
    reporter.progress?.({ stage: 'verifying', done: keys.length, total: keys.length, unit: 'data sets' });
    return { catalog: root, isSound: datasets.every(({ isSound }) => isSound), datasets };
  } finally {
    await catalog.close();
  }
}

function chosen(root: string, { symbol, kind, timeframe }: VerifyDataOptions): readonly DatasetKey[] {
  const keys = datasetsIn(root).filter(
    (key) =>
      isDataset(datasetFolder(root, key)) &&
      (symbol === undefined || key.symbol === symbol) &&
      (kind === undefined || key.kind === kind) &&
      (timeframe === undefined || key.timeframe === timeframe),
  );
  const isNarrowed = symbol !== undefined || kind !== undefined || timeframe !== undefined;
  if (keys.length > 0 || !isNarrowed) return keys;
  throw dataSetMissing(root, { symbol, kind, timeframe });
}

function isDataset(folder: string): boolean {
  return partitionsIn(folder).length > 0 || readManifest(folder) !== undefined;
}

function plain({ timeframe, first, last, gaps, ...verdict }: DatasetVerdict): VerifiedDataset {
  return {
    ...verdict,
    timeframe: timeframe ?? null,
    first: isoOrNull(first),
    last: isoOrNull(last),
    gaps: gaps ?? null,
  };
}
