import type { EpochMs, Instrument, PortfolioView, RiskScope, TradingDay } from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';
import type { TargetSlot } from './target-slot.js';
import { OrderRateCounter } from './order-rate-counter.js';

/** What a strategy had earned when a trading day began: its equity without its part of the book's capital. */
export interface DayStart {
  day: TradingDay;
  earned: number;
}

/** Where a view takes the money of its scope from. */
export interface ScopeMoney {
  equity(): number;
  dayStartEquity(): number;
  /** When the trading day of the scope ends. */
  dayEnd(): EpochMs;
  /** Kept by scopes whose start of the day no book keeps. */
  readonly dayStart?: DayStart;
  /** Base currency value of one unit at price 1. */
  unitValue(state: InstrumentState): number;
}

/** What a risk policy sees of a strategy, a book or everything: computed from slots when asked, nothing is copied. */
export class ScopeView implements PortfolioView {
  readonly scope: RiskScope;
  readonly name: string;
  readonly rate = new OrderRateCounter();
  ts: EpochMs = 0;
  readonly #slots: TargetSlot[] = [];
  readonly #money: ScopeMoney;
  readonly #instruments: ReadonlyMap<string, InstrumentState>;

  constructor(setup: {
    scope: RiskScope;
    name: string;
    money: ScopeMoney;
    instruments: ReadonlyMap<string, InstrumentState>;
  }) {
    this.scope = setup.scope;
    this.name = setup.name;
    this.#money = setup.money;
    this.#instruments = setup.instruments;
  }

  addSlot(slot: TargetSlot): void {
    this.#slots.push(slot);
  }

  get slots(): readonly TargetSlot[] {
    return this.#slots;
  }
  get equity(): number {
    return this.#money.equity();
  }
  get dayStartEquity(): number {
    return this.#money.dayStartEquity();
  }
  get dayEnd(): EpochMs {
    return this.#money.dayEnd();
  }
  get dayStart(): DayStart | undefined {
    return this.#money.dayStart;
  }
  /** A day of some book began: a strategy's day starts at the equity it has when first asked. */
  openDay(): void {
    this.#money.dayStartEquity();
  }
  get dayPnlBps(): number {
    const start = this.dayStartEquity;
    return start > 0 ? ((this.equity - start) / start) * 10_000 : Number.NaN;
  }

  /** Absolute values of positions, each at the worse of now and after all its working orders. */
  get grossExposure(): number {
    let gross = 0;
    for (const slot of this.#slots) {
      const held = slot.heldScaled;
      if (held === 0 && slot.workingScaled === 0) continue;
      const worst = Math.max(Math.abs(held), Math.abs(held + slot.workingScaled));
      gross += (worst / slot.state.quantityPower) * slot.state.price * this.#money.unitValue(slot.state);
    }
    return gross;
  }
  get workingOrders(): number {
    let count = 0;
    for (const slot of this.#slots) count += slot.entries.length + slot.protection.length;
    return count;
  }
  get ordersLastSecond(): number {
    return this.rate.since(this.ts - 1_000);
  }
  get ordersLastMinute(): number {
    return this.rate.since(this.ts - 60_000);
  }

  instrument(symbol: string): Instrument {
    return this.#state(symbol).instrument;
  }
  position(symbol: string): number {
    let total = 0;
    for (const slot of this.#slots)
      if (slot.instrument.symbol === symbol) total += slot.heldScaled / slot.state.quantityPower;
    return total;
  }
  working(symbol: string): number {
    let total = 0;
    for (const slot of this.#slots)
      if (slot.instrument.symbol === symbol) total += slot.workingScaled / slot.state.quantityPower;
    return total;
  }
  price(symbol: string): number {
    return this.#state(symbol).price;
  }
  unitValue(symbol: string): number {
    return this.#money.unitValue(this.#state(symbol));
  }

  #state(symbol: string): InstrumentState {
    const state = this.#instruments.get(symbol);
    if (state === undefined) throw new RangeError(`Symbol '${symbol}' is not an instrument of this engine.`);
    return state;
  }
}
