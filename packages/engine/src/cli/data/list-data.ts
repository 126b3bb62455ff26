import { resolve } from 'node:path';
import { Catalog } from '../../catalog/catalog.js';
import { isoOrNull } from './data-command.js';

/** One data set, as plain JSON. */
export interface ListedDataset {
  readonly kind: 'bars' | 'ticks';
  readonly symbol: string;
  readonly timeframe: string | null;
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly files: number;
  readonly bytes: number;
}

/** What `bookrunner data list` shows; an absent catalog is an empty one. Errors: DATA_CATALOG_CORRUPT, DATA_DUCKDB_FAILED. */
export async function listData(options: {
  readonly catalog: string;
  readonly symbol?: string | undefined;
}): Promise<{ readonly catalog: string; readonly datasets: readonly ListedDataset[] }> {
  const root = resolve(options.catalog);
  const catalog = new Catalog({ root });
  try {
    const infos = await catalog.list();
    const datasets = infos
      .filter(({ symbol }) => options.symbol === undefined || symbol === options.symbol)
      .map(({ kind, symbol, timeframe, rows, first, last, files, bytes }) => ({
        kind,
        symbol,
        timeframe: timeframe ?? null,
        rows,
        first: isoOrNull(first),
        last: isoOrNull(last),
        files,
        bytes,
      }));
    return { catalog: root, datasets };
  } finally {
    await catalog.close();
  }
}
