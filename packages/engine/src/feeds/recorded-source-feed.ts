import { isTradingError } from '@bookrunner/sdk';
import type {
  BarSpec,
  Clock,
  FeedCapabilities,
  FeedContribution,
  FeedSink,
  FeedState,
  HistoryBlock,
  HistoryRequest,
  Instrument,
  MarketCalendar,
  PluginContext,
  ReadRange,
  RecordedFeed,
  RecordedStream,
  ResolvedInstrument,
  Subscription,
} from '@bookrunner/sdk';
import { dataError } from './data-errors.js';
import { mergedBlocks } from './merged-blocks.js';
import { clippedBlocks, isSameSpec } from './history-blocks.js';
import { endedAtClose } from './session-ends.js';

/** A finite feed as data: its feeds can drive a backtest. */
export interface RecordedFeedContribution<Options> extends FeedContribution<Options> {
  create(context: PluginContext<Options>): RecordedFeed;
}

/** What a recorded source is: where {@link RecordedSourceFeed} gets its blocks from. */
export interface RecordedSource {
  readonly capabilities: FeedCapabilities;
  /** Checks that the source holds the instrument, without reading it. Rejects with DATA_SYMBOL_MISSING or DATA_FILE_MISSING. */
  resolve(instrument: Instrument): Promise<ResolvedInstrument>;
  /** Opens the instrument's blocks inside the range, ascending. */
  stream(instrument: Instrument, range: ReadRange): RecordedStream;
  /** Reads the beginning of every file of the instrument, so that what is wrong with them shows before a run. Rejects with DATA_…. */
  probe?(instrument: Instrument): Promise<void>;
  /** Releases what the source holds; safe to call twice. */
  close?(): Promise<void>;
}

/** Who the feed is, what time it is, and when markets trade. */
export interface FeedIdentity {
  readonly name: string;
  readonly clock: Clock;
  /** The market calendar of an id. */
  calendar(id: string): MarketCalendar;
}

/**
 * A finite feed over a recorded source. Backtests call `read`; `subscribe` delivers the same blocks through a sink, earliest first,
 * as fast as the receiver takes them, and then says `ended`.
 */
export class RecordedSourceFeed implements RecordedFeed {
  readonly capabilities: FeedCapabilities;
  readonly #source: RecordedSource;
  readonly #identity: FeedIdentity;
  readonly #deliveries = new Set<Delivery>();
  #isOpen = false;

  constructor(source: RecordedSource, identity: FeedIdentity) {
    this.capabilities = source.capabilities;
    this.#source = source;
    this.#identity = identity;
  }

  resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    return this.#source.resolve(instrument);
  }

  /** Whether the source has the instrument, and can be read where it has. Rejects with DATA_…; `close` releases what it took. */
  async probe(instrument: Instrument): Promise<void> {
    await this.#source.resolve(instrument);
    await this.#source.probe?.(instrument);
  }

  open(): Promise<void> {
    this.#isOpen = true;
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.all([...this.#deliveries].map((delivery) => delivery.close()));
    this.#deliveries.clear();
    await this.#source.close?.();
  }

  /** Errors while walking: those of the source, such as DATA_BAD_ROW. */
  *read(instruments: readonly Instrument[], range: ReadRange): Iterable<RecordedStream> {
    for (const instrument of instruments) yield this.#stream(instrument, range);
  }

  /** Errors: DATA_FEED_NOT_OPEN; DATA_SYMBOL_MISSING or DATA_FILE_MISSING naming the symbol. */
  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    if (!this.#isOpen) throw dataError('DATA_FEED_NOT_OPEN', `Feed '${this.#identity.name}' is not open.`);
    const known = [...new Map(instruments.map((instrument) => [instrument.symbol, instrument])).values()];
    for (const instrument of known) await this.#source.resolve(instrument);
    const streams = known.map((instrument) =>
      this.#stream(instrument, { onRejected: (row) => delivery.rejected(row) }),
    );
    const delivery = new Delivery(streams, sink, this.#identity);
    this.#deliveries.add(delivery);
    delivery.start();
    return delivery;
  }

  /** Errors while walking: DATA_KIND_MISMATCH where the source holds another kind or another bar length. */
  async *history(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    const { instrument, from, to, bars } = request;
    const stream = this.#stream(instrument, { from, to });
    if (!isSameSpec(stream.spec, bars)) throw kindMismatch(instrument.symbol, stream.spec, bars);
    for await (const block of stream.blocks) yield* clippedBlocks(block, from, to);
  }

  #stream(instrument: Instrument, range: ReadRange): RecordedStream {
    return endedAtClose(this.#source.stream(instrument, range), this.#identity.calendar(instrument.calendar));
  }
}

function kindMismatch(symbol: string, held: BarSpec | undefined, asked: BarSpec | undefined): Error {
  const text = (spec: BarSpec | undefined): string =>
    spec === undefined ? 'ticks' : `bars ${JSON.stringify({ use: spec.use, ...spec.options })}`;
  return dataError(
    'DATA_KIND_MISMATCH',
    `'${symbol}': the source holds ${text(held)}; ${text(asked)} were asked for.`,
    {
      details: { symbol, held, asked },
    },
  );
}

/** One subscription: walks the merged blocks and hands them over, one per turn of the event loop. */
class Delivery implements Subscription {
  readonly #streams: readonly RecordedStream[];
  readonly #sink: FeedSink;
  readonly #identity: FeedIdentity;
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(streams: readonly RecordedStream[], sink: FeedSink, identity: FeedIdentity) {
    this.#streams = streams;
    this.#sink = sink;
    this.#identity = identity;
  }

  start(): void {
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  rejected(row: Parameters<FeedSink['rejected']>[0]): void {
    if (!this.#isClosed) this.#sink.rejected(row);
  }

  async #run(): Promise<void> {
    // The subscriber gets its subscription before the first block.
    await nextTurn();
    this.#status('live', '', '');
    try {
      for await (const block of mergedBlocks(this.#streams)) {
        if (this.#isClosed) return;
        if (block.kind === 'bars') this.#sink.bars(block.columns, block.spec);
        else this.#sink.ticks(block.columns);
        await nextTurn();
        if (this.#isClosed) return;
      }
      this.#status('ended', '', 'All recorded data was delivered.');
    } catch (error) {
      if (isTradingError(error)) this.#status('failed', error.code, error.toOperatorText());
      else this.#status('failed', 'DATA_FILE_UNREADABLE', String(error));
    }
  }

  #status(state: FeedState, reason: string, message: string): void {
    if (this.#isClosed) return;
    const { name, clock } = this.#identity;
    this.#sink.status({ ts: clock.nowUtc(), feed: name, state, reason, message });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
