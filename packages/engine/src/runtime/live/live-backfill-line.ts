import type { Clock, EpochMs, FeedStatus } from '@bookrunner/sdk';
import type { LiveHistory, MissedRows } from './live-history.js';
import type { LivePast } from './live-past.js';
import { LiveQueue } from './live-queue.js';

/** Least time between two questions to the history of one symbol: a feed that flaps does not storm it. */
export const FILL_EVERY_MS = 10_000;
/** Longest time between two looks for bars that were left out, where history had none of them. */
const LOOK_MOST_MS = 3_600_000;

/** Options of {@link BackfillLine}. */
export interface BackfillLineOptions {
  readonly symbol: string;
  readonly history: LiveHistory;
  readonly past: LivePast;
  readonly clock: Clock;
  /** Most ticks, and most bars, that wait. */
  readonly queueRows: number;
  /** More would wait than may. */
  readonly onFull: () => void;
}

/** From when on nobody has watched a symbol whose feed was away when the run began. */
export interface Unwatched {
  readonly since: EpochMs;
  /** Its strategies begin anew: what they need to be warm comes from history, too. */
  readonly isAnew: boolean;
}

/** One symbol of a feed: whether its rows wait, and for what. */
export class BackfillLine {
  readonly symbol: string;
  readonly queue: LiveQueue;
  /** `away`: the feed brings nothing of it. `filling`: it is back, and what it did not bring is asked for. */
  stage: 'well' | 'away' | 'filling' = 'well';
  /** What the feed said when this symbol alone was lost; undefined where it was not. */
  away: FeedStatus | undefined;
  lostAt: EpochMs = Number.NaN;
  /** Set where the run began without the feed, until it has joined. */
  unwatched: Unwatched | undefined;
  /** Where what is missing ends; infinity for now. */
  until: EpochMs = Number.POSITIVE_INFINITY;
  /** From when on history may be looked into for bars that were left out. */
  lookAt: EpochMs = Number.NEGATIVE_INFINITY;
  readonly #options: BackfillLineOptions;
  #lookEveryMs = FILL_EVERY_MS;
  #askedAt: EpochMs = Number.NEGATIVE_INFINITY;
  #droppedBefore = 0;
  #work: AbortController | undefined;

  constructor(options: BackfillLineOptions) {
    this.#options = options;
    this.symbol = options.symbol;
    this.queue = new LiveQueue(options.queueRows, options.onFull);
  }

  get isMadeOfTicks(): boolean {
    return this.#options.history.takesTicks;
  }

  /** Work on it begins; the signal says when it is in vain. */
  begin(): AbortSignal {
    this.#work?.abort();
    this.#work = new AbortController();
    return this.#work.signal;
  }

  abort(): void {
    this.until = Number.POSITIVE_INFINITY;
    this.#work?.abort();
    this.#work = undefined;
  }

  /** When its history may be asked next. */
  get mayAskAt(): EpochMs {
    return this.#askedAt + FILL_EVERY_MS;
  }

  /** Waits until history may be asked again, or until the signal. */
  async mayAsk(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (signal.aborted || this.mayAskAt <= clock.nowUtc()) return;
    await clock.sleepUntil(this.mayAskAt, signal).catch(() => {});
  }

  /** All that is missing until now. Rejects with what the history says, or what the signal does. */
  ask(signal: AbortSignal): Promise<MissedRows> {
    const { clock, history } = this.#options;
    const now = clock.nowUtc();
    this.#askedAt = now;
    this.#droppedBefore = this.queue.dropped;
    const isAnew = this.unwatched?.isAnew === true;
    return history.missed({ lostAt: this.lostAt, to: Math.min(now, this.until), isAnew, signal });
  }

  /** Whether rows that waited were pushed out since history was asked: its answer does not have them. */
  get hasOverflowed(): boolean {
    return this.queue.dropped > this.#droppedBefore;
  }

  enter(missed: MissedRows, signal: AbortSignal): Promise<number> {
    return this.#options.past.enter(missed, signal);
  }

  /** How many rows were found. Bars that were left out and are not in history either did not trade: it is looked at less often. */
  found(rows: number, wasLook: boolean): void {
    if (rows > 0) this.#lookEveryMs = FILL_EVERY_MS;
    else if (wasLook) this.#lookEveryMs = Math.min(LOOK_MOST_MS, this.#lookEveryMs * 2);
    this.until = Number.POSITIVE_INFINITY;
    this.lookAt = this.#options.clock.nowUtc() + this.#lookEveryMs;
  }

  /** What waits may have been entered from history already. */
  mayRepeat(): void {
    this.#options.past.mayRepeat();
  }

  /** Takes what waited; how many rows. */
  waited(): number {
    return this.#options.past.waited(this.queue);
  }

  /** The venue is shown where the market stands. */
  show(): void {
    this.#options.past.show();
  }
}
