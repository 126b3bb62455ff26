import type { BarColumns, BarSpec, Clock, EngineNotice, EpochMs, FeedStatus, Tick, TickColumns } from '@bookrunner/sdk';

/** Most ticks, and most bars, that wait while a run warms up or history is fetched. */
export const QUEUE_ROWS = 100_000;

/** What waits, in order of arrival. */
export type QueuedRows =
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'ticks'; readonly columns: TickColumns }
  | { readonly kind: 'bars'; readonly columns: BarColumns; readonly spec: BarSpec }
  | { readonly kind: 'status'; readonly status: FeedStatus };

/**
 * Holds what a feed delivers before the run is ready for it. Bounded, ticks and bars each by itself: when full, the oldest tenth goes, counted
 * and told; states stay. Once the run is live nothing waits here: the network's own queue is the only one.
 */
export class LiveQueue {
  readonly #most: number;
  readonly #onFull: () => void;
  #entries: QueuedRows[] = [];
  #ticks = 0;
  #bars = 0;
  #dropped = 0;
  #isTold = false;

  /** `onFull` is called when something is pushed out for the first time since it was empty. */
  constructor(most: number = QUEUE_ROWS, onFull: () => void = () => {}) {
    this.#most = most;
    this.#onFull = onFull;
  }

  /** Rows pushed out so far. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: QueuedRows): void {
    this.#entries.push(entry);
    this.#ticks += ticksIn(entry);
    this.#bars += barsIn(entry);
    if (this.#ticks > this.#most) this.#ticks = this.#shrink(this.#ticks, ticksIn);
    if (this.#bars > this.#most) this.#bars = this.#shrink(this.#bars, barsIn);
  }

  /** Everything that waits, oldest first; the queue is empty afterwards. */
  take(): readonly QueuedRows[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#ticks = 0;
    this.#bars = 0;
    this.#isTold = false;
    return entries;
  }

  /** Pushes out the oldest rows of a kind; how many are left. */
  #shrink(rows: number, rowsIn: (entry: QueuedRows) => number): number {
    const goal = Math.floor(this.#most * 0.9);
    let left = rows;
    this.#entries = this.#entries.filter((entry) => {
      const own = rowsIn(entry);
      if (own === 0 || left <= goal) return true;
      left -= own;
      return false;
    });
    this.#dropped += rows - left;
    if (!this.#isTold) this.#onFull();
    this.#isTold = true;
    return left;
  }
}

/** A tick that waits, with the time it came: feeds use one object over and over. */
export function queuedTick(tick: Tick, clock: Clock): QueuedRows {
  const { ts, symbol, venue, bid, ask, bidSize, askSize, last, size } = tick;
  const recvTs = Number.isNaN(tick.recvTs) ? clock.nowUtc() : tick.recvTs;
  return { kind: 'tick', tick: { ts, recvTs, symbol, venue, bid, ask, bidSize, askSize, last, size } };
}

/** What a person is told where rows are pushed out; `symbol` is empty where they wait for the run to begin. */
export function queueFull(feed: string, symbol: string, ts: EpochMs): EngineNotice {
  const waits =
    symbol === ''
      ? `Feed '${feed}': more rows wait for the run to begin than there is place for`
      : `Feed '${feed}', ${symbol}: more rows wait than there is place for, since the feed has not said that it is live again, or its history is slow`;
  return {
    ts,
    level: 'warning',
    code: 'FEED_QUEUE_FULL',
    message: `${waits}; the oldest are pushed out and counted (overflowed). Of a feed with a history they come from there once it is live.`,
    details: { feed, ...(symbol === '' ? {} : { symbol }) },
  };
}

function ticksIn(entry: QueuedRows): number {
  if (entry.kind === 'tick') return 1;
  return entry.kind === 'ticks' ? entry.columns.length : 0;
}

function barsIn(entry: QueuedRows): number {
  return entry.kind === 'bars' ? entry.columns.length : 0;
}
