import type {
  FeedCapabilities,
  HistoryBlock,
  Instrument,
  Logger,
  PluginContext,
  ReadRange,
  RecordedStream,
} from '@bookrunner/sdk';
import { z } from 'zod';
import { filesOf } from '../file-lookup.js';
import { RecordedSourceFeed } from '../recorded-source-feed.js';
import type { RecordedFeedContribution, RecordedSource } from '../recorded-source-feed.js';
import { checkFormat, csvFormatShape } from './csv-format.js';
import type { CsvFormat } from './csv-format.js';
import { specOf } from '../rows/file-options.js';
import { probeCsv, readCsvColumns } from './csv-reading.js';
import type { CsvReading } from './csv-reading.js';

const path = z
  .union([z.string().min(1), z.record(z.string(), z.string().min(1))])
  .describe(
    'The file: one path, in which {symbol} stands for the symbol and * in the name for any text, or a path per symbol.',
  );

/** Schema of the options of `use: csv`. */
export const csvFeedOptions = z.strictObject({ path, ...csvFormatShape }).superRefine(checkFormat);

/** Options of `use: csv` after the schema. */
export type CsvFeedOptions = Readonly<z.output<typeof csvFeedOptions>>;

/** What files can hold, before the options say what they do. */
export const FILE_CAPABILITIES: FeedCapabilities = Object.freeze({
  quotes: true,
  trades: true,
  barSeconds: Object.freeze([]),
  historyBars: true,
  historyTicks: true,
  finite: true,
});

/** `use: csv`: recorded bars or ticks from CSV files, plain or gzip. */
export const csvFeed: RecordedFeedContribution<CsvFeedOptions> = Object.freeze({
  capabilities: FILE_CAPABILITIES,
  options: csvFeedOptions,
  create: (context: PluginContext<CsvFeedOptions>) => new RecordedSourceFeed(new CsvSource(context), context),
});

/** What files of one kind can do. */
export function capabilitiesOf(options: { readonly kind: 'bars' | 'ticks' }, seconds: number): FeedCapabilities {
  return options.kind === 'bars'
    ? { barSeconds: [seconds], historyBars: true, finite: true }
    : { quotes: true, trades: true, historyTicks: true, finite: true };
}

class CsvSource implements RecordedSource {
  readonly capabilities: FeedCapabilities;
  readonly #context: PluginContext<CsvFeedOptions>;
  readonly #format: CsvFormat;

  constructor(context: PluginContext<CsvFeedOptions>) {
    const { path: _path, ...format } = context.options;
    this.#context = context;
    this.#format = format;
    const seconds = specOf(format)?.options['seconds'];
    this.capabilities = capabilitiesOf(format, typeof seconds === 'number' ? seconds : Number.NaN);
  }

  resolve(instrument: Instrument): ReturnType<RecordedSource['resolve']> {
    return new Promise((settle) => {
      settle({ instrument, sourceId: this.#files(instrument).join(', ') });
    });
  }

  async probe(instrument: Instrument): Promise<void> {
    const { symbol } = instrument;
    const calendar = this.#context.calendar(instrument.calendar);
    await probeCsv(this.#files(instrument), this.#format, { symbol, calendar });
  }

  stream(instrument: Instrument, range: ReadRange): RecordedStream {
    const reading = readCsvColumns(this.#files(instrument), this.#format, {
      symbol: instrument.symbol,
      calendar: this.#context.calendar(instrument.calendar),
      from: range.from,
      to: range.to,
      onRejected: range.onRejected,
    });
    const spec = reading.spec === undefined ? {} : { spec: reading.spec };
    return { symbol: instrument.symbol, ...spec, blocks: withReport(reading, instrument.symbol, this.#context.logger) };
  }

  #files(instrument: Instrument): readonly string[] {
    return filesOf(this.#context.options.path, instrument.symbol, this.#context.configDir);
  }
}

/** The blocks of a reading; what it left out is logged once at its end. */
export function withReport(
  reading: Pick<CsvReading, 'blocks' | 'totals'>,
  symbol: string,
  logger: Logger,
): CsvReading['blocks'] {
  const report = (): void => {
    const { rejected, byReason, outsideSession } = reading.totals();
    if (rejected + outsideSession > 0) {
      logger.warn('Rows of recorded data were left out.', { symbol, rejected, byReason, outsideSession });
    }
  };
  return Symbol.asyncIterator in reading.blocks
    ? reportAsync(reading.blocks, report)
    : reportSync(reading.blocks, report);
}

function* reportSync(blocks: Iterable<HistoryBlock>, report: () => void): Generator<HistoryBlock> {
  yield* blocks;
  report();
}

async function* reportAsync(blocks: AsyncIterable<HistoryBlock>, report: () => void): AsyncGenerator<HistoryBlock> {
  yield* blocks;
  report();
}
