import type { BarBuilder, BarBuilderContext, BarBuilderState, BarPrice, EmitBar, EpochMs, Tick } from '@bookrunner/sdk';
import { readState } from './builder-state.js';
import { IgnoredTicks } from './ignored-ticks.js';
import { RunningBar } from './running-bar.js';
import { SessionGate } from './session-gate.js';
import { TickPrice } from './tick-price.js';

/** What every builder of event bars is told. */
export interface EventBarOptions {
  readonly price: BarPrice;
  readonly vwap: boolean;
}

/**
 * What bars closed by ticks share. The clock closes none of them: a running bar waits over the night for its next tick, and only a
 * forced flush closes it early. `ts` is the time of the first tick, `endTs` that of the tick that closed it, so a bar is known at
 * its end and the next may start at that very instant. Times never go back: an out-of-order tick counts at the latest time seen.
 * Ticks outside every session enter no bar.
 */
export abstract class EventBarBuilder implements BarBuilder {
  readonly nextClose: EpochMs = Number.NaN;
  /** Ticks that entered no bar, by reason. */
  readonly ignored = new IgnoredTicks();
  protected readonly bar: RunningBar;
  private readonly price: TickPrice;
  private readonly gate: SessionGate;
  private isRunning = false;
  /** A plain field, so that it stays a double in place: behind `#` it would be boxed anew at each tick. */
  private latest: EpochMs = Number.NEGATIVE_INFINITY;

  protected constructor(options: EventBarOptions, context: BarBuilderContext) {
    this.bar = new RunningBar(context.instrument.symbol, options.vwap);
    this.price = new TickPrice(options.price);
    this.gate = new SessionGate(context.calendar);
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
    if (!this.gate.contains(ts)) {
      this.ignored.outside += 1;
      return;
    }
    if (ts > this.latest) this.latest = ts;
    this.take(tick, price, emit);
  }

  flush(_now: EpochMs, emit: EmitBar, force = false): void {
    if (force) this.closeBar(emit);
  }

  save(): BarBuilderState {
    return {
      ...this.bar.save(),
      ...this.ignored.save(),
      isRunning: this.isRunning ? 1 : 0,
      latest: this.latest,
    };
  }

  load(state: BarBuilderState): void {
    this.bar.load(state);
    this.ignored.load(state);
    this.isRunning = readState(state, 'isRunning') === 1;
    this.latest = readState(state, 'latest');
  }

  /** Puts a tick with a usable price into the bars. */
  protected abstract take(tick: Tick, price: number, emit: EmitBar): void;

  /** Starts a bar at this price unless one runs. */
  protected openBar(price: number): void {
    // `=== true`: of a flag that is often true V8 else asks whether it is an empty string, zero or not a number.
    if (this.isRunning === true) return;
    this.isRunning = true;
    this.bar.begin(this.latest, Number.NaN, price);
  }

  /** Emits the running bar, if any. */
  protected closeBar(emit: EmitBar): void {
    if (this.isRunning !== true) return;
    this.isRunning = false;
    this.bar.endTs = this.latest;
    this.bar.finish();
    emit(this.bar);
  }
}
