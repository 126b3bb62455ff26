import {
  decimalsOf,
  divideRounded,
  fromScaled,
  MONEY_DECIMALS,
  moneyPower,
  moneyToNumber,
  toMoney,
  toScaled,
} from '@bookrunner/sdk';
import type { AccountState, EpochMs, Fill, Instrument, Money, VenuePosition } from '@bookrunner/sdk';

/** One execution, kept for ever. A busted one stays in the list and counts nowhere. */
export interface Execution extends Fill {
  readonly account: string;
  readonly venueOrderId: string;
  readonly state: 'booked' | 'corrected' | 'busted';
}

interface Holding {
  readonly instrument: Instrument;
  /** Signed, at the instrument's quantity decimals. */
  qty: number;
  cost: Money;
}

/** One account: what was paid in and what was executed, and nothing else. Positions and cash are the sum of these. */
export class Ledger {
  readonly account: string;
  readonly currency: string;
  readonly executions: Execution[] = [];
  readonly #instruments: ReadonlyMap<string, Instrument>;
  #holdings = new Map<string, Holding>();
  #paidIn: Money;
  #cash: Money;

  constructor(
    account: { readonly id: string; readonly currency: string; readonly cash: number },
    instruments: ReadonlyMap<string, Instrument>,
  ) {
    this.account = account.id;
    this.currency = account.currency;
    this.#instruments = instruments;
    this.#paidIn = this.#cash = toMoney(account.cash);
  }

  /** Pays in; a negative amount is paid out. */
  deposit(amount: number): void {
    this.#paidIn += toMoney(amount);
    this.#cash += toMoney(amount);
  }

  book(execution: Execution): void {
    this.executions.push(execution);
    this.#apply(execution);
  }

  /** Puts another execution in the place of the one with its id, and sums everything up again; undefined where there is none. */
  amend(executionId: string, change: Partial<Execution>): Execution | undefined {
    const at = this.executions.findIndex((execution) => execution.executionId === executionId);
    const before = this.executions[at];
    if (before === undefined || before.state === 'busted') return undefined;
    const after = { ...before, ...change };
    this.executions[at] = after;
    this.#holdings = new Map();
    this.#cash = this.#paidIn;
    for (const execution of this.executions) if (execution.state !== 'busted') this.#apply(execution);
    return after;
  }

  positions(): readonly VenuePosition[] {
    const held = [...this.#holdings.values()].filter((holding) => holding.qty !== 0);
    return held.map(({ instrument, qty: scaled, cost }) => {
      const qty = fromScaled(scaled, instrument.quantityDecimals);
      const avgPrice = moneyToNumber(cost) / (qty * instrument.pointValue);
      return { account: this.account, symbol: instrument.symbol, qty, avgPrice };
    });
  }

  get cash(): number {
    return moneyToNumber(this.#cash);
  }

  /** The account at these prices; an instrument without one counts at its cost. */
  state(ts: EpochMs, priceOf: (symbol: string) => number): AccountState {
    let value = 0n;
    let margin = 0;
    for (const { instrument, qty, cost } of this.#holdings.values()) {
      const price = priceOf(instrument.symbol);
      const worth = Number.isFinite(price) ? worthOf(instrument, qty, price) : cost;
      value += worth;
      margin += Math.abs(moneyToNumber(worth)) * instrument.marginRate;
    }
    const equity = moneyToNumber(this.#cash + value);
    const { account, currency, cash } = this;
    return { ts, account, currency, equity, cash, margin, buyingPower: equity - margin };
  }

  #apply({ symbol, side, qty, price, fee }: Execution): void {
    const instrument = this.#instruments.get(symbol) as Instrument;
    const holding = this.#holdings.get(symbol) ?? { instrument, qty: 0, cost: 0n };
    this.#holdings.set(symbol, holding);
    const traded = toScaled(side === 'buy' ? qty : -qty, instrument.quantityDecimals);
    this.#cash -= worthOf(instrument, traded, price) + toMoney(fee);
    const isOpposite = traded > 0 !== holding.qty > 0 && holding.qty !== 0;
    const closed = isOpposite ? Math.min(Math.abs(traded), Math.abs(holding.qty)) : 0;
    if (closed > 0) holding.cost -= divideRounded(holding.cost * BigInt(closed), BigInt(Math.abs(holding.qty)));
    holding.cost += worthOf(instrument, Math.sign(traded) * (Math.abs(traded) - closed), price);
    holding.qty += traded;
  }
}

/** Price times quantity times point value, exactly. */
function worthOf({ priceDecimals, quantityDecimals, pointValue }: Instrument, qty: number, price: number): Money {
  const pointDecimals = decimalsOf(pointValue);
  const product = BigInt(qty) * BigInt(toScaled(price, priceDecimals)) * BigInt(toScaled(pointValue, pointDecimals));
  return product * moneyPower(MONEY_DECIMALS - priceDecimals - quantityDecimals - pointDecimals);
}
