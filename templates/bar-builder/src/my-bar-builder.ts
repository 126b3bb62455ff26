import type {
  Bar,
  BarBuilder,
  BarBuilderContext,
  BarBuilderState,
  EmitBar,
  MarketCalendar,
  Tick,
} from '@bookrunner/sdk';
import { z } from 'zod';

/** Options in engine.yaml. */
export const myBarBuilderOptions = z.strictObject({
  ticks: z.int().min(1).default(10).describe('Ticks in a bar.'),
});

type RunningBar = { -readonly [Key in keyof Bar]: Bar[Key] };

/** Bars of a number of ticks: the trade's price, else the middle of the quote. The clock closes none of them. */
export class MyBarBuilder implements BarBuilder {
  readonly nextClose = Number.NaN;
  ignoredTicks = 0;
  readonly #ticks: number;
  readonly #calendar: MarketCalendar;
  // One object, refilled: a builder allocates nothing per tick.
  readonly #bar: RunningBar;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(options: z.output<typeof myBarBuilderOptions>, context: BarBuilderContext) {
    this.#ticks = options.ticks;
    this.#calendar = context.calendar;
    const prices = { open: 0, high: 0, low: 0, close: 0, volume: 0, nTicks: 0, vwap: Number.NaN };
    this.#bar = { ts: 0, endTs: 0, symbol: context.instrument.symbol, ...prices };
  }

  onTick(tick: Tick, emit: EmitBar): void {
    const price = Number.isNaN(tick.last) ? (tick.bid + tick.ask) / 2 : tick.last;
    if (Number.isNaN(price) || !this.#calendar.isOpen(tick.ts)) {
      this.ignoredTicks += 1;
      return;
    }
    // A late tick counts at the latest time seen, so that bars never overlap.
    if (tick.ts > this.#latest) this.#latest = tick.ts;
    const bar = this.#bar;
    if (bar.nTicks === 0) this.#begin(price);
    bar.high = Math.max(bar.high, price);
    bar.low = Math.min(bar.low, price);
    bar.close = price;
    bar.nTicks += 1;
    if (!Number.isNaN(tick.size)) bar.volume += tick.size;
    if (bar.nTicks === this.#ticks) this.#close(emit);
  }

  flush(_now: number, emit: EmitBar, force = false): void {
    if (force && this.#bar.nTicks > 0) this.#close(emit);
  }

  save(): BarBuilderState {
    const { ts, open, high, low, close, volume, nTicks } = this.#bar;
    return { ts, open, high, low, close, volume, nTicks, latest: this.#latest, ignoredTicks: this.ignoredTicks };
  }

  load({ latest, ignoredTicks, ...bar }: BarBuilderState): void {
    Object.assign(this.#bar, bar);
    this.#latest = latest ?? Number.NEGATIVE_INFINITY;
    this.ignoredTicks = ignoredTicks ?? 0;
  }

  #begin(price: number): void {
    const bar = this.#bar;
    bar.ts = this.#latest;
    bar.open = price;
    bar.high = price;
    bar.low = price;
    bar.volume = 0;
  }

  #close(emit: EmitBar): void {
    this.#bar.endTs = this.#latest;
    emit(this.#bar);
    this.#bar.nTicks = 0;
  }
}
