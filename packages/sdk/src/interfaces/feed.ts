import type { BarColumns, BarSpec } from '../model/bar.js';
import type { Heartbeat } from '../model/heartbeat.js';
import type { Instrument } from '../model/instrument.js';
import type { Tick, TickColumns } from '../model/tick.js';
import type { EpochMs } from '../model/time.js';

/** What a feed can do; absent means it cannot. */
export interface FeedCapabilities {
  /** Delivers best bid and ask. */
  readonly quotes?: boolean;
  /** Delivers trades. */
  readonly trades?: boolean;
  /** Delivers ready bars of these lengths in seconds; an empty list means whatever length the source holds. */
  readonly barSeconds?: readonly number[];
  /** Answers `history` for bars, for ticks. */
  readonly historyBars?: boolean;
  readonly historyTicks?: boolean;
  /** Ends by itself (recorded and synthetic data); such a feed can drive a backtest. */
  readonly finite?: boolean;
}

/** How a subscription stands. `ended` comes once, from finite feeds only. */
export type FeedState = 'live' | 'delayed' | 'stale' | 'halted' | 'disconnected' | 'failed' | 'ended';

/** What a feed says about its own health. No symbol means the whole feed. */
export interface FeedStatus {
  readonly ts: EpochMs;
  readonly feed: string;
  readonly symbol?: string;
  readonly state: FeedState;
  /** Code of the plugin's error table, empty when well. */
  readonly reason: string;
  readonly message: string;
}

/** A row that could not be used: reported, counted, never silently dropped. */
export interface RejectedRow {
  readonly source: string;
  /** Line or row number in the source, from 1; 0 where there is none. */
  readonly line: number;
  readonly reason: string;
}

/** Where a feed delivers. Calls are synchronous and never throw; columns belong to the receiver after the call. */
export interface FeedSink {
  tick(tick: Tick): void;
  ticks(columns: TickColumns): void;
  bars(columns: BarColumns, spec: BarSpec): void;
  status(status: FeedStatus): void;
  heartbeat(heartbeat: Heartbeat): void;
  rejected(row: RejectedRow): void;
}

/** An instrument as the feed's source knows it, with what the source says of its steps. */
export interface ResolvedInstrument {
  readonly instrument: Instrument;
  readonly sourceId: string;
}

/** A running subscription. */
export interface Subscription {
  /** Ends delivery; safe to call twice. */
  close(): Promise<void>;
}

/** A slice of history: `from` inclusive, `to` exclusive. */
export interface HistoryRequest {
  readonly instrument: Instrument;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Bars of this spec; absent asks for ticks. */
  readonly bars?: BarSpec;
}

/** One block of history, of at most some ten thousand rows. */
export type HistoryBlock =
  | { readonly kind: 'bars'; readonly columns: BarColumns; readonly spec: BarSpec }
  | { readonly kind: 'ticks'; readonly columns: TickColumns };

/**
 * Brings ticks or bars in, and reports its own health.
 *
 * Rules: 1. Never throws into the engine: faults come as `status`. 2. `open` connects, within the engine's time limit; nothing
 * happens before it. 3. `close` is safe to call twice, and nothing is delivered after it. 4. Per symbol, delivery is ascending
 * by `recvTs` (or `ts`). 5. Prices are finite or NaN, never 0 for "unknown"; bid is not above ask unless the source said so, and
 * the feed does not repair it. 6. Only subscribed symbols are delivered, each once per event. 7. After an outage the feed
 * reports `disconnected`, then `live`, and subscriptions continue without being asked. 8. A row it cannot use goes to
 * `rejected`. 9. `resolve` answers the instrument or rejects with a TradingError naming the symbol. 10. `history` is ascending,
 * inside the asked range, and ends. 11. Given objects are not changed.
 * 12. However often the connection comes and goes, each subscription continues once, and one closed meanwhile stays closed. 13. A
 * source that cannot be reached is not called `live`, and `history` then fails with a TradingError unless it answers all the same
 * what it would answer with a connection: never less. 14. `close` also ends what tries to connect. 15. Silence is no data: a sign of
 * life is a `heartbeat`, and nothing is repeated or made up to fill a silence. 16. `ts` is the time the source gives and `recvTs` the
 * feed's own: a row that comes twice, late, or by a clock that is wrong is passed on so or `rejected`, never given another time, and
 * does not stop a live feed. 17. Half a row or message is `rejected`, or lost with a connection reported `disconnected`; nothing is
 * read out of it, and what comes after it is delivered.
 * Handlers do not block: long work goes to a worker. Checked by `feedContract` (FED-…).
 */
export interface Feed {
  readonly capabilities: FeedCapabilities;
  resolve(instrument: Instrument): Promise<ResolvedInstrument>;
  open(): Promise<void>;
  close(): Promise<void>;
  subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription>;
  history?(request: HistoryRequest): AsyncIterable<HistoryBlock>;
}

/**
 * A feed that ends, read in blocks: what drives a backtest without a clock. Contributed by feeds with `finite: true`, next to
 * `subscribe`. Blocks of one instrument ascend by time; each block belongs to one instrument.
 */
export interface RecordedFeed extends Feed {
  read(instruments: readonly Instrument[], range: ReadRange): AsyncIterable<RecordedStream> | Iterable<RecordedStream>;
}

/** The part of the data to read; absent bounds mean all of it. */
export interface ReadRange {
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  readonly onRejected?: (row: RejectedRow) => void;
}

/** One instrument's data: its kind, its bar spec, and its blocks in order of time. */
export interface RecordedStream {
  readonly symbol: string;
  readonly spec?: BarSpec;
  readonly blocks: AsyncIterable<HistoryBlock> | Iterable<HistoryBlock>;
}
