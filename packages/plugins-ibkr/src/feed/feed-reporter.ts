// What a feed tells apart from rows: how it stands as a whole, how each instrument stands, and what it could not use.
import { MINUTE_MS } from '@bookrunner/sdk';
import type { Clock, EpochMs, ErrorTable, FeedSink, FeedState, FeedStatus, Heartbeat, Logger } from '@bookrunner/sdk';
import { IBKR_ERRORS } from '../ibkr-errors.js';
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
  /** Exceptions of receivers, which must not throw: what they were told went to the others all the same. */
  readonly receiverFaults: number;
}

/** What {@link FeedReporter} is made of. */
export interface FeedReporterParts {
  readonly feed: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Everybody who has subscribed anything, once. */
  readonly sinks: () => Iterable<FeedSink>;
}

/** States that do not end by themselves: somebody has to do something. */
const LASTING: ReadonlySet<FeedState> = new Set(['failed', 'stale', 'delayed']);

/** What is wrong, and what to do. */
function withRemedy({ state, reason, message }: Pick<FeedStatus, 'state' | 'reason' | 'message'>): string {
  const known = (IBKR_ERRORS as ErrorTable)[reason];
  return known === undefined || !LASTING.has(state) ? message : `${message} ${known.remedy}`;
}

const WELL = { state: 'live', reason: '', message: '' } as const;

export class FeedReporter {
  readonly #parts: FeedReporterParts;
  #now: EpochMs = 0;
  #rejected = 0;
  #unknownTicks = 0;
  #receiverFaults = 0;
  #faultToldAt: EpochMs = Number.NEGATIVE_INFINITY;
  #state: { readonly state: FeedState; readonly reason: string; readonly message: string } = WELL;

  constructor(parts: FeedReporterParts) {
    this.#parts = parts;
  }

  get counters(): FeedCounters {
    return { rejected: this.#rejected, unknownTicks: this.#unknownTicks, receiverFaults: this.#receiverFaults };
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
      receiverFailed: (error) => this.receiverFailed(error),
    };
  }

  /** Calls each; what one throws reaches neither the others nor the session. */
  deliver(sinks: Iterable<FeedSink>, call: (sink: FeedSink) => void): void {
    for (const sink of sinks) {
      try {
        call(sink);
      } catch (error) {
        this.receiverFailed(error);
      }
    }
  }

  /** Counted, and logged once a minute: it may fail at every row. */
  receiverFailed(error: unknown): void {
    const { clock, logger, feed } = this.#parts;
    this.#receiverFaults += 1;
    const now = clock.nowUtc();
    if (Math.abs(now - this.#faultToldAt) < MINUTE_MS) return;
    this.#faultToldAt = now;
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    logger.error('A receiver of data failed; the feed goes on.', { feed, faults: this.#receiverFaults, error: shown });
  }

  /** The gateway is alive. */
  heartbeat(heartbeat: Heartbeat): void {
    this.deliver(this.#parts.sinks(), (sink) => sink.heartbeat(heartbeat));
  }

  /** How the feed as a whole stands; said once. */
  tellFeed(state: FeedState, reason: string, message: string): void {
    if (state === this.#state.state && reason === this.#state.reason) return;
    this.#state = { state, reason, message };
    this.#status(this.#parts.sinks(), this.#state);
  }

  /** How one instrument stands. */
  tell(line: ToldLine, state: LineState): void {
    this.#status(line.sinks, { ...state, symbol: line.symbol });
  }

  /** To somebody who subscribes what others have subscribed before. */
  tellTo(sink: FeedSink, { symbol, health }: ToldLine): void {
    if (health.trouble !== undefined) this.#status([sink], { ...health.trouble, symbol });
  }

  /** To somebody who subscribes while the feed is away. */
  tellFeedTo(sink: FeedSink): void {
    if (this.#state.state !== 'live') this.#status([sink], this.#state);
  }

  /** Says again what of an instrument is not well. */
  repeat(line: ToldLine): void {
    if (line.health.trouble !== undefined) this.tell(line, line.health.trouble);
  }

  #status(sinks: Iterable<FeedSink>, told: Omit<FeedStatus, 'ts' | 'feed'>): void {
    const status = { ts: this.now(), feed: this.#parts.feed, ...told, message: withRemedy(told) };
    this.deliver(sinks, (sink) => sink.status(status));
  }

  /** A message that cannot be read. */
  rejectUnread(reason: string): void {
    this.#reject(this.#parts.sinks(), reason);
  }

  /** A row that cannot be used. */
  reject(line: ToldLine, what: string): void {
    this.#reject(line.sinks, `${line.symbol}: ${what} cannot be used`);
  }

  #reject(sinks: Iterable<FeedSink>, reason: string): void {
    this.#rejected += 1;
    const row = { source: this.#parts.feed, line: this.#rejected, reason };
    this.deliver(sinks, (sink) => sink.rejected(row));
  }
}
