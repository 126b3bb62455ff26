import type {
  FeedCapabilities,
  FeedSink,
  HistoryBlock,
  HistoryRequest,
  ReadRange,
  RecordedFeed,
  RecordedStream,
  RejectedRow,
  ResolvedInstrument,
  Subscription,
} from '../../interfaces/feed.js';
import type { BarColumns, BarSpec } from '../../model/bar.js';
import type { Instrument } from '../../model/instrument.js';
import type { Tick, TickColumns } from '../../model/tick.js';
import type { EpochMs } from '../../model/time.js';
import { testingError } from '../errors.js';
import { usableBars, usableTicks } from './usable-rows.js';

/** What {@link MemoryFeed} holds for one instrument: ticks, or bars of one spec. */
export type MemoryData =
  | { readonly instrument: Instrument; readonly ticks: readonly Tick[] }
  | { readonly instrument: Instrument; readonly bars: BarColumns; readonly spec: BarSpec };

/** Options of {@link MemoryFeed}. */
export interface MemoryFeedOptions {
  /** The data of each instrument. Arrays of ticks are read when asked for, so a test may still add to them. */
  readonly data: readonly MemoryData[];
  readonly name?: string;
}

/** Rows in one block. */
const BLOCK_ROWS = 10_000;

/**
 * The reference recorded {@link Feed}: ticks and bars in memory, delivered as columns, then `ended`. Rows that cannot be used are
 * rejected with their number.
 */
export class MemoryFeed implements RecordedFeed {
  readonly capabilities: FeedCapabilities;
  readonly name: string;
  readonly #data: ReadonlyMap<string, MemoryData>;
  #isOpen = false;

  constructor(options: MemoryFeedOptions) {
    this.name = options.name ?? 'memory';
    this.#data = new Map(options.data.map((item) => [item.instrument.symbol, item]));
    const hasTicks = options.data.some((item) => 'ticks' in item);
    const hasBars = options.data.some((item) => 'bars' in item);
    this.capabilities = Object.freeze({
      finite: true,
      ...(hasTicks ? { quotes: true, trades: true, historyTicks: true } : {}),
      ...(hasBars ? { barSeconds: Object.freeze([]), historyBars: true } : {}),
    });
  }

  resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    const known = this.#data.get(instrument.symbol);
    if (known === undefined) return Promise.reject(this.#unknown(instrument));
    return Promise.resolve({ instrument: known.instrument, sourceId: `${this.name}:${instrument.symbol}` });
  }

  open(): Promise<void> {
    this.#isOpen = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#isOpen = false;
    return Promise.resolve();
  }

  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    if (!this.#isOpen) throw testingError('TESTING_FEED_NOT_OPEN', `Feed '${this.name}' is not open.`);
    for (const instrument of instruments) if (!this.#data.has(instrument.symbol)) throw this.#unknown(instrument);
    let isActive = true;
    // Later than any await of the caller, who so has the subscription in hand before the first delivery.
    setImmediate(() => {
      const onRejected = (row: RejectedRow): void => sink.rejected(row);
      const streams = [...this.read(instruments, { onRejected })];
      for (const stream of streams) {
        for (const block of stream.blocks as Iterable<HistoryBlock>) if (isActive && this.#isOpen) deliver(block, sink);
      }
      if (!isActive || !this.#isOpen) return;
      sink.status({ ts: lastOf(streams), feed: this.name, state: 'ended', reason: '', message: '' });
    });
    return {
      close: () => {
        isActive = false;
        return Promise.resolve();
      },
    };
  }

  *read(instruments: readonly Instrument[], range: ReadRange = {}): Generator<RecordedStream> {
    const symbols = new Set(instruments.map((instrument) => instrument.symbol));
    for (const symbol of symbols) {
      const data = this.#data.get(symbol);
      if (data === undefined) throw this.#unknown({ symbol });
      const blocks = this.#blocks(data, range);
      yield 'bars' in data ? { symbol, spec: data.spec, blocks } : { symbol, blocks };
    }
  }

  async *history(request: HistoryRequest): AsyncIterable<HistoryBlock> {
    if (!this.#isOpen) throw testingError('TESTING_FEED_NOT_OPEN', `Feed '${this.name}' is not open.`);
    const data = this.#data.get(request.instrument.symbol);
    if (data === undefined) throw this.#unknown(request.instrument);
    if ('bars' in data !== (request.bars !== undefined)) {
      const what = request.bars === undefined ? 'ticks' : 'bars';
      throw testingError(
        'TESTING_INPUT_INVALID',
        `Feed '${this.name}' has no ${what} of '${request.instrument.symbol}'.`,
      );
    }
    yield* this.#blocks(data, request);
  }

  #blocks(data: MemoryData, range: ReadRange): readonly HistoryBlock[] {
    const rejected = (line: number, reason: string): void => range.onRejected?.({ source: this.name, line, reason });
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
    const selection = { from, to, rows: BLOCK_ROWS, rejected };
    if ('bars' in data) {
      return usableBars(data.bars, selection).map((columns) => ({ kind: 'bars', columns, spec: data.spec }));
    }
    const { symbol } = data.instrument;
    return usableTicks(data.ticks, { ...selection, symbol }).map((columns) => ({ kind: 'ticks', columns }));
  }

  #unknown(instrument: Pick<Instrument, 'symbol'>): Error {
    return testingError('TESTING_INSTRUMENT_UNKNOWN', `Feed '${this.name}' does not know '${instrument.symbol}'.`, {
      details: { symbol: instrument.symbol },
    });
  }
}

function deliver(block: HistoryBlock, sink: FeedSink): void {
  if (block.kind === 'bars') sink.bars(block.columns, block.spec);
  else sink.ticks(block.columns);
}

/** The latest instant of the streams; 0 when they are empty. */
function lastOf(streams: readonly RecordedStream[]): EpochMs {
  let last = 0;
  for (const stream of streams) {
    for (const { columns } of stream.blocks as Iterable<HistoryBlock>) {
      const { length, ts } = columns as BarColumns | TickColumns;
      if (length > 0) last = Math.max(last, ts[length - 1]!);
    }
  }
  return last;
}
