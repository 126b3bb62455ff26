// Falls of equity from its peak: the worst ones, and how long they lasted.
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

/** A fall as the curve measured it, over or still running. */
export interface Fall {
  readonly peakTs: EpochMs;
  readonly troughTs: EpochMs;
  /** When it was over, or the last mark. */
  readonly endTs: EpochMs;
  readonly isOver: boolean;
  /** As a share of the peak; 0 where the peak was not above 0. */
  readonly depth: number;
  /** In money. */
  readonly value: number;
}

const KEPT_EPISODES = 10;

/** The falls of a curve so far: extremes of all, and the ten deepest. */
export class DrawdownHistory {
  #maxDepth = 0;
  #maxValue = 0;
  #maxLengthMs = 0;
  #episodes: readonly DrawdownEpisode[] = [];

  /** Largest depth, value in money and length in days of 24 hours; 0 before the first fall. */
  get maxDepth(): number {
    return this.#maxDepth;
  }
  get maxValue(): number {
    return this.#maxValue;
  }
  get maxDays(): number {
    return this.#maxLengthMs / DAY_MS;
  }
  /** Deepest first, at most ten. */
  get episodes(): readonly DrawdownEpisode[] {
    return this.#episodes;
  }

  add(fall: Fall): void {
    this.#maxDepth = Math.max(this.#maxDepth, fall.depth);
    this.#maxValue = Math.max(this.#maxValue, fall.value);
    this.#maxLengthMs = Math.max(this.#maxLengthMs, fall.endTs - fall.peakTs);
    const kept = this.#episodes;
    if (fall.depth <= (kept.length < KEPT_EPISODES ? 0 : kept[KEPT_EPISODES - 1]!.depth)) return;
    const { peakTs, troughTs, endTs, depth } = fall;
    const recoveryTs = fall.isOver ? endTs : null;
    const episode = { peakTs, troughTs, recoveryTs, depth, days: (endTs - peakTs) / DAY_MS };
    const place = kept.findIndex((other) => other.depth < depth);
    this.#episodes = kept.toSpliced(place < 0 ? kept.length : place, 0, episode).slice(0, KEPT_EPISODES);
  }

  /** A history that has `fall` in addition. */
  with(fall: Fall): DrawdownHistory {
    const history = new DrawdownHistory();
    history.#maxDepth = this.#maxDepth;
    history.#maxValue = this.#maxValue;
    history.#maxLengthMs = this.#maxLengthMs;
    history.#episodes = this.#episodes;
    history.add(fall);
    return history;
  }
}

/** The fall from `peak` to `equity` as a share of the peak; 0 where the peak is not above 0, which has no meaningful share. */
export function drawdownShare(peak: number, equity: number): number {
  return peak > 0 ? (peak - equity) / peak : 0;
}
