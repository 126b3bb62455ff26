import type { EpochMs, FeedState, MarketCalendar } from '@bookrunner/sdk';

const DEFAULT_FEED_MS = 2_000;

/** Longest silences, in ms of open market. */
export interface StaleLimits {
  readonly feedMs: number;
  /** By symbol, where one is declared. */
  readonly instruments: Readonly<Record<string, number>>;
}

/** As the options of the global risk policy say, or the defaults where they say nothing of it. */
export function staleLimits(riskOptions: unknown): StaleLimits {
  const { stale } = riskOptions as { readonly stale?: Partial<StaleLimits> };
  return { feedMs: stale?.feedMs ?? DEFAULT_FEED_MS, instruments: stale?.instruments ?? {} };
}

/** Options of {@link StaleWatch}. */
export interface StaleWatchOptions {
  /** Calendars of what is delivered: it is expected to speak while any of them is open. */
  readonly calendars: readonly MarketCalendar[];
  /** Longest silence in open market. */
  readonly limitMs: number;
  readonly from: EpochMs;
}

/** Judges one feed, or one instrument of it: stale after a silence in open market, live again with the next row. A heartbeat is no row. */
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

  get isStale(): boolean {
    return this.#isStale;
  }

  /** A row came. Gives the new state where it changes. */
  row(now: EpochMs): FeedState | undefined {
    this.#lastAt = now;
    if (!this.#isStale) return undefined;
    this.#isStale = false;
    return 'live';
  }

  /** A row came that waits: no silence, and no news before it is taken. */
  heard(now: EpochMs): void {
    this.#lastAt = now;
  }

  /** It is back, as its feed says: silence begins anew. */
  back(now: EpochMs): void {
    this.#lastAt = now;
    this.#isStale = false;
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
