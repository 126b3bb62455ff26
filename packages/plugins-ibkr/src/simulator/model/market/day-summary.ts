import { DAY_MS, MINUTE_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { TradingHours, TradingSession } from '../instruments/trading-hours.js';
import type { MarketRecord } from './market-record.js';
import type { MarketTick } from './price-walk.js';

/** The day so far and the close of the day before; NaN where nothing traded. */
export interface DayPrices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly previousClose: number;
  readonly volume: number;
  /** Value traded, for the average price. */
  readonly turnover: number;
}

/** Open, high, low and volume of the trading day, kept up with each tick. */
export class DaySummary {
  readonly #record: MarketRecord;
  readonly #hours: TradingHours;
  #session: TradingSession | undefined;
  #prices: DayPrices = EMPTY;

  constructor(record: MarketRecord, hours: TradingHours) {
    this.#record = record;
    this.#hours = hours;
  }

  /** Prices of the day that holds an instant, up to it. */
  at(ts: EpochMs): DayPrices {
    if (this.#session === undefined || ts >= this.#session.close) this.#start(ts);
    return this.#prices;
  }

  /** A new tick; days not yet asked for are summed up when they are. */
  add(tick: MarketTick): void {
    if (this.#session === undefined) return;
    if (tick.ts >= this.#session.close) this.#start(tick.ts);
    else if (tick.lastSize > 0) this.#prices = withTrade(this.#prices, tick.last, tick.lastSize);
  }

  #start(ts: EpochMs): void {
    const sessions = this.#hours.sessions(ts - 10 * DAY_MS, ts + 1, false);
    this.#session = sessions.at(-1);
    const before = sessions.at(-2);
    if (this.#session === undefined) return;
    const previousClose = before === undefined ? Number.NaN : lastPrice(this.#record, before);
    this.#prices = { ...EMPTY, previousClose };
    const end = Math.min(ts + 1, this.#session.close);
    for (let from = this.#session.open; from < end; from += MINUTE_MS)
      this.#addMinute(from, Math.min(end, from + MINUTE_MS));
  }

  #addMinute(from: EpochMs, to: EpochMs): void {
    const minute = to - from === MINUTE_MS ? this.#record.minute(from / MINUTE_MS) : undefined;
    if (minute === undefined) {
      for (const tick of this.#record.ticks(from, to)) {
        if (tick.lastSize > 0) this.#prices = withTrade(this.#prices, tick.last, tick.lastSize);
      }
      return;
    }
    const { open, high, low, close, volume } = minute;
    for (const price of [open, high, low]) this.#prices = withTrade(this.#prices, price, 0);
    this.#prices = withTrade(this.#prices, close, volume);
  }
}

const EMPTY: DayPrices = {
  open: Number.NaN,
  high: Number.NaN,
  low: Number.NaN,
  previousClose: Number.NaN,
  volume: 0,
  turnover: 0,
};

function withTrade(prices: DayPrices, price: number, size: number): DayPrices {
  return {
    ...prices,
    open: Number.isNaN(prices.open) ? price : prices.open,
    high: Number.isNaN(prices.high) ? price : Math.max(prices.high, price),
    low: Number.isNaN(prices.low) ? price : Math.min(prices.low, price),
    volume: prices.volume + size,
    turnover: prices.turnover + price * size,
  };
}

function lastPrice(record: MarketRecord, { open, close }: TradingSession): number {
  for (let end = close; end > open; end -= MINUTE_MS) {
    const trades = record.ticks(Math.max(open, end - MINUTE_MS), end).filter(({ lastSize }) => lastSize > 0);
    const last = trades.at(-1);
    if (last !== undefined) return last.last;
  }
  return Number.NaN;
}
