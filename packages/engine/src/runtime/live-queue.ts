import type { BarColumns, BarSpec, FeedStatus, Tick, TickColumns } from '@bookrunner/sdk';

/** Most rows that wait while a run warms up. */
export const QUEUE_ROWS = 100_000;

/** What waits, in order of arrival. */
export type QueuedRows =
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'ticks'; readonly columns: TickColumns }
  | { readonly kind: 'bars'; readonly columns: BarColumns; readonly spec: BarSpec }
  | { readonly kind: 'status'; readonly status: FeedStatus };

/**
 * Holds what a feed delivers before the run is ready for it. Bounded: when full, the oldest tenth of the ticks goes, counted; bars
 * and states stay. Once the run is live nothing waits here: the network's own queue is the only one.
 */
export class LiveQueue {
  readonly #most: number;
  #entries: QueuedRows[] = [];
  #rows = 0;
  #dropped = 0;

  constructor(most: number = QUEUE_ROWS) {
    this.#most = most;
  }

  /** Ticks pushed out so far. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: QueuedRows): void {
    this.#entries.push(entry);
    this.#rows += ticksIn(entry);
    if (this.#rows > this.#most) this.#shrink();
  }

  /** Everything that waits, oldest first; the queue is empty afterwards. */
  take(): readonly QueuedRows[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#rows = 0;
    return entries;
  }

  #shrink(): void {
    const goal = Math.floor(this.#most * 0.9);
    this.#entries = this.#entries.filter((entry) => {
      const rows = ticksIn(entry);
      if (rows === 0 || this.#rows <= goal) return true;
      this.#rows -= rows;
      this.#dropped += rows;
      return false;
    });
  }
}

function ticksIn(entry: QueuedRows): number {
  if (entry.kind === 'tick') return 1;
  return entry.kind === 'ticks' ? entry.columns.length : 0;
}
