import { divideRounded, moneyToNumber, toMoney } from '@bookrunner/sdk';
import type { Money } from '@bookrunner/sdk';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import { sizeGrid, valueOf } from './amounts.js';
import type { Commission } from './commission-model.js';

/** What the ledger books: one execution of one leg. `lots` are increments, signed: above zero was bought. */
export interface Booking {
  readonly instrument: InstrumentDefinition;
  readonly lots: number;
  readonly price: number;
  readonly commission: Commission;
}

/** A position with its total cost. */
export interface Holding {
  readonly instrument: InstrumentDefinition;
  /** Increments, signed. */
  readonly lots: number;
  /** What the open units cost, without commissions; negative for a short position. */
  readonly cost: Money;
  /** Commissions of the open units, in the instrument's currency. */
  readonly fees: Money;
  /** Of all closed units since the start, commissions taken off. */
  readonly realized: Money;
}

/** Money per currency. */
export type CashBalances = Readonly<Record<string, Money>>;

// Margined instruments are not paid for: only what they gain or lose is cash.
const MARGINED = new Set(['FUT', 'CFD']);

/**
 * One account, exact: cash = paid in − value of all executions − commissions, per currency, and what margined instruments still
 * have open is not paid.
 */
export class AccountLedger {
  readonly account: string;
  readonly baseCurrency: string;
  readonly #cash = new Map<string, Money>();
  readonly #holdings = new Map<number, Holding>();
  readonly #commissions = new Map<string, Money>();

  constructor(account: string, baseCurrency: string) {
    this.account = account;
    this.baseCurrency = baseCurrency;
  }

  /** Pays in; a negative amount is paid out. */
  deposit(amount: number, currency: string): void {
    this.#pay(currency, toMoney(amount));
  }

  /**
   * Books an execution and returns what it realized in the instrument's currency, its commission taken off; undefined where it
   * only opened.
   */
  book({ instrument, lots, price, commission }: Booking): Money | undefined {
    const before = this.holding(instrument);
    const isOpposite = before.lots !== 0 && before.lots > 0 !== lots > 0;
    const closed = isOpposite ? Math.min(Math.abs(lots), Math.abs(before.lots)) : 0;
    const closedLots = Math.sign(lots) * closed;
    const openedLots = lots - closedLots;
    const share = (whole: Money): Money =>
      closed === 0 ? 0n : divideRounded(whole * BigInt(closed), BigInt(Math.abs(before.lots)));
    const fee = commission.currency === instrument.currency ? commission.amount : 0n;
    const openingFee = divideRounded(fee * BigInt(Math.abs(openedLots)), BigInt(Math.abs(lots)));
    const closedCost = share(before.cost);
    const closedFees = share(before.fees);
    const gained = -valueOf(instrument, closedLots, price) - closedCost;
    const realized = gained - closedFees - (fee - openingFee);
    this.#holdings.set(instrument.conId, {
      instrument,
      lots: before.lots + lots,
      cost: before.cost - closedCost + valueOf(instrument, openedLots, price),
      fees: before.fees - closedFees + openingFee,
      realized: before.realized + (closed === 0 ? 0n : realized),
    });
    this.#settle({ instrument, lots, price, commission }, gained);
    return closed === 0 ? undefined : realized;
  }

  /** What is held of an instrument; nothing where it was never traded. */
  holding(instrument: InstrumentDefinition): Holding {
    return this.#holdings.get(instrument.conId) ?? { instrument, lots: 0, cost: 0n, fees: 0n, realized: 0n };
  }

  /** Everything that was ever held, closed positions included. */
  get holdings(): readonly Holding[] {
    return [...this.#holdings.values()];
  }

  get cash(): CashBalances {
    return Object.fromEntries(this.#cash);
  }

  /** Commissions paid so far, by currency. */
  get commissions(): CashBalances {
    return Object.fromEntries(this.#commissions);
  }

  #settle({ instrument, lots, price, commission }: Booking, gained: Money): void {
    const { secType, currency, symbol } = instrument;
    if (MARGINED.has(secType)) this.#pay(currency, gained);
    else this.#pay(currency, -valueOf(instrument, lots, price));
    if (secType === 'CASH') this.#pay(symbol, toMoney(sizeGrid(instrument).toValue(lots)));
    this.#pay(commission.currency, -commission.amount);
    const paid = this.#commissions.get(commission.currency) ?? 0n;
    this.#commissions.set(commission.currency, paid + commission.amount);
  }

  #pay(currency: string, amount: Money): void {
    this.#cash.set(currency, (this.#cash.get(currency) ?? 0n) + amount);
  }
}

/** Units held, signed. */
export function quantityOf({ instrument, lots }: Holding): number {
  return sizeGrid(instrument).toValue(lots);
}

/** Average cost of one unit as the TWS API gives it: commissions and multiplier in it, in the currency, never in pence. */
export function averageCostOf(holding: Holding): number {
  return holding.lots === 0 ? 0 : moneyToNumber(holding.cost + holding.fees) / quantityOf(holding);
}
