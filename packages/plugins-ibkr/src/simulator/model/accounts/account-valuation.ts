import { moneyToNumber } from '@bookrunner/sdk';
import type { Money } from '@bookrunner/sdk';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { MarketPlace } from '../market/market-place.js';
import type { AccountBook } from './account-book.js';
import { quantityOf } from './account-ledger.js';
import type { Holding } from './account-ledger.js';

/** A holding at the price of now, in the instrument's currency. */
export interface ValuedHolding {
  readonly holding: Holding;
  readonly qty: number;
  /** As quoted, but in the currency: pounds, not pence. */
  readonly price: number;
  readonly value: number;
  readonly unrealized: number;
  readonly realized: number;
}

/** An account at the prices of now, in its base currency. */
export interface AccountFigures {
  readonly baseCurrency: string;
  readonly cash: number;
  readonly equity: number;
  readonly grossValue: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly unrealized: number;
  readonly realized: number;
}

// Worth what they gained, not what they are.
const MARGINED = new Set(['FUT', 'CFD']);

/** Marks accounts to market. Display figures: doubles, converted at the middle of the currency pairs listed. */
export class AccountValuation {
  readonly #accounts: AccountBook;
  readonly #contracts: ContractRegister;
  readonly #markets: MarketPlace;

  constructor(accounts: AccountBook, contracts: ContractRegister, markets: MarketPlace) {
    this.#accounts = accounts;
    this.#contracts = contracts;
    this.#markets = markets;
  }

  /** What an account is worth. */
  of(account: string): AccountFigures {
    const { baseCurrency, cash } = this.#accounts.ledger(account);
    const base = (amount: number, from: string): number => this.toBase(amount, { from, account });
    const held = this.holdings(account);
    const sum = (of: (item: ValuedHolding) => number): number =>
      held.reduce((total, item) => total + base(of(item), item.holding.instrument.currency), 0);
    const cashInBase = Object.entries(cash).reduce(
      (total, [currency, money]) => total + base(moneyToNumber(money), currency),
      0,
    );
    const initialMargin = sum((item) => Math.abs(item.value) * (item.holding.instrument.marginRate ?? 0.5));
    return {
      baseCurrency,
      cash: cashInBase,
      equity: cashInBase + sum(equityOf),
      grossValue: sum((item) => (isPaidFor(item) ? Math.abs(item.value) : 0)),
      initialMargin,
      maintenanceMargin: initialMargin / 2,
      unrealized: sum((item) => item.unrealized),
      realized: sum((item) => item.realized),
    };
  }

  /** Everything that was traded, closed positions included. */
  holdings(account: string): readonly ValuedHolding[] {
    return this.#accounts.ledger(account).holdings.map((holding) => this.#valued(holding));
  }

  /** Units of the base currency for one of another; 1 where no pair is listed. */
  rate(from: string, to: string): number {
    if (from === to) return 1;
    const pair = (symbol: string, currency: string): number => {
      const found = this.#contracts.all.find(
        (item) => item.secType === 'CASH' && item.symbol === symbol && item.currency === currency,
      );
      return found === undefined ? Number.NaN : this.#markets.of(found).midPoint;
    };
    const direct = pair(from, to);
    if (!Number.isNaN(direct)) return direct;
    const inverse = pair(to, from);
    if (!Number.isNaN(inverse)) return 1 / inverse;
    // Through the dollar, in which most pairs are listed.
    return from === 'USD' || to === 'USD' ? 1 : this.rate(from, 'USD') * this.rate('USD', to);
  }

  toBase(amount: number, { from, account }: { readonly from: string; readonly account: string }): number {
    return amount * this.rate(from, this.#accounts.ledger(account).baseCurrency);
  }

  #valued(holding: Holding): ValuedHolding {
    const { multiplier = 1, priceMagnifier = 1 } = holding.instrument;
    const qty = quantityOf(holding);
    const price = this.#markets.of(holding.instrument).midPoint / priceMagnifier;
    const value = qty * price * multiplier;
    const cost = moneyToNumber(holding.cost + holding.fees);
    return {
      holding,
      qty,
      price,
      value,
      unrealized: holding.lots === 0 ? 0 : value - cost,
      realized: moneyToNumber(holding.realized),
    };
  }
}

function isPaidFor({ holding }: ValuedHolding): boolean {
  const { secType } = holding.instrument;
  return !MARGINED.has(secType) && secType !== 'CASH';
}

/** What a holding adds to the cash: currencies are cash already, margined instruments only gained or lost. */
function equityOf({ holding, value }: ValuedHolding): number {
  const { secType } = holding.instrument;
  if (secType === 'CASH') return 0;
  return MARGINED.has(secType) ? value - moneyToNumber(holding.cost) : value;
}

/** Money as account values write it: two decimals. */
export function moneyText(amount: number | Money): string {
  return (typeof amount === 'bigint' ? moneyToNumber(amount) : amount).toFixed(2);
}
