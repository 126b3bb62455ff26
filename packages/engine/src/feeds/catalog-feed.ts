import { join, resolve } from 'node:path';
import type { FeedCapabilities, Instrument, PluginContext, ReadRange, RecordedStream } from '@bookrunner/sdk';
import { z } from 'zod';
import { isTradingError } from '@bookrunner/sdk';
import { Catalog } from '../catalog/catalog.js';
import type { DatasetKey } from '../catalog/catalog-layout.js';
import { RecordedSourceFeed } from './recorded-source-feed.js';
import type { RecordedFeedContribution, RecordedSource } from './recorded-source-feed.js';
import { specOfLabel } from '../catalog/timeframe-label.js';
import { dataError } from './data-errors.js';

/** Schema of the options of `use: catalog`. */
export const catalogFeedOptions = z.strictObject({
  path: z.string().min(1).optional().describe('Folder of the catalog; dataDir/catalog unless given.'),
  kind: z.enum(['bars', 'ticks']).default('bars').describe('What is read: bars or ticks.'),
  timeframe: z
    .string()
    .min(1)
    .default('1m')
    .describe('Which bars: the label that `bookrunner data list` shows, such as 1m or 1m-bid.'),
  threads: z.int().min(1).max(64).default(2).describe('Threads of DuckDB.'),
  memoryLimit: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:MB|GB|MiB|GiB)$/, 'expected a size such as 1GB')
    .default('1GB')
    .describe("Memory of DuckDB's buffers."),
});

/** Options of `use: catalog` after the schema. */
export type CatalogFeedOptions = Readonly<z.output<typeof catalogFeedOptions>>;

const CAPABILITIES: FeedCapabilities = Object.freeze({
  quotes: true,
  trades: true,
  barSeconds: Object.freeze([]),
  historyBars: true,
  historyTicks: true,
  finite: true,
});

/** `use: catalog`: bars or ticks from the Parquet catalog. */
export const catalogFeed: RecordedFeedContribution<CatalogFeedOptions> = Object.freeze({
  capabilities: CAPABILITIES,
  options: catalogFeedOptions,
  create: (context: PluginContext<CatalogFeedOptions>) => new RecordedSourceFeed(new CatalogSource(context), context),
});

class CatalogSource implements RecordedSource {
  readonly capabilities: FeedCapabilities;
  readonly #options: CatalogFeedOptions;
  readonly #root: string;
  // Made by the first use, so that creating a feed touches nothing, and made anew after close.
  #catalog: Catalog | undefined;

  constructor(context: PluginContext<CatalogFeedOptions>) {
    this.#options = context.options;
    const { path, kind, timeframe } = context.options;
    this.#root = path === undefined ? join(context.dataDir, 'catalog') : resolve(context.configDir, path);
    const seconds = specOfLabel(timeframe)?.options['seconds'];
    this.capabilities =
      kind === 'ticks'
        ? { quotes: true, trades: true, historyTicks: true, finite: true }
        : { barSeconds: typeof seconds === 'number' ? [seconds] : [], historyBars: true, finite: true };
  }

  resolve(instrument: Instrument): ReturnType<RecordedSource['resolve']> {
    return new Promise((settle) => {
      const key = this.#key(instrument);
      this.#specOf(key);
      settle({ instrument, sourceId: key.kind === 'ticks' ? key.symbol : `${key.symbol} ${key.timeframe}` });
    });
  }

  stream(instrument: Instrument, range: ReadRange): RecordedStream {
    const key = this.#key(instrument);
    const spec = this.#specOf(key);
    return {
      symbol: instrument.symbol,
      ...(spec === undefined ? {} : { spec }),
      blocks: this.#open().read(key, range),
    };
  }

  async close(): Promise<void> {
    await this.#catalog?.close();
    this.#catalog = undefined;
  }

  #specOf(key: DatasetKey): ReturnType<Catalog['specOf']> {
    try {
      return this.#open().specOf(key);
    } catch (error) {
      if (!isTradingError(error) || error.code !== 'DATA_SET_MISSING') throw error;
      throw dataError('DATA_SYMBOL_MISSING', error.message, { cause: error, remedy: error.remedy });
    }
  }

  #open(): Catalog {
    const { threads, memoryLimit } = this.#options;
    return (this.#catalog ??= new Catalog({ root: this.#root, threads, memoryLimit }));
  }

  #key({ symbol }: Instrument): DatasetKey {
    const { kind, timeframe } = this.#options;
    return kind === 'ticks' ? { kind, symbol } : { kind, symbol, timeframe };
  }
}
