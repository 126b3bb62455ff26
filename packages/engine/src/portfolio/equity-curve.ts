// Equity over a whole run in bounded memory, with its peak, drawdowns and time in market exact.
import type { EpochMs } from '@bookrunner/sdk';
import { DrawdownTracker, type DrawdownEpisode, type DrawdownState } from './drawdown.js';
import {
  DRAWDOWN,
  EQUITY,
  EquityBuckets,
  EXPOSED,
  FIRST_TS,
  HIGH,
  LOW,
  ROW,
  TS,
  type EquityPoints,
} from './equity-buckets.js';
import { metricsError } from './metrics-errors.js';

/** Options of {@link EquityCurve}. */
export interface EquityCurveOptions {
  /** Most points kept, 16,384 unless told otherwise; at least 2. Memory is 56 bytes a point. */
  readonly points?: number;
}

/** State of a curve: plain numbers, infinities included before the first mark. */
export interface EquityCurveState {
  readonly numbers: readonly number[];
  readonly buckets: readonly number[];
  readonly drawdown: DrawdownState;
}

const DEFAULT_POINTS = 16_384;

// The first places of the state are the running bucket, whose last mark is the curve's last mark.
const BUCKET_END = ROW;
const START_TS = ROW + 1;
const IN_MARKET_MS = ROW + 2;
const EQUITY_AREA = ROW + 3;
const EXPOSED_AREA = ROW + 4;
const MARKS = ROW + 5;
const FIELDS = ROW + 6;

/**
 * Takes a mark at every bar: a few nanoseconds, no allocation. What a mark says holds until the next one, so exposure and
 * average equity are exact integrals over time.
 */
export class EquityCurve {
  // One typed array holds the state, so that no number is ever boxed.
  readonly #state = new Float64Array(FIELDS);
  readonly #drawdown = new DrawdownTracker();
  readonly #buckets: EquityBuckets;

  constructor(options: EquityCurveOptions = {}) {
    const points = options.points ?? DEFAULT_POINTS;
    if (!Number.isInteger(points) || points < 2) {
      throw metricsError('METRICS_INPUT_INVALID', `An equity curve keeps at least 2 points; ${points} were asked for.`);
    }
    this.#buckets = new EquityBuckets(points);
    this.#state[TS] = Number.NEGATIVE_INFINITY;
    this.#state[BUCKET_END] = Number.NEGATIVE_INFINITY;
  }

  /**
   * Equity at an instant and the gross exposure (unsigned market value) held from it on.
   * Errors: EQUITY_MARK_INVALID for a value that is not finite or an instant before the last one.
   */
  mark(ts: EpochMs, equity: number, exposed: number): void {
    const state = this.#state;
    const elapsed = ts - state[TS]!;
    // NaN and the infinities are the only numbers whose difference with themselves is not zero.
    if (!(elapsed >= 0) || equity - equity !== 0 || exposed - exposed !== 0) this.#refuse(ts, equity, exposed);
    const drawdown = this.#drawdown.mark(ts, equity);
    if (ts < state[BUCKET_END]!) {
      if (equity < state[LOW]!) state[LOW] = equity;
      else if (equity > state[HIGH]!) state[HIGH] = equity;
      if (drawdown > state[DRAWDOWN]!) state[DRAWDOWN] = drawdown;
      this.#hold(elapsed);
    } else {
      this.#openBucket(ts, equity, drawdown);
    }
    state[TS] = ts;
    state[EQUITY] = equity;
    state[EXPOSED] = exposed;
    state[MARKS] = state[MARKS]! + 1;
  }

  /**
   * Cash paid in (positive) or out (negative) after the last mark: not a profit, so the share lost since the peak stays as it
   * was. Before the first mark it is part of the opening equity and need not be told.
   */
  flow(amount: number): void {
    const state = this.#state;
    if (state[MARKS] === 0) return;
    if (amount - amount !== 0) this.#refuse(state[TS]!, amount, state[EXPOSED]!);
    this.#drawdown.flow(amount);
    const equity = state[EQUITY]! + amount;
    state[EQUITY] = equity;
    state[LOW] = Math.min(state[LOW]!, equity);
    state[HIGH] = Math.max(state[HIGH]!, equity);
  }

  get marks(): number {
    return this.#state[MARKS]!;
  }
  /** Instants of the first and last mark; NaN before the first. */
  get firstTs(): EpochMs {
    return this.#told(START_TS);
  }
  get lastTs(): EpochMs {
    return this.#told(TS);
  }
  /** Equity at the last mark, flows since then included; NaN before the first. */
  get equity(): number {
    return this.#told(EQUITY);
  }
  /** Highest equity so far, scaled by flows; NaN before the first mark. */
  get peak(): number {
    return this.#drawdown.peak;
  }
  /** Largest fall from a peak as a share of it. */
  get maxDrawdown(): number {
    return this.#drawdown.maxDrawdown;
  }
  /** Largest fall from a peak in money. */
  get maxDrawdownValue(): number {
    return this.#drawdown.maxDrawdownValue;
  }
  /** Longest time below a peak in days of 24 hours, the running one included. */
  get maxDrawdownDays(): number {
    return this.#drawdown.maxDrawdownDays;
  }
  /** Share of the time between first and last mark with any exposure; NaN where no time has passed. */
  get timeInMarket(): number {
    return this.#average(IN_MARKET_MS);
  }
  /** Averages over the time between first and last mark; NaN where no time has passed. */
  get averageEquity(): number {
    return this.#average(EQUITY_AREA);
  }
  get averageExposed(): number {
    return this.#average(EXPOSED_AREA);
  }

  /** The deepest falls, deepest first, at most ten. */
  drawdowns(): readonly DrawdownEpisode[] {
    return this.#drawdown.episodes();
  }

  /** The curve as columns for charts and files: every mark of a short run, buckets of a long one. */
  points(): EquityPoints {
    return this.#buckets.points(this.#state[MARKS] === 0 ? undefined : this.#state);
  }

  save(): EquityCurveState {
    return { numbers: [...this.#state], buckets: this.#buckets.save(), drawdown: this.#drawdown.save() };
  }

  /** Errors: METRICS_STATE_INVALID where the state is not one of a curve with at most as many points. */
  load(saved: EquityCurveState): void {
    const { numbers, buckets, drawdown } = saved;
    if (numbers.length !== FIELDS || !this.#buckets.load(buckets) || !this.#drawdown.load(drawdown)) {
      throw metricsError('METRICS_STATE_INVALID', 'The saved equity curve does not fit this one.', {
        details: { numbers: numbers.length, points: this.#buckets.capacity },
      });
    }
    this.#state.set(numbers);
  }

  #told(place: number): number {
    return this.#state[MARKS] === 0 ? Number.NaN : this.#state[place]!;
  }

  #average(place: number): number {
    const span = this.#state[TS]! - this.#state[START_TS]!;
    return span > 0 ? this.#state[place]! / span : Number.NaN;
  }

  /** Adds the time since the last mark to what that mark said. */
  #hold(elapsed: number): void {
    const state = this.#state;
    const exposed = state[EXPOSED]!;
    if (exposed !== 0) {
      state[IN_MARKET_MS] = state[IN_MARKET_MS]! + elapsed;
      state[EXPOSED_AREA] = state[EXPOSED_AREA]! + exposed * elapsed;
    }
    state[EQUITY_AREA] = state[EQUITY_AREA]! + state[EQUITY]! * elapsed;
  }

  #openBucket(ts: EpochMs, equity: number, drawdown: number): void {
    const state = this.#state;
    if (ts - ts !== 0) this.#refuse(ts, equity, state[EXPOSED]!);
    if (state[MARKS] === 0) {
      state[START_TS] = ts;
    } else {
      this.#hold(ts - state[TS]!);
      this.#buckets.push(state);
    }
    state[BUCKET_END] = this.#buckets.endOf(ts);
    state[FIRST_TS] = ts;
    state[LOW] = equity;
    state[HIGH] = equity;
    state[DRAWDOWN] = drawdown;
  }

  #refuse(ts: EpochMs, equity: number, exposed: number): never {
    const last = this.#state[TS]!;
    throw metricsError(
      'EQUITY_MARK_INVALID',
      `A mark at ${ts} with equity ${equity} and exposure ${exposed} cannot follow the one at ${last}.`,
      { details: { ts, equity, exposed, lastTs: last } },
    );
  }
}
