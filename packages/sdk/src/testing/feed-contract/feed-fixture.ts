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

/**
 * How a source misbehaves when the suite asks it to. A hook is used where its name is declared in `faults` of
 * {@link FeedContractOptions}; the cases of the others are skipped, and say so. `cut` and `fallSilent` are for feeds that are not
 * finite; for a finite feed the others are called before it is subscribed.
 */
export interface FeedFaults {
  /**
   * Cuts the connection and refuses every new one until the function that it answers is called. That one does not wait for the feed,
   * which may have been closed meanwhile.
   */
  cut?(): (() => void | Promise<void>) | Promise<() => void | Promise<void>>;
  /** Lets time go by in which the source says nothing of any instrument, signs of life apart, and the feed would notice; then ends. */
  fallSilent?(): void | Promise<void>;
  /** One more event, sent twice with some time in between, as a source does that is not sure. Answers the time that both carry. */
  publishTwice?(symbol: string, event: SourceEvent): EpochMs | Promise<EpochMs>;
  /** One more event whose own time is off by so much, early or late, sent now. Answers the time it carries. */
  publishAt?(symbol: string, event: SourceEvent, offsetMs: number): EpochMs | Promise<EpochMs>;
  /** One more event, cut short in the middle, as a writer that died or a connection that broke leaves it; the source then goes on. */
  publishTorn?(symbol: string, event: SourceEvent): void | Promise<void>;
}

/** Name of a hook of {@link FeedFaults}. */
export type FeedFaultHook = keyof FeedFaults;

/** One feed, not yet open, and its empty source. */
export interface FeedFixture {
  readonly feed: Feed;
  /** At least two that the source knows. */
  readonly instruments: readonly [Instrument, Instrument, ...(readonly Instrument[])];
  /** One that the source does not know. */
  readonly unknown: Instrument;
  readonly source: FeedSource;
  readonly faults?: FeedFaults;
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
  /** The hooks that the fixture has in its `faults`; none unless told otherwise. */
  readonly faults?: readonly FeedFaultHook[];
}

/** A range of time. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}
