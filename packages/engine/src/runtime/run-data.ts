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
  options: { readonly feedOf: ReadonlyMap<string, string>; readonly range: ReadRange },
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
    for await (const stream of feed.read(instruments, options.range)) {
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

/** Counts rejected rows by source and keeps the first reason of each. */
export class RejectedRows {
  readonly bySource = new Map<string, { count: number; reason: string }>();
  total = 0;
  readonly #onRow: ((row: RejectedRow) => void) | undefined;

  constructor(onRow?: (row: RejectedRow) => void) {
    this.#onRow = onRow;
  }

  readonly add = (row: RejectedRow): void => {
    this.total += 1;
    const entry = this.bySource.get(row.source);
    if (entry === undefined) this.bySource.set(row.source, { count: 1, reason: row.reason });
    else entry.count += 1;
    this.#onRow?.(row);
  };
}
