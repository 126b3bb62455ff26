import type { AccountState } from '../../model/account.js';
import type { Instrument } from '../../model/instrument.js';
import {
  decimalsOf,
  divideRounded,
  fromScaled,
  MONEY_DECIMALS,
  moneyPower,
  moneyToNumber,
  toMoney,
  toScaled,
} from '../../model/rounding.js';
import type { Money } from '../../model/rounding.js';
import type { EpochMs } from '../../model/time.js';
import type { VenuePosition } from '../../model/venue-report.js';

/** A holding: signed integer quantity at the instrument's decimals and what it cost, in its quote currency. */
interface Holding {
  readonly instrument: Instrument;
  qty: number;
  cost: Money;
}

/** What one execution does to the account. */
export interface PaperExecution {
  readonly instrument: Instrument;
  /** Signed units. */
  readonly signedQty: number;
  readonly price: number;
  readonly fee: number;
}

/** Positions and cash of a paper account in one currency, kept exactly. */
export class PaperAccount {
  readonly name: string;
  readonly currency: string;
  readonly #holdings = new Map<string, Holding>();
  #cash: Money;

  constructor(options: { readonly name: string; readonly currency: string; readonly cash: number }) {
    this.name = options.name;
    this.currency = options.currency;
    this.#cash = toMoney(options.cash);
  }

  /** Signed units held. */
  qtyOf(symbol: string): number {
    const holding = this.#holdings.get(symbol);
    return holding === undefined ? 0 : fromScaled(holding.qty, holding.instrument.quantityDecimals);
  }

  apply(execution: PaperExecution): void {
    const { instrument } = execution;
    const holding = this.#holdings.get(instrument.symbol) ?? { instrument, qty: 0, cost: 0n };
    this.#holdings.set(instrument.symbol, holding);
    const qty = toScaled(execution.signedQty, instrument.quantityDecimals);
    const value = valueOf(instrument, qty, execution.price);
    this.#cash -= value + toMoney(execution.fee);
    const closing = Math.sign(qty) === -Math.sign(holding.qty) ? Math.min(Math.abs(qty), Math.abs(holding.qty)) : 0;
    if (closing > 0) {
      holding.cost -= divideRounded(holding.cost * BigInt(closing), BigInt(Math.abs(holding.qty)));
      holding.qty += Math.sign(qty) * closing;
    }
    const opening = qty - Math.sign(qty) * closing;
    holding.cost += valueOf(instrument, opening, execution.price);
    holding.qty += opening;
  }

  positions(): readonly VenuePosition[] {
    const held = [...this.#holdings.values()].filter((holding) => holding.qty !== 0);
    return held.map((holding) => {
      const { symbol, quantityDecimals, pointValue } = holding.instrument;
      const qty = fromScaled(holding.qty, quantityDecimals);
      return { account: this.name, symbol, qty, avgPrice: moneyToNumber(holding.cost) / (qty * pointValue) };
    });
  }

  /** The account marked at these prices; a symbol without one counts at its cost. */
  state(ts: EpochMs, priceOf: (symbol: string) => number): AccountState {
    let value = 0n;
    let margin = 0;
    for (const { instrument, qty, cost } of this.#holdings.values()) {
      const price = priceOf(instrument.symbol);
      const marked = Number.isNaN(price) ? cost : valueOf(instrument, qty, price);
      value += marked;
      margin += Math.abs(moneyToNumber(marked)) * instrument.marginRate;
    }
    const equity = moneyToNumber(this.#cash + value);
    const cash = moneyToNumber(this.#cash);
    return { ts, account: this.name, currency: this.currency, equity, cash, margin, buyingPower: equity - margin };
  }
}

/** Quantity times price times point value, exactly. */
function valueOf(instrument: Instrument, qty: number, price: number): Money {
  const { priceDecimals, quantityDecimals, pointValue } = instrument;
  const pointDecimals = decimalsOf(pointValue);
  const product = BigInt(qty) * BigInt(toScaled(price, priceDecimals)) * BigInt(toScaled(pointValue, pointDecimals));
  return product * moneyPower(MONEY_DECIMALS - priceDecimals - quantityDecimals - pointDecimals);
}
