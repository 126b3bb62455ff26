import {
  type Currency,
  type EpochMs,
  type MarketCalendar,
  type Money,
  moneyToNumber,
  toMoney,
  type TradingDay,
} from '@bookrunner/sdk';
import type { CurrencyConverter } from '../market/currency-converter.js';
import type { InstrumentState } from '../market/instrument-state.js';
import { Holding, type HoldingState } from './holding.js';

/** What a book is made from. */
export interface BookSetup {
  readonly name: string;
  readonly account: string;
  readonly base: Currency;
  readonly capital: number;
  readonly dayCalendar: MarketCalendar;
}

/** One holding of a book with its last mark, in the book's base currency. */
export interface Position {
  readonly holding: Holding;
  readonly state: InstrumentState;
  readonly strategyIndex: number;
  readonly book: Book;
  /** Value in base of one unit at price 1 where no conversion is needed; NaN otherwise. */
  readonly fixedUnitValue: number;
  value: number;
}

/**
 * A virtual book: exact cash per currency, holdings by strategy and instrument, and their marks. Cash is converted only when the
 * venue converts; equity in the base currency is a mark.
 */
export class Book {
  readonly index: number;
  readonly name: string;
  readonly account: string;
  readonly base: Currency;
  readonly capital: number;
  readonly dayCalendar: MarketCalendar;
  readonly positions: Position[] = [];
  /** Sum of market values and of their absolute values, in base, at the last marks. */
  positionsValue = 0;
  grossValue = 0;
  /** Equity when the current trading day began, and when it ends. */
  dayStartEquity: number;
  day: TradingDay = 0;
  dayEnd: EpochMs = Number.NEGATIVE_INFINITY;
  /** A bar of one of its instruments closed at this instant. */
  isDirty = false;
  /** Deposits and withdrawals of the day, in base: no profit. */
  dayFlows = 0;
  /** Cash that came or went without a trade since the start, in base. */
  flows = 0;
  #cash: Money;
  #cashNumber: number;
  #hasForeign = false;
  readonly #foreign = new Map<Currency, Money>();
  readonly #converter: CurrencyConverter;

  constructor(index: number, setup: BookSetup, converter: CurrencyConverter) {
    this.index = index;
    this.name = setup.name;
    this.account = setup.account;
    this.base = setup.base;
    this.capital = setup.capital;
    this.dayCalendar = setup.dayCalendar;
    this.#converter = converter;
    this.#cash = toMoney(setup.capital);
    this.#cashNumber = setup.capital;
    this.dayStartEquity = setup.capital;
  }

  /** Opens the ledger line of one strategy and instrument. */
  addPosition(state: InstrumentState, strategyIndex: number): Position {
    const { quote, pointValue } = state.instrument;
    const fixedUnitValue = quote === this.base ? pointValue : Number.NaN;
    const position: Position = {
      holding: new Holding(state),
      state,
      strategyIndex,
      book: this,
      fixedUnitValue,
      value: 0,
    };
    this.positions.push(position);
    return position;
  }

  /** Moves cash; the currency need not be the base. */
  addCash(currency: Currency, amount: Money): void {
    if (currency === this.base) {
      this.#cash += amount;
      this.#cashNumber = moneyToNumber(this.#cash);
    } else {
      this.#hasForeign = true;
      this.#foreign.set(currency, (this.#foreign.get(currency) ?? 0n) + amount);
    }
  }

  /** Exact cash of a currency. */
  cash(currency: Currency): Money {
    return currency === this.base ? this.#cash : (this.#foreign.get(currency) ?? 0n);
  }

  /** Currencies with cash, base first. */
  currencies(): readonly Currency[] {
    return [this.base, ...this.#foreign.keys()];
  }

  /** All cash in base at the last rates; NaN while a needed rate is not known. */
  cashValue(): number {
    if (!this.#hasForeign) return this.#cashNumber;
    let total = this.#cashNumber;
    for (const [currency, amount] of this.#foreign) {
      if (amount !== 0n) total += moneyToNumber(amount) * this.#converter.rate(currency, this.base);
    }
    return total;
  }

  /** Cash plus positions at their last marks, in base. */
  equity(): number {
    return this.cashValue() + this.positionsValue;
  }

  /** Money in base for one unit of the instrument at price 1. */
  unitValue(state: InstrumentState): number {
    return state.instrument.pointValue * this.#converter.rate(state.instrument.quote, this.base);
  }

  /** Marks one position at its instrument's last price. A price not known leaves the last mark. */
  mark(position: Position): void {
    const { holding, state } = position;
    const { fixedUnitValue } = position;
    const unitValue = fixedUnitValue === fixedUnitValue ? fixedUnitValue : this.unitValue(state);
    const value = holding.qtyScaled === 0 ? 0 : (holding.qtyScaled / state.quantityPower) * state.price * unitValue;
    if (value !== value) return;
    const old = position.value;
    if (value === old) return;
    this.positionsValue += value - old;
    this.grossValue += Math.abs(value) - Math.abs(old);
    position.value = value;
  }

  /** Marks everything anew, which also removes the rounding that incremental marks collect. */
  markAll(): void {
    let net = 0;
    let gross = 0;
    for (const position of this.positions) {
      this.mark(position);
      net += position.value;
      gross += Math.abs(position.value);
    }
    this.positionsValue = net;
    this.grossValue = gross;
  }

  save(): BookState {
    return {
      cash: this.currencies().map((currency) => [currency, String(this.cash(currency))] as const),
      holdings: this.positions.map((position) => position.holding.save()),
      values: this.positions.map((position) => position.value),
      day: [this.dayStartEquity, this.day, this.dayEnd, this.dayFlows, this.flows],
    };
  }

  load(saved: BookState): void {
    this.#foreign.clear();
    this.#hasForeign = false;
    this.#cash = 0n;
    for (const [currency, amount] of saved.cash) this.addCash(currency, BigInt(amount));
    saved.holdings.forEach((holding, i) => this.positions[i]?.holding.load(holding));
    this.positions.forEach((position, i) => {
      position.value = saved.values[i] ?? 0;
    });
    const [dayStartEquity, day, dayEnd, dayFlows, flows] = saved.day;
    Object.assign(this, { dayStartEquity, day, dayEnd, dayFlows, flows });
    this.positionsValue = this.positions.reduce((sum, position) => sum + position.value, 0);
    this.grossValue = this.positions.reduce((sum, position) => sum + Math.abs(position.value), 0);
  }
}

/** A book as plain JSON. */
export interface BookState {
  readonly cash: readonly (readonly [Currency, string])[];
  readonly holdings: readonly HoldingState[];
  readonly values: readonly number[];
  readonly day: readonly [number, number, number, number, number];
}
