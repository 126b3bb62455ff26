import type { Clock, FeedState, FeedStatus } from '@bookrunner/sdk';
import type { ChannelInstrument } from './live-channel.js';
import type { StaleWatch } from './live-stale.js';

/** Options of {@link LiveSilence}. */
export interface LiveSilenceOptions {
  readonly feed: string;
  readonly stale: StaleWatch;
  readonly instruments: readonly ChannelInstrument[];
  readonly clock: Clock;
  readonly say: (status: FeedStatus) => void;
}

/** How long a feed, and each of its instruments, has not spoken: it says where that is too long, and when rows come again. */
export class LiveSilence {
  readonly #options: LiveSilenceOptions;

  constructor(options: LiveSilenceOptions) {
    this.#options = options;
  }

  /** Whether the whole feed is silent for too long by now. */
  get isSilent(): boolean {
    return this.#options.stale.isStale;
  }

  /** Time passed. */
  look(): void {
    const { stale, instruments } = this.#options;
    const now = this.#now;
    this.#judge(stale.look(now));
    // While the whole feed is silent so is every part of it: that is one fact.
    if (stale.isStale) return;
    for (const live of instruments) this.#judgeOne(live, live.stale?.look(now));
  }

  /** A row came. True where the whole feed speaks again: that brings its symbols back, and what of them is not is to be said again. */
  row(live: ChannelInstrument): boolean {
    const now = this.#now;
    const feed = this.#options.stale.row(now);
    this.#judge(feed);
    this.#judgeOne(live, live.stale?.row(now));
    return feed === 'live';
  }

  /** See {@link row}. */
  sayStale(): void {
    for (const live of this.#options.instruments) if (live.stale?.isStale === true) this.#judgeOne(live, 'stale');
  }

  /** A row came that waits: no silence, and no news before it is taken. */
  heard(live: ChannelInstrument | undefined): void {
    this.#options.stale.heard(this.#now);
    live?.stale?.heard(this.#now);
  }

  /** What the feed says: where it is back, or a symbol of it, it has not been silent since. */
  said({ state, symbol }: FeedStatus): void {
    if (state !== 'live' && state !== 'delayed') return;
    const { stale, instruments } = this.#options;
    if (symbol === undefined) stale.back(this.#now);
    for (const live of instruments) {
      if (symbol === undefined || symbol === live.instrument.symbol) live.stale?.back(this.#now);
    }
  }

  #judge(state: FeedState | undefined): void {
    if (state === undefined) return;
    const { stale, feed, say } = this.#options;
    const isStale = state === 'stale';
    const message = isStale ? `No row for more than ${stale.limitMs} ms of open market.` : 'Rows come again.';
    say({ ts: this.#now, feed, state, reason: isStale ? 'FEED_STALE' : '', message });
  }

  #judgeOne({ instrument: { symbol }, stale }: ChannelInstrument, state: FeedState | undefined): void {
    if (state === undefined || stale === undefined) return;
    const { feed, say } = this.#options;
    const isStale = state === 'stale';
    const message = isStale ? `No row for more than ${stale.limitMs} ms of its open market.` : 'Rows come again.';
    say({ ts: this.#now, feed, symbol, state, reason: isStale ? 'INSTRUMENT_STALE' : '', message });
  }

  get #now(): number {
    return this.#options.clock.nowUtc();
  }
}
