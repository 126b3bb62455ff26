// Equity over a whole run in bounded memory, with its peak, drawdowns and time in market exact.
import type { EpochMs } from '@bookrunner/sdk';
import { DrawdownHistory, drawdownShare, type DrawdownEpisode, type Fall } from './drawdown.js';
import { type ClosedBucket, EquityBuckets, type EquityPoints } from './equity-buckets.js';
import { metricsError } from './metrics-errors.js';

/** Options of {@link EquityCurve}. */
export interface EquityCurveOptions {
  /** Most points kept, 4,096 unless told otherwise; at least 2. Memory is 56 bytes a point. */
  readonly points?: number;
}

const DEFAULT_POINTS = 4096;
/** The earliest instant a date can have; finite, so that the time since it is as well. */
const BEFORE_ALL = -8.64e15;

/** V8 keeps 0 as a small integer and moves the field, and its code, at the first fraction; minus zero is a double at once. */
const ZERO = -0;

/** What a mark of a book says, read in place: doubles handed to a call that is not inlined are boxed, at every bar. */
export interface MarkedValue {
  readonly markedEquity: number;
  /** Unsigned market value. */
  readonly markedGross: number;
}

/** A mark that is not taken yet. */
class NotedMark implements MarkedValue {
  now = BEFORE_ALL;
  markedEquity = ZERO;
  markedGross = ZERO;
}

/** What changes with every mark. */
class RunningCurve implements ClosedBucket {
  // The last mark.
  ts = BEFORE_ALL;
  equity = ZERO;
  exposed = ZERO;
  // Integrals over time since the first mark.
  startTs = Number.NaN;
  inMarketMs = ZERO;
  equityArea = ZERO;
  exposedArea = ZERO;
  // The peak, and the lowest point since it or since the last flow.
  peak = Number.NEGATIVE_INFINITY;
  peakTs = Number.NaN;
  trough = Number.NEGATIVE_INFINITY;
  troughTs = Number.NaN;
  // What the running fall had come to before the last flow.
  depth = ZERO;
  depthTs = Number.NaN;
  value = ZERO;
  // The bucket being filled, with its lowest point since the last of its start, the peak and the last flow.
  bucketEnd = Number.NEGATIVE_INFINITY;
  bucketFirstTs = Number.NaN;
  low = ZERO;
  high = ZERO;
  bucketTrough = ZERO;
  bucketDrawdown = ZERO;

  get isMarked(): boolean {
    return !Number.isNaN(this.startTs);
  }
}

/**
 * Takes a mark at every bar: some ten comparisons and two multiplications, no division, no allocation. What a mark says holds
 * until the next one, so exposure and average equity are exact integrals over time.
 *
 * The lowest point since the peak is enough to know every drawdown, so shares are computed only when a peak is passed or a
 * bucket ends. A peak of zero or below has no meaningful share; the fall in money is measured from any.
 */
export class EquityCurve {
  private readonly run = new RunningCurve();
  private readonly noted = new NotedMark();
  private hasNoted = false;
  private readonly buckets: EquityBuckets;
  private readonly history = new DrawdownHistory();
  #unknownMarks = 0;

  constructor(options: EquityCurveOptions = {}) {
    const points = options.points ?? DEFAULT_POINTS;
    if (!Number.isInteger(points) || points < 2) {
      throw metricsError('METRICS_INPUT_INVALID', `An equity curve keeps at least 2 points; ${points} were asked for.`);
    }
    this.buckets = new EquityBuckets(points);
  }

  /**
   * Equity at an instant and the gross exposure (unsigned market value) held from it on.
   * Errors: EQUITY_MARK_INVALID for a value that is not finite or an instant before the last one.
   */
  mark(ts: EpochMs, equity: number, exposed: number): void {
    const time = { now: ts };
    const value = { markedEquity: equity, markedGross: exposed };
    this.takeNoted();
    if (equity !== equity) this.#refuse(time, value);
    this.markValue(time, value);
  }

  /** The same of a value that was just marked. NaN is equity that is not known, which is no mark: it is counted. */
  markValue(time: { readonly now: EpochMs }, value: MarkedValue): void {
    if (this.hasNoted) this.takeNoted();
    this.#take(time, value);
  }

  /**
   * The same, noted for now: an order that the mark brings about does not wait for it. It is taken by the next mark, by whoever looks at the curve,
   * or by {@link takeNoted}, and its errors are told then.
   */
  note(time: { readonly now: EpochMs }, value: MarkedValue): void {
    if (this.hasNoted) this.takeNoted();
    const { noted } = this;
    noted.now = time.now;
    noted.markedEquity = value.markedEquity;
    noted.markedGross = value.markedGross;
    this.hasNoted = true;
  }

  /** Takes the mark that was noted, if any. */
  takeNoted(): void {
    if (this.hasNoted === false) return;
    this.hasNoted = false;
    this.#take(this.noted, this.noted);
  }

  /** With all marks taken. */
  private get running(): RunningCurve {
    if (this.hasNoted) this.takeNoted();
    return this.run;
  }

  #take(time: { readonly now: EpochMs }, value: MarkedValue): void {
    const { run } = this;
    const ts = time.now;
    const equity = value.markedEquity;
    const exposed = value.markedGross;
    const elapsed = ts - run.ts;
    // NaN or an infinity in any of the three makes the sum one, and no other number differs from itself.
    const sum = elapsed + equity + exposed;
    if (!(elapsed >= 0) || sum - sum !== 0) return this.#leaveOut(time, value);
    const held = run.exposed;
    if (held !== 0) {
      run.inMarketMs += elapsed;
      run.exposedArea += held * elapsed;
    }
    run.equityArea += run.equity * elapsed;
    // Most marks stay within what their bucket has seen.
    const isWithin = ts < run.bucketEnd && equity < run.peak && equity >= run.bucketTrough && equity <= run.high;
    if (!isWithin) this.#stretch(time, value);
    run.ts = ts;
    run.equity = equity;
    run.exposed = exposed;
  }

  /**
   * Cash paid in (positive) or out (negative) after the last mark: not a profit, so the peak is scaled with equity and the share
   * lost since it stays as it was; where equity was or becomes zero or less, the peak starts again. Before the first mark it is
   * part of the opening equity and need not be told.
   */
  flow(amount: number): void {
    const run = this.running;
    if (!run.isMarked) return;
    if (!Number.isFinite(amount)) this.#refuse({ now: run.ts }, { markedEquity: amount, markedGross: run.exposed });
    const before = run.equity;
    const after = before + amount;
    this.#fold();
    if (before === run.peak) {
      run.peak = after;
    } else if (before > 0 && after > 0) {
      run.peak *= after / before;
    } else {
      this.#recover(run.ts);
      run.peak = after;
      run.peakTs = run.ts;
    }
    run.trough = after;
    run.bucketTrough = after;
    run.equity = after;
    run.low = Math.min(run.low, after);
    run.high = Math.max(run.high, after);
  }

  /** Values that were no marks because their equity was not known. */
  get unknownMarks(): number {
    this.takeNoted();
    return this.#unknownMarks;
  }
  /** Instants of the first and last mark; NaN before the first. */
  get firstTs(): EpochMs {
    return this.running.startTs;
  }
  get lastTs(): EpochMs {
    return this.#told(this.running.ts);
  }
  /** Equity at the last mark, flows since then included; NaN before the first. */
  get equity(): number {
    return this.#told(this.running.equity);
  }
  /** Highest equity so far, scaled by flows; NaN before the first mark. */
  get peak(): number {
    return this.#told(this.running.peak);
  }
  /** Largest fall from a peak as a share of it. */
  get maxDrawdown(): number {
    return this.#falls().maxDepth;
  }
  /** Largest fall from a peak in money. */
  get maxDrawdownValue(): number {
    return this.#falls().maxValue;
  }
  /** Longest time below a peak in days of 24 hours, the running one included. */
  get maxDrawdownDays(): number {
    return this.#falls().maxDays;
  }
  /** Share of the time between first and last mark with any exposure; NaN where no time has passed. */
  get timeInMarket(): number {
    return this.#average(this.running.inMarketMs);
  }
  /** Averages over the time between first and last mark; NaN where no time has passed. */
  get averageEquity(): number {
    return this.#average(this.running.equityArea);
  }
  get averageExposed(): number {
    return this.#average(this.running.exposedArea);
  }

  /** The deepest falls, deepest first, at most ten; the running one included. */
  drawdowns(): readonly DrawdownEpisode[] {
    return this.#falls().episodes;
  }

  /** The curve as columns for charts and files: every mark of a short run, buckets of a long one. */
  points(): EquityPoints {
    const { running } = this;
    return this.buckets.points(running.isMarked ? { ...running, bucketDrawdown: this.#deepest() } : undefined);
  }

  #told(value: number): number {
    return this.running.isMarked ? value : Number.NaN;
  }

  #average(area: number): number {
    const span = this.running.ts - this.running.startTs;
    return span > 0 ? (area + 0) / span : Number.NaN;
  }

  /** What a mark does that opens a bucket, reaches the peak, or is lower or higher than all in its bucket. */
  #stretch({ now: ts }: { readonly now: EpochMs }, { markedEquity: equity }: MarkedValue): void {
    const run = this.run;
    if (ts >= run.bucketEnd) this.#openBucket(ts, equity);
    const { peak } = run;
    if (equity >= peak) {
      if (run.equity < peak) this.#recover(ts);
      run.peak = equity;
      run.peakTs = ts;
      run.trough = equity;
      run.bucketTrough = equity;
      if (equity > run.high) run.high = equity;
    } else if (equity < run.bucketTrough) {
      run.bucketTrough = equity;
      if (equity < run.low) run.low = equity;
      // The fall as a whole is never less deep than in this bucket.
      if (equity < run.trough) {
        run.trough = equity;
        run.troughTs = ts;
      }
    } else if (equity > run.high) {
      run.high = equity;
    }
  }

  #openBucket(ts: EpochMs, equity: number): void {
    const run = this.run;
    if (run.isMarked) {
      run.bucketDrawdown = this.#deepest();
      this.buckets.push(run);
    } else {
      run.startTs = ts;
    }
    run.bucketEnd = this.buckets.endOf(ts);
    run.bucketFirstTs = ts;
    run.low = equity;
    run.high = equity;
    // The mark that opens it is looked at like any other.
    run.bucketTrough = Number.POSITIVE_INFINITY;
    run.bucketDrawdown = 0;
  }

  /** The deepest fall seen in the running bucket. */
  #deepest(): number {
    const { peak, bucketTrough, bucketDrawdown } = this.run;
    const share = drawdownShare(peak, bucketTrough);
    return share > bucketDrawdown ? share : bucketDrawdown;
  }

  /** Puts what the running fall has come to aside, because the peak it is measured from is about to change. */
  #fold(): void {
    const run = this.run;
    run.bucketDrawdown = this.#deepest();
    run.value = Math.max(run.value, run.peak - run.trough);
    const depth = drawdownShare(run.peak, run.trough);
    if (depth <= run.depth) return;
    run.depth = depth;
    run.depthTs = run.troughTs;
  }

  /** Ends the running fall. */
  #recover(ts: EpochMs): void {
    const run = this.run;
    this.#fold();
    this.history.add(this.#fall(ts, true));
    run.depth = 0;
    run.value = 0;
  }

  /** The falls so far with the running one. */
  #falls(): DrawdownHistory {
    const run = this.running;
    return run.equity < run.peak ? this.history.with(this.#fall(run.ts, false)) : this.history;
  }

  #fall(endTs: EpochMs, isOver: boolean): Fall {
    const run = this.run;
    const depth = drawdownShare(run.peak, run.trough);
    const isDeeper = depth > run.depth;
    return {
      peakTs: run.peakTs,
      troughTs: isDeeper ? run.troughTs : run.depthTs,
      endTs,
      isOver,
      depth: isDeeper ? depth : run.depth,
      value: Math.max(run.value, run.peak - run.trough),
    };
  }

  #leaveOut(time: { readonly now: EpochMs }, value: MarkedValue): void {
    if (!Number.isNaN(value.markedEquity)) this.#refuse(time, value);
    this.#unknownMarks += 1;
  }

  #refuse({ now: ts }: { readonly now: EpochMs }, { markedEquity: equity, markedGross: exposed }: MarkedValue): never {
    const last = this.run.ts;
    throw metricsError(
      'EQUITY_MARK_INVALID',
      `A mark at ${ts} with equity ${equity} and exposure ${exposed} cannot follow the one at ${last}.`,
      { details: { ts, equity, exposed, lastTs: last } },
    );
  }
}
