import type { Bar, BarBuilderState, EpochMs } from '@bookrunner/sdk';
import { readState } from './builder-state.js';

/**
 * The bar a builder is making, and the object it emits: one per builder, reused. Its fields start as NaN so that they are stored
 * as doubles from the beginning and a tick allocates nothing.
 */
export class RunningBar implements Bar {
  readonly symbol: string;
  ts: EpochMs = Number.NaN;
  endTs: EpochMs = Number.NaN;
  open = Number.NaN;
  high = Number.NaN;
  low = Number.NaN;
  close = Number.NaN;
  volume = Number.NaN;
  nTicks = Number.NaN;
  vwap = Number.NaN;
  private readonly hasVwap: boolean;
  // Sum of trade price × size in price units × units.
  #turnover = Number.NaN;

  constructor(symbol: string, hasVwap: boolean) {
    this.symbol = symbol;
    this.hasVwap = hasVwap;
  }

  /** Starts a bar at its first price, with nothing counted yet. */
  begin(ts: EpochMs, endTs: EpochMs, price: number): void {
    this.ts = ts;
    this.endTs = endTs;
    this.open = price;
    this.high = price;
    this.low = price;
    this.close = price;
    this.volume = 0;
    this.nTicks = 0;
    this.vwap = Number.NaN;
    this.#turnover = 0;
  }

  /** Takes the price of one tick. */
  add(price: number): void {
    if (price > this.high) this.high = price;
    if (price < this.low) this.low = price;
    this.close = price;
    this.nTicks += 1;
  }

  /** Takes a trade. Sizes that are not above 0 and finite, and sizes without a trade price, count as no units. */
  trade(price: number, units: number): void {
    if (!(units > 0 && units < Number.POSITIVE_INFINITY && Number.isFinite(price))) return;
    this.volume += units;
    this.#turnover += price * units;
  }

  /** Takes a whole smaller bar. One whose average price is not known leaves this one's unknown too. */
  merge(bar: Bar): void {
    if (bar.high > this.high) this.high = bar.high;
    if (bar.low < this.low) this.low = bar.low;
    this.close = bar.close;
    this.nTicks += bar.nTicks;
    if (!(bar.volume > 0)) return;
    this.volume += bar.volume;
    this.#turnover += bar.vwap * bar.volume;
  }

  /** Last touch before the bar is emitted. */
  finish(): void {
    if (this.hasVwap && this.volume > 0) this.vwap = this.#turnover / this.volume;
  }

  save(): BarBuilderState {
    const { ts, endTs, open, high, low, close, volume, nTicks } = this;
    return { ts, endTs, open, high, low, close, volume, nTicks, turnover: this.#turnover };
  }

  load(state: BarBuilderState): void {
    this.ts = readState(state, 'ts');
    this.endTs = readState(state, 'endTs');
    this.open = readState(state, 'open');
    this.high = readState(state, 'high');
    this.low = readState(state, 'low');
    this.close = readState(state, 'close');
    this.volume = readState(state, 'volume');
    this.nTicks = readState(state, 'nTicks');
    this.vwap = Number.NaN;
    this.#turnover = readState(state, 'turnover');
  }
}
