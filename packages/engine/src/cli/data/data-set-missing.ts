import { datasetsIn } from '../../catalog/catalog-layout.js';
import { hintFor } from '../../config/near-miss.js';
import { dataError } from '../../feeds/data-errors.js';

/** What was asked for, as far as it was named. */
export interface WantedDataset {
  readonly symbol?: string | undefined;
  readonly kind?: 'bars' | 'ticks' | undefined;
  readonly timeframe?: string | undefined;
}

/** DATA_SET_MISSING of a catalog, with the symbols it has where the one asked for is not among them. */
export function dataSetMissing(root: string, { symbol, kind, timeframe }: WantedDataset): Error {
  const wanted = [symbol, kind, timeframe].filter((part) => part !== undefined).join(' ');
  const symbols = new Set(datasetsIn(root).map((key) => key.symbol));
  const hint = symbol === undefined || symbols.has(symbol) ? '' : hintFor(symbol, symbols);
  return dataError('DATA_SET_MISSING', `The catalog ${root} has no data of ${wanted}.${hint}`, {
    details: { symbol, kind, timeframe },
  });
}
