import { join } from 'node:path';
import type { FeedCapabilities, Instrument, PluginContext, ReadRange, RecordedStream } from '@bookrunner/sdk';
import { z } from 'zod';
import { DuckdbSession } from '../../catalog/duckdb-session.js';
import { capabilitiesOf, FILE_CAPABILITIES, withReport } from '../csv/csv-feed.js';
import { filesOf } from '../file-lookup.js';
import { RecordedSourceFeed } from '../recorded-source-feed.js';
import type { RecordedFeedContribution, RecordedSource } from '../recorded-source-feed.js';
import { barSecondsOf, checkSeconds } from '../rows/file-options.js';
import { noUsableRows } from '../rows/usable-rows.js';
import { parquetFormatShape } from './parquet-format.js';
import { type ParquetReading, readParquetColumns } from './parquet-reading.js';

/** Schema of the options of `use: parquet`. */
export const parquetFeedOptions = z
  .strictObject({
    path: z
      .union([z.string().min(1), z.record(z.string(), z.string().min(1))])
      .describe(
        'The file: one path, in which {symbol} stands for the symbol and * in the name for any text, or a path per symbol.',
      ),
    ...parquetFormatShape,
  })
  .superRefine(checkSeconds);

/** Options of `use: parquet` after the schema. */
export type ParquetFeedOptions = Readonly<z.output<typeof parquetFeedOptions>>;

/** `use: parquet`: recorded bars or ticks from Parquet files of any origin. */
export const parquetFeed: RecordedFeedContribution<ParquetFeedOptions> = Object.freeze({
  capabilities: FILE_CAPABILITIES,
  options: parquetFeedOptions,
  create: (context: PluginContext<ParquetFeedOptions>) => new RecordedSourceFeed(new ParquetSource(context), context),
});

class ParquetSource implements RecordedSource {
  readonly capabilities: FeedCapabilities;
  readonly #context: PluginContext<ParquetFeedOptions>;
  #session: DuckdbSession | undefined;

  constructor(context: PluginContext<ParquetFeedOptions>) {
    this.#context = context;
    this.capabilities = capabilitiesOf(context.options, barSecondsOf(context.options));
  }

  resolve(instrument: Instrument): ReturnType<RecordedSource['resolve']> {
    return new Promise((settle) => {
      settle({ instrument, sourceId: this.#files(instrument).join(', ') });
    });
  }

  async probe(instrument: Instrument): Promise<void> {
    const files = this.#files(instrument);
    const readings = files.map((path) => this.#reading([path], instrument, {}));
    // The first block of each shows it; the rest is not read.
    let hasRows = false;
    for (const { blocks } of readings) {
      for await (const _block of blocks) {
        hasRows = true;
        break;
      }
    }
    if (hasRows) return;
    const totals = readings.map((reading) => reading.totals());
    throw noUsableRows(files, instrument.symbol, totals);
  }

  stream(instrument: Instrument, range: ReadRange): RecordedStream {
    const { symbol } = instrument;
    const reading = this.#reading(this.#files(instrument), instrument, range);
    const spec = reading.spec === undefined ? {} : { spec: reading.spec };
    return { symbol, ...spec, blocks: withReport(reading, symbol, this.#context.logger) };
  }

  #reading(paths: readonly string[], instrument: Instrument, range: ReadRange): ParquetReading {
    const { path: _path, ...format } = this.#context.options;
    const { from, to, onRejected } = range;
    const session = (this.#session ??= new DuckdbSession({ tempDirectory: join(this.#context.dataDir, '.tmp') }));
    const calendar = this.#context.calendar(instrument.calendar);
    return readParquetColumns({ session, paths }, format, {
      symbol: instrument.symbol,
      calendar,
      from,
      to,
      onRejected,
    });
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }

  #files(instrument: Instrument): readonly string[] {
    return filesOf(this.#context.options.path, instrument.symbol, this.#context.configDir);
  }
}
