// What an account is worth, from the rows in which IB tells it.
import type { AccountState, EpochMs } from '@bookrunner/sdk';
import { averageCostToPrice } from '../contracts/ib-numbers.js';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { exactDecimal } from './exact-decimal.js';
import { isMargined } from './open-fees.js';

/** A position in an instrument of engine.yaml. */
export interface DeclaredPosition {
  readonly account: string;
  readonly qualified: QualifiedContract;
  readonly qty: number;
  readonly avgCost: number;
  /** Commissions within what it cost; undefined where they are not known, or it is paid for. */
  readonly openFees: number | undefined;
}

/** Sums over all currencies come under this name: no currency of its own. */
const BASE = 'BASE';
const CASH = 'CashBalance';
const EQUITY = 'NetLiquidation';
const MARGIN = 'MaintMarginReq';
const BUYING_POWER = 'BuyingPower';
const CENTS = 2;
/** Sums of what is exact and of what IB rounds keep what either has. */
const CASH_DECIMALS = 8;

/** Rows of one account. */
export class AccountValues {
  readonly account: string;
  readonly #values = new Map<string, string>();

  constructor(account: string) {
    this.account = account;
  }

  set(key: string, currency: string, value: string): void {
    this.#values.set(`${key} ${currency}`, value);
  }

  /**
   * One state for each currency in which there is cash, that of the account first; none before IB has told its worth and its cash. Positions
   * say what of the cash the books have as a position, see {@link cashAsBooked}. What cannot be read is NaN.
   */
  states(ts: EpochMs, positions: readonly DeclaredPosition[]): readonly AccountState[] {
    const base = this.#baseCurrency();
    if (base === undefined || this.#currencies().length === 0) return [];
    const { account } = this;
    const own = positions.filter((position) => position.account === account);
    const worth = {
      equity: this.#number(EQUITY, base),
      margin: this.#number(MARGIN, base),
      buyingPower: this.#number(BUYING_POWER, base),
    };
    const currencies = [base, ...this.#currencies().filter((currency) => currency !== base)];
    return currencies.map((currency) => ({
      ...{ ts, account, currency, equity: 0, margin: 0, buyingPower: 0 },
      ...(currency === base ? worth : {}),
      cash: cashAsBooked(this.#number(CASH, currency), currency, own),
      cashStep: cashStepOf(currency, this.#values.get(`${CASH} ${currency}`) ?? ''),
    }));
  }

  #baseCurrency(): string | undefined {
    const row = [...this.#values.keys()].find((key) => key.startsWith(`${EQUITY} `) && !key.endsWith(` ${BASE}`));
    return row?.slice(EQUITY.length + 1);
  }

  #currencies(): readonly string[] {
    const rows = [...this.#values.keys()].filter((key) => key.startsWith(`${CASH} `));
    return rows.map((key) => key.slice(CASH.length + 1)).filter((currency) => currency !== BASE && currency !== '');
  }

  #number(key: string, currency: string): number {
    const text = this.#values.get(`${key} ${currency}`);
    if (text === undefined) return 0;
    const value = text === '' ? Number.NaN : Number(text.replaceAll(',', ''));
    return Number.isFinite(value) ? value : Number.NaN;
  }
}

/**
 * Cash as the books have it. They pay for whatever they hold, and hold currencies they bought as positions. So a currency that is a
 * position is no cash as well, and what a future or CFD would have cost is taken off, since IB has not taken it. IB's cost has the
 * commissions in it, which are off its cash already: they are not taken off twice where they are known. NaN where such a cost is not known.
 */
export function cashAsBooked(cash: number, currency: string, positions: readonly DeclaredPosition[]): number {
  let booked = cash;
  for (const { qualified, qty, avgCost, openFees = 0 } of positions) {
    const { secType, contract, instrument } = qualified;
    if (secType === 'CASH' && contract.symbol === currency) booked -= qty;
    if (isMargined(contract) && instrument.quote === currency) booked -= qty * avgCost - openFees;
  }
  return exactDecimal(booked, CASH_DECIMALS);
}

/** IB tells cash in the smallest unit of a currency, cents for most; more decimals than that, and they count. */
function cashStepOf(currency: string, text: string): number {
  const told = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  return Number(`1e-${Math.max(told, minorDecimals(currency))}`);
}

function minorDecimals(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? CENTS
    );
  } catch {
    return CENTS;
  }
}

/** Average price of a position in the quote currency. */
export function averagePrice({ qualified, avgCost }: DeclaredPosition): number {
  return averageCostToPrice(qualified, avgCost);
}
