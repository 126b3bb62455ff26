import {
  type Currency,
  type EpochMs,
  type MarketCalendar,
  type Money,
  moneyToNumber,
  powerOfTen,
  toMoney,
  type TradingDay,
} from '@bookrunner/sdk';
import type { CurrencyConverter } from '../market/currency-converter.js';
import type { InstrumentState } from '../market/instrument-state.js';
import { type BookedFill, type ClosedTrade, FEE_DECIMALS, Holding, type HoldingState } from './holding.js';
import { Marks } from './marks.js';

const FEE_POWER = powerOfTen(FEE_DECIMALS);
/**
 * V8 keeps 0 as a small integer and moves the field, and its code, at the first fraction; a field without a first value holds anything,
 * and every number written to it is allocated. One that began as this is a double, written in place.
 */
const DOUBLE = 0.5;

/** What a book is made from. */
export interface BookSetup {
  readonly name: string;
  readonly account: string;
  /** Where its account trades: a command to a venue concerns it. Absent: no venue is named. */
  readonly venue?: string;
  readonly base: Currency;
  readonly capital: number;
  readonly dayCalendar: MarketCalendar;
}

/** One holding of a book with its last mark. A class: of a literal's fields V8 knows no classes. */
export class Position {
  readonly holding: Holding;
  readonly state: InstrumentState;
  readonly strategyIndex: number;
  readonly book: Book;
  /** Whether the instrument is quoted in another currency than the book's base. */
  readonly isForeign: boolean;
  /** Value in base of one unit at price 1 where no conversion is needed; NaN otherwise. */
  readonly fixedUnitValue: number = DOUBLE;
  /** Market value at the last mark, in the currency the instrument is quoted in: what that is worth in base moves with its rate. */
  value = DOUBLE;
  /** Its sign. */
  sign = DOUBLE;
  /** The next position in the instrument, of whatever book. */
  nextInInstrument: Position | undefined = undefined;

  constructor(book: Book, state: InstrumentState, strategyIndex: number) {
    const { quote, pointValue } = state.instrument;
    this.holding = new Holding(state);
    this.state = state;
    this.strategyIndex = strategyIndex;
    this.book = book;
    this.isForeign = quote !== book.base;
    this.fixedUnitValue = this.isForeign ? Number.NaN : pointValue;
    this.value = 0;
    this.sign = 0;
  }
}

/**
 * A virtual book: exact cash per currency, holdings by strategy and instrument, and their marks. Cash is converted only when the
 * venue converts; equity in the base currency is a mark.
 */
export class Book {
  readonly index: number;
  readonly name: string;
  readonly account: string;
  readonly venue: string;
  readonly base: Currency;
  readonly capital: number;
  readonly dayCalendar: MarketCalendar;
  readonly positions: Position[] = [];
  /** {@link equity} and {@link gross} when a bar of one of its instruments last closed: read at every mark, so kept in place. */
  markedEquity = DOUBLE;
  markedGross = DOUBLE;
  /** Sum of market values and of their absolute values at the last marks, of what is quoted in base. */
  positionsValue = DOUBLE;
  grossValue = DOUBLE;
  /** The largest that {@link grossValue} was since both sums were last taken anew: what was added to it then has rounded away what is smaller. */
  grossPeak = DOUBLE;
  /** Nothing is held: {@link gross} is zero, whatever rounding left of the sums, which stay, since journals hold them to the last bit. */
  isFlat = true;
  /** Equity when the current trading day began, and when it ends: when the last bar of the day is available. */
  dayStartEquity = DOUBLE;
  day: TradingDay = 0;
  dayEnd: EpochMs = Number.NEGATIVE_INFINITY;
  /** A bar of one of its instruments closed at this instant. */
  isDirty = false;
  /** The one that is told after it. */
  nextDirty: Book | undefined = undefined;
  /** Deposits and withdrawals of the day, in base: no profit. */
  dayFlows = 0;
  /** Cash that came or went without a trade since the start, in base. */
  flows = 0;
  /** Exact cash that is no trade, by currency: capital, deposits, financing, fees in other currencies. */
  readonly #otherCash = new Map<Currency, Money>();
  /**
   * All cash as numbers, of the base and of other currencies: moved with each fill, taken exactly at {@link markAll}. With that of another
   * currency stands what is held in it: both are worth in base what its rate says now.
   */
  private baseBalance = DOUBLE;
  private readonly balances: Balance[] = [];
  /** There are balances. */
  private isMixed = false;
  private readonly converter: CurrencyConverter;
  private readonly marks: Marks;

  constructor(index: number, setup: BookSetup, converter: CurrencyConverter, marks = new Marks()) {
    this.index = index;
    this.name = setup.name;
    this.account = setup.account;
    this.venue = setup.venue ?? '';
    this.base = setup.base;
    this.capital = setup.capital;
    this.dayCalendar = setup.dayCalendar;
    this.converter = converter;
    this.marks = marks;
    this.#otherCash.set(setup.base, toMoney(setup.capital));
    this.baseBalance = setup.capital;
    this.dayStartEquity = setup.capital;
    this.markedEquity = setup.capital;
    this.markedGross = 0;
    this.positionsValue = 0;
    this.grossValue = 0;
    this.grossPeak = 0;
  }

  /** Opens the ledger line of one strategy and instrument. */
  addPosition(state: InstrumentState, strategyIndex: number): Position {
    const position = new Position(this, state, strategyIndex);
    this.positions.push(position);
    return position;
  }

  /** Moves cash that is no trade; the currency need not be the base. */
  addCash(currency: Currency, amount: Money): void {
    this.#otherCash.set(currency, (this.#otherCash.get(currency) ?? 0n) + amount);
    if (currency === this.base) this.baseBalance += moneyToNumber(amount);
    else this.#balance(currency).amount += moneyToNumber(amount);
  }

  /** Books a fill of one of the book's positions: its holding moves exactly, and cash with it. */
  addFill(position: Position, fill: BookedFill, onClosed: (trade: ClosedTrade) => void): void {
    const { holding } = position;
    holding.apply(fill, onClosed);
    this.isFlat = holding.qtyScaled === 0 && this.#holdsNothing();
    const moved = holding.valueOf(-fill.signedScaled, fill.priceScaled) - fill.feeScaled / FEE_POWER;
    if (position.isForeign) this.#balance(position.state.instrument.quote).amount += moved;
    else this.baseBalance += moved;
  }

  /** A fee, in the quote currency of a position, that was told after its fill; an integer at FEE_DECIMALS. */
  addFee(position: Position, feeScaled: number): void {
    position.holding.addFee(feeScaled);
    const moved = -feeScaled / FEE_POWER;
    if (position.isForeign) this.#balance(position.state.instrument.quote).amount += moved;
    else this.baseBalance += moved;
  }

  /** Exact cash of a currency. */
  cash(currency: Currency): Money {
    let cash = this.#otherCash.get(currency) ?? 0n;
    for (const { holding, state } of this.positions) if (state.instrument.quote === currency) cash += holding.cashMoved;
    return cash;
  }

  /** Exact cost of the open positions quoted in a currency: what they took from cash. */
  costIn(currency: Currency): Money {
    let cost = 0n;
    for (const { holding, state } of this.positions) if (state.instrument.quote === currency) cost += holding.cost;
    return cost;
  }

  /** Currencies with cash, base first. */
  currencies(): readonly Currency[] {
    return [this.base, ...this.balances.map((balance) => balance.currency)];
  }

  /** Whether a rate of the currency to base is known now. */
  canValue(currency: Currency): boolean {
    return !Number.isNaN(this.converter.rate(currency, this.base));
  }

  /** All cash in base at the last rates; NaN while a needed rate is not known. */
  cashValue(): number {
    return this.isMixed ? this.#convertedCash() : this.baseBalance;
  }

  /** Cash plus positions at their last marks, in base at the last rates; NaN while a needed rate is not known. */
  equity(): number {
    return this.isMixed ? this.#mixedEquity() : this.baseBalance + this.positionsValue;
  }

  #mixedEquity(): number {
    let total = this.baseBalance + this.positionsValue;
    for (const { currency, amount, value, gross } of this.balances) {
      if (amount !== 0 || gross !== 0) total += (amount + value) * this.converter.rate(currency, this.base);
    }
    return total;
  }

  /** Sum of the absolute values of positions, as {@link equity} has them. */
  gross(): number {
    if (this.isFlat) return 0;
    let total = this.grossValue;
    for (const { currency, gross } of this.balances) {
      if (gross !== 0) total += gross * this.converter.rate(currency, this.base);
    }
    return total;
  }

  /** Takes the equity as marked now. Here, not where it is asked for: a number that a call gives is boxed where V8 leaves the call. */
  markEquity(): void {
    this.markedEquity = this.equity();
    this.markedGross = this.isFlat ? 0 : this.isMixed ? this.gross() : this.grossValue;
  }

  /** Money in base for one unit of the instrument at price 1. */
  unitValue(state: InstrumentState): number {
    return state.instrument.pointValue * this.converter.rate(state.instrument.quote, this.base);
  }

  /** The same of what a position is in. */
  unitValueOf({ fixedUnitValue, state }: Position): number {
    return fixedUnitValue === fixedUnitValue ? fixedUnitValue : this.unitValue(state);
  }

  /** Units of base for one unit of the currency a position is quoted in. */
  rateOf(position: Position): number {
    return position.isForeign ? this.converter.rate(position.state.instrument.quote, this.base) : 1;
  }

  /** Marks one position at its instrument's last price. A price not known leaves the last mark. */
  mark(position: Position): void {
    if (position.isForeign) return this.#markForeign(position);
    const { holding, state } = position;
    const value = holding.qtyScaled === 0 ? 0 : holding.qty * state.price * position.fixedUnitValue;
    const old = position.value;
    const change = value - old;
    // Questions that are nearly always answered alike: which way a price went, or which side is held of one of many, no processor foretells.
    if (change === 0 || change !== change) return this.#leave(value);
    this.positionsValue += change;
    // The unsigned value changes by just as much, or by the opposite, unless the sign does.
    if (value * old > 0) this.grossValue += change * position.sign;
    else this.#markTurn(position, value);
    if (this.grossValue > this.grossPeak) this.grossPeak = this.grossValue;
    position.value = value;
  }

  /** The part of a mark that takes a position to the other side, from nothing or to nothing. */
  #markTurn(position: Position, value: number): void {
    this.grossValue += Math.abs(value) - Math.abs(position.value);
    position.sign = Math.sign(value);
  }

  /** Marks everything anew, which also removes the rounding that incremental marks collect. */
  markAll(): void {
    for (const position of this.positions) this.mark(position);
    this.baseBalance = moneyToNumber(this.cash(this.base));
    for (const balance of this.balances) {
      const { currency } = balance;
      const [value, gross] = this.#sumsIn(currency);
      Object.assign(balance, { amount: moneyToNumber(this.cash(currency)), value, gross });
    }
    [this.positionsValue, this.grossValue] = this.#sumsIn(this.base);
    this.grossPeak = this.grossValue;
    this.isFlat = this.#holdsNothing();
  }

  save(): BookState {
    return {
      otherCash: [...this.#otherCash].map(([currency, amount]) => [currency, String(amount)] as const),
      balances: [
        [this.base, this.baseBalance],
        ...this.balances.map(({ currency, amount, value, gross }) => [currency, amount, value, gross] as const),
      ],
      holdings: this.positions.map((position) => position.holding.save()),
      values: this.positions.map((position) => position.value),
      totals: [this.positionsValue, this.grossValue],
      day: [this.dayStartEquity, this.day, this.dayEnd, this.dayFlows, this.flows],
      isDirty: this.isDirty,
    };
  }

  load(saved: BookState): void {
    this.#otherCash.clear();
    for (const [currency, amount] of saved.otherCash) this.#otherCash.set(currency, BigInt(amount));
    this.balances.length = 0;
    this.isMixed = false;
    for (const [currency, amount, value = 0, gross = 0] of saved.balances) {
      if (currency === this.base) this.baseBalance = amount;
      else Object.assign(this.#balance(currency), { amount, value, gross });
    }
    saved.holdings.forEach((holding, i) => this.positions[i]?.holding.load(holding));
    // Snapshots of before had values in base, and none beside the cash: what they say of the market is marked anew.
    const isOld = saved.balances.some(([currency, , value]) => currency !== this.base && value === undefined);
    this.positions.forEach((position, i) => {
      position.value = isOld ? 0 : (saved.values[i] ?? 0);
      position.sign = Math.sign(position.value);
    });
    const [dayStartEquity, day, dayEnd, dayFlows, flows] = saved.day;
    Object.assign(this, { dayStartEquity, day, dayEnd, dayFlows, flows });
    // As they were, with the rounding that incremental marks collected: a restored book decides alike.
    [this.positionsValue, this.grossValue] = saved.totals;
    this.grossPeak = this.grossValue;
    this.isFlat = this.#holdsNothing();
    this.isDirty = saved.isDirty;
    if (isOld) this.markAll();
  }

  /** The same of what is quoted in another currency. */
  #markForeign(position: Position): void {
    const { holding, state } = position;
    const { price, instrument } = state;
    const value = holding.qtyScaled === 0 ? 0 : holding.qty * price * instrument.pointValue;
    const old = position.value;
    if (value !== value || value === old) return this.#leave(value);
    const balance = this.#balance(instrument.quote);
    balance.value += value - old;
    balance.gross += Math.abs(value) - Math.abs(old);
    position.value = value;
  }

  /** Values of the positions quoted in a currency, and their absolute values, summed up anew. */
  #sumsIn(currency: Currency): readonly [net: number, gross: number] {
    let net = 0;
    let gross = 0;
    for (const { state, value } of this.positions) {
      if (state.instrument.quote !== currency) continue;
      net += value;
      gross += Math.abs(value);
    }
    return [net, gross];
  }

  #holdsNothing(): boolean {
    const { positions } = this;
    for (let i = 0; i < positions.length; i++) if ((positions[i] as Position).holding.qtyScaled !== 0) return false;
    return true;
  }

  #leave(value: number): void {
    if (value !== value) this.marks.areCurrent = false;
  }

  #convertedCash(): number {
    let total = this.baseBalance;
    for (const { currency, amount } of this.balances) {
      if (amount !== 0) total += amount * this.converter.rate(currency, this.base);
    }
    return total;
  }

  #balance(currency: Currency): Balance {
    const balances = this.balances;
    for (let i = 0; i < balances.length; i++) {
      const balance = balances[i] as Balance;
      if (balance.currency === currency) return balance;
    }
    const added = { currency, amount: 0, value: 0, gross: 0 };
    balances.push(added);
    this.isMixed = true;
    return added;
  }
}

/** Cash of one currency as a number, and the value of the positions quoted in it at their last marks. */
interface Balance {
  readonly currency: Currency;
  amount: number;
  value: number;
  gross: number;
}

/** A book as plain JSON. */
export interface BookState {
  readonly otherCash: readonly (readonly [Currency, string])[];
  /** Cash; behind that of another currency the value of what is quoted in it, and its absolute value. */
  readonly balances: readonly (readonly [currency: Currency, amount: number, value?: number, gross?: number])[];
  readonly holdings: readonly HoldingState[];
  readonly values: readonly number[];
  readonly totals: readonly [number, number];
  readonly day: readonly [number, number, number, number, number];
  readonly isDirty: boolean;
}
