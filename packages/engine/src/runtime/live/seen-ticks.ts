import type { EpochMs } from '@bookrunner/sdk';
import type { InstrumentState } from '../../market/instrument-state.js';

/** Newest instant of the ticks that were seen, and how many there were of it. */
type Newest = Pick<InstrumentState, 'tickTs' | 'ticksThen'>;

/** Notes a tick of this instant, none older than the newest. */
export function countTick(newest: Newest, ts: EpochMs): void {
  newest.ticksThen = ts === newest.tickTs ? newest.ticksThen + 1 : 1;
  newest.tickTs = ts;
}

/** What the kernel has seen of an instrument's ticks: where history and a feed both bring a tick, it counts once. */
export class SeenTicks {
  readonly #ts: EpochMs;
  /** Ticks of that very instant that were seen. */
  #left: number;

  /** Everything until the newest tick of the state; nothing where it has none. */
  constructor(state?: Newest) {
    const { tickTs, ticksThen } = state ?? { tickTs: Number.NaN, ticksThen: 0 };
    this.#ts = Number.isNaN(tickTs) ? Number.NEGATIVE_INFINITY : tickTs;
    this.#left = ticksThen;
  }

  /** Whether the next tick that is brought again, of this instant, was seen. */
  has(ts: EpochMs): boolean {
    if (ts < this.#ts) return true;
    // A tick of columns may have no time at all: it happened when it comes in, which is now.
    if (ts !== this.#ts || this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
