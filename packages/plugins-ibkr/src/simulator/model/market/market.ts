import { DAY_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { TradingHours } from '../instruments/trading-hours.js';
import { DaySummary } from './day-summary.js';
import { MarketRecord } from './market-record.js';
import type { MarketTick, PriceWalk } from './price-walk.js';

/** Prices to set by hand; what is left out stays. A price of -1 is no quote on that side. Sizes are units. */
export interface QuoteChange {
  readonly bid?: number;
  readonly ask?: number;
  readonly bidSize?: number;
  readonly askSize?: number;
}

/** 0 trades, 1 halted, 2 halted for volatility. */
export type HaltState = 0 | 1 | 2;

/** Longest stretch whose ticks are told one by one after the clock jumped; older ones are in the history only. */
const LONGEST_CATCH_UP_TICKS = 600;

/** One instrument's market: the price now, what is left of the quoted sizes, and the record behind it. */
export class Market {
  readonly instrument: InstrumentDefinition;
  readonly hours: TradingHours;
  readonly record: MarketRecord;
  readonly day: DaySummary;
  halted: HaltState = 0;
  #now: MarketTick;
  #lastIndex: number;
  #taken = { bid: 0, ask: 0 };

  constructor(
    instrument: InstrumentDefinition,
    parts: { readonly hours: TradingHours; readonly walk: PriceWalk; readonly startedAt: EpochMs },
  ) {
    this.instrument = instrument;
    this.hours = parts.hours;
    this.record = new MarketRecord(parts.walk);
    this.day = new DaySummary(this.record, parts.hours);
    this.#lastIndex = parts.walk.indexAt(lastTradingInstant(parts.hours, parts.startedAt));
    this.#now = parts.walk.tick(this.#lastIndex);
  }

  /** The latest tick. */
  get now(): MarketTick {
    return this.#now;
  }

  /** Between bid and ask; the last trade where a side is missing. */
  get midPoint(): number {
    const { bid, ask, last } = this.#now;
    return bid > 0 && ask > 0 ? (bid + ask) / 2 : last;
  }

  /** Whether orders can trade at an instant. */
  isOpen(ts: EpochMs, outsideRth: boolean): boolean {
    return this.halted === 0 && (outsideRth ? this.hours.isTrading(ts) : this.hours.isRegular(ts));
  }

  /** What is left to buy at the ask, or to sell at the bid. */
  available(side: 'bid' | 'ask'): number {
    const price = this.#now[side];
    return price === -1 ? 0 : Math.max(0, this.#now[`${side}Size`] - this.#taken[side]);
  }

  /** Somebody traded against the quote: that much of it is gone until the next one. */
  take(side: 'bid' | 'ask', qty: number): void {
    this.#taken[side] += qty;
  }

  /** Sets the quote by hand: the walk rests from then on. */
  quote(change: QuoteChange, ts: EpochMs): MarketTick {
    return this.#tell({ ...this.#now, ...change, ts, last: this.#now.last, lastSize: 0 }, ts);
  }

  /** A trade by hand, inside or outside the quote. */
  trade(price: number, size: number, ts: EpochMs): MarketTick {
    return this.#tell({ ...this.#now, ts, last: price, lastSize: size }, ts);
  }

  halt(state: HaltState, ts: EpochMs): void {
    if (state !== 0) this.record.silence(ts);
    else if (this.halted !== 0) this.letWalk(ts);
    this.halted = state;
  }

  /** The walk goes on after prices set by hand. */
  letWalk(ts: EpochMs): void {
    this.record.resume(ts);
    this.#lastIndex = Math.max(this.#lastIndex, this.record.walk.indexAt(ts - 1));
  }

  /** Ticks of the walk since the last call, each to be shown with {@link show}. */
  advance(ts: EpochMs): readonly MarketTick[] {
    const { walk } = this.record;
    const index = walk.indexAt(ts);
    if (index <= this.#lastIndex || !this.hours.isTrading(ts)) return [];
    const from = Math.max(this.#lastIndex + 1, index - LONGEST_CATCH_UP_TICKS);
    const ticks = this.record.ticks(from * walk.tickMs, ts + 1).filter((tick) => !this.record.isSilent(tick.ts));
    this.#lastIndex = index;
    return ticks;
  }

  /** Makes a tick the latest one. */
  show(tick: MarketTick): void {
    this.#now = tick;
    this.#taken = { bid: 0, ask: 0 };
    this.day.add(tick);
  }

  #tell(tick: MarketTick, ts: EpochMs): MarketTick {
    this.record.silence(ts);
    this.record.tell(tick);
    this.show(tick);
    return tick;
  }
}

/** Now where the market trades, else the end of its last session. */
function lastTradingInstant(hours: TradingHours, now: EpochMs): EpochMs {
  if (hours.isTrading(now)) return now;
  const last = hours.sessions(now - 10 * DAY_MS, now, false).at(-1);
  return last === undefined ? now : Math.min(now, last.close - 1);
}
