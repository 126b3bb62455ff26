import type { EpochMs, FeedState, MarketCalendar } from '@bookrunner/sdk';

/** Options of {@link StaleWatch}. */
export interface StaleWatchOptions {
  /** Calendars of what the feed delivers: it is expected to speak while any of them is open. */
  readonly calendars: readonly MarketCalendar[];
  /** Longest silence in open market. */
  readonly limitMs: number;
  readonly from: EpochMs;
}

/** Judges one feed: stale after a silence in open market, live again with the next row. A heartbeat is no row. */
export class StaleWatch {
  readonly #options: StaleWatchOptions;
  #lastAt: EpochMs;
  #isStale = false;

  constructor(options: StaleWatchOptions) {
    this.#options = options;
    this.#lastAt = options.from;
  }

  /** Longest silence in open market, in ms. */
  get limitMs(): number {
    return this.#options.limitMs;
  }

  /** A row came. Gives the new state where it changes. */
  row(now: EpochMs): FeedState | undefined {
    this.#lastAt = now;
    if (!this.#isStale) return undefined;
    this.#isStale = false;
    return 'live';
  }

  /** Time passed. Gives the new state where it changes. */
  look(now: EpochMs): FeedState | undefined {
    if (this.#isStale || this.silenceMs(now) <= this.#options.limitMs) return undefined;
    this.#isStale = true;
    return 'stale';
  }

  /** Silence in the running sessions: closed time is not counted. */
  silenceMs(now: EpochMs): number {
    let silence = 0;
    for (const calendar of this.#options.calendars) {
      // Outside its data a calendar knows nothing, and nothing is expected.
      if (now < calendar.validFrom || now >= calendar.validTo || !calendar.isOpen(now)) continue;
      silence = Math.max(silence, now - Math.max(this.#lastAt, calendar.sessionOpen(now)));
    }
    return silence;
  }
}
