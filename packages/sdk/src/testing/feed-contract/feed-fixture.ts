import type { Feed, FeedCapabilities, HistoryRequest } from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import type { EpochMs } from '../../model/time.js';

/** One event at the source. A feed that has only trades, or only bars, makes of it what it can: a bar has `last` as its prices. */
export interface SourceEvent {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
}

/** The source behind a feed: a server, a file or a list. */
export interface FeedSource {
  /** One more event of a symbol, later than all before. For a finite feed called before it is subscribed. */
  publish(symbol: string, event: SourceEvent): void | Promise<void>;
  /** One more row of a symbol that no feed could use. */
  malformed(symbol: string): void | Promise<void>;
  /** Cuts and restores the connection; needed by feeds that are not finite. */
  disconnect?(): void | Promise<void>;
  reconnect?(): void | Promise<void>;
}

/** One feed, not yet open, and its empty source. */
export interface FeedFixture {
  readonly feed: Feed;
  /** At least two that the source knows. */
  readonly instruments: readonly [Instrument, Instrument, ...(readonly Instrument[])];
  /** One that the source does not know. */
  readonly unknown: Instrument;
  readonly source: FeedSource;
  /** Price around which the suite publishes; 100 unless told otherwise. */
  readonly price?: number;
  /** A range with rows of the first instrument, for feeds that declare history; the range is made of published rows otherwise. */
  readonly history?: { readonly bars?: HistoryRequest; readonly ticks?: HistoryRequest };
  /** Resolves when all that the source sent has been delivered. */
  settle(): Promise<void>;
  dispose?(): Promise<void>;
}

/** Options of {@link feedContract}. */
export interface FeedContractOptions {
  /** The capabilities of the plugin's contribution. */
  readonly capabilities: FeedCapabilities;
  /** A fresh feed and source for every case. */
  create(): FeedFixture | Promise<FeedFixture>;
}

/** A range of time. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}
