// What a feed tells apart from rows: how it stands as a whole, how each instrument stands, and what it could not use.
import type { Clock, EpochMs, FeedSink, FeedState } from '@bookrunner/sdk';
import type { LineState } from './line-health.js';
import type { LineHost, MarketLine } from './market-line.js';

/** An instrument of which something is told. */
export interface ToldLine {
  readonly symbol: string;
  readonly sinks: readonly FeedSink[];
  readonly health: { readonly trouble: LineState | undefined };
}

/** Rows that were not delivered, by reason. */
export interface FeedCounters {
  /** Rows that cannot be: told to the sinks as rejected. */
  readonly rejected: number;
  /** Ticks of types that IB had not given a number to when this was written. */
  readonly unknownTicks: number;
}

/** What {@link FeedReporter} is made of. */
export interface FeedReporterParts {
  readonly feed: string;
  readonly clock: Clock;
  /** Everybody who has subscribed anything, once. */
  readonly sinks: () => Iterable<FeedSink>;
}

const WELL = { state: 'live', reason: '', message: '' } as const;

export class FeedReporter {
  readonly #parts: FeedReporterParts;
  #now: EpochMs = 0;
  #rejected = 0;
  #unknownTicks = 0;
  #state: { readonly state: FeedState; readonly reason: string; readonly message: string } = WELL;

  constructor(parts: FeedReporterParts) {
    this.#parts = parts;
  }

  get counters(): FeedCounters {
    return { rejected: this.#rejected, unknownTicks: this.#unknownTicks };
  }

  /** Receive time of a row; it never goes back. */
  now(): EpochMs {
    const now = this.#parts.clock.nowUtc();
    if (now > this.#now) this.#now = now;
    return this.#now;
  }

  /** What lines need of the feed. */
  host(wait: (line: MarketLine) => void): LineHost {
    return {
      feed: this.#parts.feed,
      now: () => this.now(),
      wait,
      stateChanged: (line, state) => this.tell(line, state),
      reject: (line, reason) => this.reject(line, reason),
      unknownTick: () => {
        this.#unknownTicks += 1;
      },
    };
  }

  /** How the feed as a whole stands; said once. */
  tellFeed(state: FeedState, reason: string, message: string): void {
    if (state === this.#state.state && reason === this.#state.reason) return;
    this.#state = { state, reason, message };
    for (const sink of this.#parts.sinks()) this.#status(sink, this.#state);
  }

  /** How one instrument stands. */
  tell(line: ToldLine, state: LineState): void {
    for (const sink of line.sinks) this.#status(sink, { ...state, symbol: line.symbol });
  }

  /** To somebody who subscribes what others have subscribed before. */
  tellTo(sink: FeedSink, { symbol, health }: ToldLine): void {
    if (health.trouble !== undefined) this.#status(sink, { ...health.trouble, symbol });
  }

  /** To somebody who subscribes while the feed is away. */
  tellFeedTo(sink: FeedSink): void {
    if (this.#state.state !== 'live') this.#status(sink, this.#state);
  }

  /** Says again what of an instrument is not well. */
  repeat(line: ToldLine): void {
    if (line.health.trouble !== undefined) this.tell(line, line.health.trouble);
  }

  #status(
    sink: FeedSink,
    status: {
      readonly state: FeedState;
      readonly reason: string;
      readonly message: string;
      readonly symbol?: string;
    },
  ): void {
    sink.status({ ts: this.now(), feed: this.#parts.feed, ...status });
  }

  /** A message that cannot be read. */
  rejectUnread(reason: string): void {
    this.#rejected += 1;
    for (const sink of this.#parts.sinks()) sink.rejected({ source: this.#parts.feed, line: this.#rejected, reason });
  }

  /** A row that cannot be used. */
  reject(line: ToldLine, what: string): void {
    this.#rejected += 1;
    const reason = `${line.symbol}: ${what} cannot be used`;
    for (const sink of line.sinks) sink.rejected({ source: this.#parts.feed, line: this.#rejected, reason });
  }
}
