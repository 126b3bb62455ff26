import type { BarSpec, Feed, Instrument, ReadRange, RecordedFeed, RecordedStream, RejectedRow } from '@bookrunner/sdk';
import type { PreparedEngine } from '../plugins/index.js';
import { runtimeError } from './runtime-errors.js';

/** One recorded instrument of a run: its feed and its blocks, not yet read. */
export interface RunStream {
  readonly feed: string;
  readonly instrument: Instrument;
  readonly spec?: BarSpec;
  readonly blocks: RecordedStream['blocks'];
}

/** Feed of each symbol the strategies trade, in the order they are first named. Errors: RUN_SYMBOL_TWO_FEEDS. */
export function feedBySymbol(prepared: PreparedEngine): Map<string, string> {
  const feeds = new Map<string, string>();
  for (const strategy of prepared.strategies.values()) {
    for (const symbol of strategy.config.symbols) {
      const known = feeds.get(symbol);
      if (known !== undefined && known !== strategy.config.feed) {
        throw runtimeError(
          'RUN_SYMBOL_TWO_FEEDS',
          `${symbol} is taken from feed '${known}' and, by strategy '${strategy.name}', from feed '${strategy.config.feed}'.`,
        );
      }
      feeds.set(symbol, strategy.config.feed);
    }
  }
  return feeds;
}

/** Opens the recorded streams of a run. Errors: RUN_FEED_NOT_RECORDED and those of the feeds. */
export async function openStreams(
  prepared: PreparedEngine,
  feeds: ReadonlyMap<string, Feed>,
  options: {
    readonly feedOf: ReadonlyMap<string, string>;
    readonly range: Omit<ReadRange, 'onRejected'>;
    readonly rejected: RejectedRows;
  },
): Promise<RunStream[]> {
  const streams: RunStream[] = [];
  for (const name of new Set(options.feedOf.values())) {
    const feed = feeds.get(name);
    if (feed === undefined || !isRecorded(feed)) {
      throw runtimeError('RUN_FEED_NOT_RECORDED', `Feed '${name}' does not end, so it cannot drive a run by itself.`);
    }
    const symbols = [...options.feedOf].filter(([, owner]) => owner === name).map(([symbol]) => symbol);
    const instruments = symbols.map((symbol) => prepared.config.instruments[symbol] as Instrument);
    for (const instrument of instruments) await feed.resolve(instrument);
    const range = { ...options.range, onRejected: (row: RejectedRow) => options.rejected.add(row, name) };
    for await (const stream of feed.read(instruments, range)) {
      const instrument = instruments.find((candidate) => candidate.symbol === stream.symbol) as Instrument;
      const spec = stream.spec === undefined ? {} : { spec: stream.spec };
      streams.push({ feed: name, instrument, ...spec, blocks: stream.blocks });
    }
  }
  return streams;
}

/** Whether a feed can be read to its end. */
export function isRecorded(feed: Feed): feed is RecordedFeed {
  return feed.capabilities.finite === true && 'read' in feed;
}

/** Rows left out of one stream, or of a feed while none of its streams was read: how many, and the first of them. */
export interface RejectedCount {
  readonly count: number;
  readonly source: string;
  readonly reason: string;
}

/** Counts rejected rows by the stream whose block was being read, which is exact whatever the feed calls its sources. */
export class RejectedRows {
  /** The stream a block is asked of now. */
  reader: RunStream | undefined;
  /** By stream; by the name of the feed where no stream was being read. */
  readonly #counts = new Map<RunStream | string, { count: number; source: string; reason: string }>();
  readonly #onRow: ((row: RejectedRow) => void) | undefined;

  constructor(onRow?: (row: RejectedRow) => void) {
    this.#onRow = onRow;
  }

  add(row: RejectedRow, feed: string): void {
    const owner = this.reader?.feed === feed ? this.reader : feed;
    const entry = this.#counts.get(owner);
    if (entry === undefined) this.#counts.set(owner, { count: 1, source: row.source, reason: row.reason });
    else entry.count += 1;
    this.#onRow?.(row);
  }

  /** Counts of one of the streams; those of its feed that belong to no stream are with the first one. */
  of(streams: readonly RunStream[], index: number): readonly RejectedCount[] {
    const stream = streams[index] as RunStream;
    const isFirst = streams.findIndex(({ feed }) => feed === stream.feed) === index;
    const counts = [this.#counts.get(stream), isFirst ? this.#counts.get(stream.feed) : undefined];
    return counts.filter((entry) => entry !== undefined);
  }
}
