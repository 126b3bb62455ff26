// Drawdown of one equity series: the running peak, the worst falls from it and how long each lasted.
import { DAY_MS, type EpochMs } from '@bookrunner/sdk';

/** One fall from a peak. Lengths run from the last instant at the peak to recovery, or to the last mark while it is open. */
export interface DrawdownEpisode {
  readonly peakTs: EpochMs;
  readonly troughTs: EpochMs;
  /** When equity was back at the peak; null while it is not. */
  readonly recoveryTs: EpochMs | null;
  /** Largest fall as a share of the peak: 0.25 is a quarter. */
  readonly depth: number;
  /** Length in days of 24 hours. */
  readonly days: number;
}

const KEPT_EPISODES = 10;

const PEAK = 0;
const PEAK_TS = 1;
const LAST = 2;
const LAST_TS = 3;
const DEPTH = 4;
const TROUGH_TS = 5;
const MAX_DEPTH = 6;
const MAX_VALUE = 7;
const MAX_LENGTH = 8;
const FIELDS = 9;

/**
 * Follows equity mark by mark; exact, allocates nothing while a fall lasts. A peak of zero or below has no meaningful share, so
 * depth is only measured from positive peaks; the fall in money is measured from any.
 */
export class DrawdownTracker {
  // One typed array holds the state, so that no number is ever boxed.
  readonly #state = new Float64Array(FIELDS);
  #episodes: DrawdownEpisode[] = [];

  constructor() {
    this.#state[PEAK] = Number.NEGATIVE_INFINITY;
    this.#state[LAST] = Number.NEGATIVE_INFINITY;
  }

  /** Takes equity at an instant not before the last one and returns the fall from the peak as a share of it, 0 at the peak. */
  mark(ts: EpochMs, equity: number): number {
    const state = this.#state;
    const peak = state[PEAK]!;
    let depth = 0;
    if (equity >= peak) {
      if (state[LAST]! < peak) this.#recover(ts);
      state[PEAK] = equity;
      state[PEAK_TS] = ts;
    } else {
      const fall = peak - equity;
      if (fall > state[MAX_VALUE]!) state[MAX_VALUE] = fall;
      if (peak > 0) {
        depth = fall / peak;
        if (depth > state[DEPTH]!) {
          state[DEPTH] = depth;
          state[TROUGH_TS] = ts;
        }
      }
    }
    state[LAST] = equity;
    state[LAST_TS] = ts;
    return depth;
  }

  /**
   * A deposit (positive) or withdrawal (negative) between two marks: the peak is scaled with equity, so the share lost so far
   * stays what it was. Where nothing was left before, the peak starts again.
   */
  flow(amount: number): void {
    const state = this.#state;
    const before = state[LAST]!;
    if (before === Number.NEGATIVE_INFINITY) return;
    const after = before + amount;
    const peak = state[PEAK]!;
    state[LAST] = after;
    if (before === peak) {
      state[PEAK] = after;
    } else if (before > 0 && after > 0) {
      state[PEAK] = peak * (after / before);
    } else {
      this.#recover(state[LAST_TS]!);
      state[PEAK] = after;
      state[PEAK_TS] = state[LAST_TS]!;
    }
  }

  /** Highest equity so far, scaled by flows; NaN before the first mark. */
  get peak(): number {
    const peak = this.#state[PEAK]!;
    return peak === Number.NEGATIVE_INFINITY ? Number.NaN : peak;
  }
  /** Largest fall as a share of its peak. */
  get maxDrawdown(): number {
    return Math.max(this.#state[MAX_DEPTH]!, this.#state[DEPTH]!);
  }
  /** Largest fall in money. */
  get maxDrawdownValue(): number {
    return this.#state[MAX_VALUE]!;
  }
  /** Longest time below a peak in days of 24 hours, the running one included. */
  get maxDrawdownDays(): number {
    const state = this.#state;
    const running = state[LAST]! < state[PEAK]! ? state[LAST_TS]! - state[PEAK_TS]! : 0;
    return Math.max(state[MAX_LENGTH]!, running) / DAY_MS;
  }

  /** The deepest falls, deepest first, at most ten; the running one included. */
  episodes(): readonly DrawdownEpisode[] {
    const state = this.#state;
    if (!(state[LAST]! < state[PEAK]!) || state[DEPTH] === 0) return [...this.#episodes];
    return deepest([...this.#episodes, this.#running(null, state[LAST_TS]!)]);
  }

  save(): DrawdownState {
    return { numbers: [...this.#state], episodes: [...this.#episodes] };
  }

  /** Takes what {@link save} gave; false, and nothing is taken, where it does not fit. */
  load(saved: DrawdownState): boolean {
    if (saved.numbers.length !== FIELDS) return false;
    this.#state.set(saved.numbers);
    this.#episodes = [...saved.episodes];
    return true;
  }

  #running(recoveryTs: EpochMs | null, endTs: EpochMs): DrawdownEpisode {
    const state = this.#state;
    const peakTs = state[PEAK_TS]!;
    const days = (endTs - peakTs) / DAY_MS;
    return { peakTs, troughTs: state[TROUGH_TS]!, recoveryTs, depth: state[DEPTH]!, days };
  }

  #recover(ts: EpochMs): void {
    const state = this.#state;
    const depth = state[DEPTH]!;
    const length = ts - state[PEAK_TS]!;
    if (length > state[MAX_LENGTH]!) state[MAX_LENGTH] = length;
    if (depth > state[MAX_DEPTH]!) state[MAX_DEPTH] = depth;
    const kept = this.#episodes;
    if (depth > 0 && (kept.length < KEPT_EPISODES || depth > kept[kept.length - 1]!.depth)) {
      this.#episodes = deepest([...kept, this.#running(ts, ts)]);
    }
    state[DEPTH] = 0;
  }
}

/** State of a {@link DrawdownTracker}; the first mark is still to come where a number is -Infinity. */
export interface DrawdownState {
  readonly numbers: readonly number[];
  readonly episodes: readonly DrawdownEpisode[];
}

function deepest(episodes: DrawdownEpisode[]): DrawdownEpisode[] {
  return episodes.sort((a, b) => b.depth - a.depth || a.peakTs - b.peakTs).slice(0, KEPT_EPISODES);
}
