import type {
  Bar,
  BarBuilder,
  BarBuilderContext,
  BarBuilderState,
  EmitBar,
  EpochMs,
  MarketCalendar,
  Tick,
  TickColumns,
} from '@bookrunner/sdk';
import type { TimeBarOptions } from './bar-options.js';
import { readState } from './builder-state.js';
import { barError } from './errors.js';
import { IgnoredTicks } from './ignored-ticks.js';
import { RunningBar } from './running-bar.js';
import { TickPrice } from './tick-price.js';

/**
 * Where bars of one length lie: the SDK's `BarSchedule`. `locate` answers whether ts is in a session and sets `start` and `end` to
 * the bar containing it, or in closed time to the bar that trading resumes in.
 */
export interface BarGrid {
  readonly start: EpochMs;
  readonly end: EpochMs;
  locate(ts: EpochMs): boolean;
}

/** What a {@link TimeBarBuilder} is made of. */
export interface TimeBarParts extends BarBuilderContext {
  /** Belongs to this builder alone: it holds the interval last asked for. */
  readonly schedule: BarGrid;
}

/**
 * Bars of equal clock time, laid from the open of each session. A tick belongs to the bar that contains `tick.ts`: start
 * inclusive, end exclusive. A bar closes at its end by {@link flush}, or with the first tick after it, whichever comes first, and
 * nothing enters it afterwards. Prices are in arrival order: the open is the first tick that arrived, the close the last.
 * Volume is traded units, so quotes alone give 0; a trade in a tick that is taken counts whatever price makes the bar.
 * Takes smaller time bars through {@link onBar} by the same rules.
 */
export class TimeBarBuilder implements BarBuilder {
  /** Ticks that entered no bar, by reason. */
  readonly ignored = new IgnoredTicks();
  private readonly bar: RunningBar;
  private readonly price: TickPrice;
  private readonly fillGaps: boolean;
  readonly #schedule: BarGrid;
  private readonly calendar: MarketCalendar;
  // The part of the running bar that lies in the current session: its ticks need no further question. None while #until is NaN.
  #from: EpochMs = Number.NaN;
  #until: EpochMs = Number.NaN;
  // Start of the running bar; NaN while none runs.
  #start: EpochMs = Number.NaN;
  // End of the running bar, or of the gap to be filled next; NaN where the clock closes nothing.
  #end: EpochMs = Number.NaN;
  // Instants before this belong to bars already closed.
  #closedUntil: EpochMs = Number.NEGATIVE_INFINITY;
  // Start of the gap to be filled next; NaN while a bar runs.
  #gapStart: EpochMs = Number.NaN;

  constructor(options: TimeBarOptions, parts: TimeBarParts) {
    this.bar = new RunningBar(parts.instrument.symbol, options.vwap);
    this.price = new TickPrice(options.price);
    this.fillGaps = options.fillGaps;
    this.#schedule = parts.schedule;
    this.calendar = parts.calendar;
  }

  get nextClose(): EpochMs {
    return this.#end;
  }

  get ignoredTicks(): number {
    return this.ignored.total;
  }

  onTick(tick: Tick, emit: EmitBar): void {
    const price = this.price.of(tick);
    if (!Number.isFinite(price)) {
      this.ignored.unpriced += 1;
      return;
    }
    const ts = tick.ts;
    if (!(ts >= this.#from && ts < this.#until) && !this.#enter(ts, price, emit)) return;
    this.bar.add(price);
    if (tick.size > 0) this.bar.trade(tick.last, tick.size);
  }

  /** The part of the running bar in the session, its end exclusive: takes ticks without a question. None where an end is NaN. */
  get openFrom(): EpochMs {
    return this.#from;
  }
  get openUntil(): EpochMs {
    return this.#until;
  }

  /** Takes the ticks of rows that all lie in the open part of the running bar, as {@link onTick} takes each. */
  onRows(columns: TickColumns, from: number, end: number): void {
    const prices = this.price.columnsOf(columns);
    if (prices === undefined) {
      this.ignored.unpriced += end - from;
      return;
    }
    const { bar } = this;
    const { one, other } = prices;
    const { last, size } = columns;
    for (let row = from; row < end; row++) {
      const price = other === undefined ? (one[row] as number) : ((one[row] as number) + (other[row] as number)) / 2;
      if (!Number.isFinite(price)) this.ignored.unpriced += 1;
      else {
        bar.add(price);
        if (last !== undefined && size !== undefined) bar.trade(last[row] as number, size[row] as number);
      }
    }
  }

  /**
   * Takes a closed smaller time bar. Bars with `nTicks` 0 were invented to fill gaps and change nothing.
   * Errors: BARS_MISALIGNED where the bar reaches beyond the interval it starts in.
   */
  onBar(bar: Bar, emit: EmitBar): void {
    if (bar.nTicks === 0) return;
    const ticks = Number.isNaN(bar.nTicks) ? 1 : bar.nTicks;
    if (!Number.isFinite(bar.open + bar.high + bar.low + bar.close)) {
      this.ignored.unpriced += ticks;
      return;
    }
    if (!this.#locate(bar.ts, ticks)) return;
    if (bar.endTs > this.#schedule.end) throw misaligned(bar, this.#schedule.end);
    this.#move(bar.ts, bar.open, emit);
    this.bar.merge(bar);
  }

  flush(now: EpochMs, emit: EmitBar, force = false): void {
    if (this.#start < this.#end && (force || now >= this.#end)) this.#close(emit);
    while (now >= this.#end && this.#gapStart < this.#end) this.#fill(emit);
  }

  save(): BarBuilderState {
    return {
      ...this.bar.save(),
      ...this.ignored.save(),
      start: this.#start,
      end: this.#end,
      closedUntil: this.#closedUntil,
      gapStart: this.#gapStart,
    };
  }

  load(state: BarBuilderState): void {
    this.bar.load(state);
    this.ignored.load(state);
    this.#start = readState(state, 'start');
    this.#end = readState(state, 'end');
    this.#closedUntil = readState(state, 'closedUntil');
    this.#gapStart = readState(state, 'gapStart');
    this.#until = Number.NaN;
  }

  /** Takes the bar and session that contain ts; false where it may enter none. */
  #enter(ts: EpochMs, price: number, emit: EmitBar): boolean {
    if (!this.#locate(ts, 1)) return false;
    this.#move(ts, price, emit);
    this.#from = Math.max(this.#start, this.calendar.sessionOpen(ts));
    this.#until = Math.min(this.#end, this.calendar.sessionClose(ts));
    return true;
  }

  /** Sets the schedule to the bar that contains ts; false, and counted, where ts may enter none. */
  #locate(ts: EpochMs, ticks: number): boolean {
    if (ts < this.#closedUntil || ts < this.#start) {
      this.ignored.late += ticks;
      return false;
    }
    if (Number.isFinite(ts) && this.#schedule.locate(ts)) return true;
    this.ignored.outside += ticks;
    return false;
  }

  /** Unless the running bar contains ts: closes what is over and begins the bar that does. */
  #move(ts: EpochMs, price: number, emit: EmitBar): void {
    if (this.#schedule.start === this.#start) return;
    this.flush(ts, emit);
    // Filling gaps asks the schedule for other intervals, and stops at the one that contains ts.
    this.#start = this.#schedule.start;
    this.#end = this.#schedule.end;
    this.#gapStart = Number.NaN;
    this.bar.begin(this.#start, this.#end, price);
  }

  // The state is moved on before the bar is given away, so that a consumer that throws leaves the builder whole.
  #close(emit: EmitBar): void {
    this.#closedUntil = this.#end;
    this.#start = Number.NaN;
    this.#end = Number.NaN;
    this.#until = Number.NaN;
    if (this.fillGaps) this.#expectGap();
    this.bar.finish();
    emit(this.bar);
  }

  #fill(emit: EmitBar): void {
    this.bar.begin(this.#gapStart, this.#end, this.bar.close);
    this.#closedUntil = this.#end;
    this.#expectGap();
    emit(this.bar);
  }

  #expectGap(): void {
    this.#schedule.locate(this.#closedUntil);
    this.#gapStart = this.#schedule.start;
    this.#end = this.#schedule.end;
  }
}

function misaligned(bar: Bar, end: EpochMs): Error {
  return barError(
    'BARS_MISALIGNED',
    `${bar.symbol}: a bar from ${bar.ts} to ${bar.endTs} reaches beyond the end ${end} of the larger bar it starts in.`,
    { details: { symbol: bar.symbol, ts: bar.ts, endTs: bar.endTs, end } },
  );
}
