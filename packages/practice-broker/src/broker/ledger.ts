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
  readonly #isMargin: boolean;
  #paidIn: Money;
  /** By currency. */
  #balances = new Map<string, Money>();

  constructor(
    account: {
      readonly id: string;
      readonly currency: string;
      readonly cash: number;
      readonly settlement: 'cash' | 'margin';
    },
    instruments: ReadonlyMap<string, Instrument>,
  ) {
    this.account = account.id;
    this.currency = account.currency;
    this.#instruments = instruments;
    this.#isMargin = account.settlement === 'margin';
    this.#paidIn = toMoney(account.cash);
    this.#pay(account.currency, this.#paidIn);
  }

  /** Pays in; a negative amount is paid out. */
  deposit(amount: number): void {
    this.#paidIn += toMoney(amount);
    this.#pay(this.currency, toMoney(amount));
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
    this.#balances = new Map([[this.currency, this.#paidIn]]);
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
    return moneyToNumber(this.#balances.get(this.currency) ?? 0n);
  }

  /** Cash in every currency that ever moved, the account's own first. */
  balances(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#balances].map(([currency, amount]) => [currency, moneyToNumber(amount)]));
  }

  /** A row for each currency. What is in another one than the account's own is worth nothing to it: nobody converts here. */
  states(ts: EpochMs, priceOf: (symbol: string) => number): readonly AccountState[] {
    const { account } = this;
    const others = Object.entries(this.balances()).filter(([currency]) => currency !== this.currency);
    return [
      this.state(ts, priceOf),
      ...others.map(([currency, cash]) => {
        return { ts, account, currency, equity: cash, cash, margin: 0, buyingPower: cash };
      }),
    ];
  }

  /** The account at these prices; an instrument without one counts at its cost. */
  state(ts: EpochMs, priceOf: (symbol: string) => number): AccountState {
    let value = 0n;
    let margin = 0;
    for (const { instrument, qty, cost } of this.#holdings.values()) {
      const price = priceOf(instrument.symbol);
      const worth = Number.isFinite(price) ? worthOf(instrument, qty, price) : cost;
      value += this.#isMargin ? worth - cost : worth;
      margin += Math.abs(moneyToNumber(worth)) * instrument.marginRate;
    }
    const equity = moneyToNumber((this.#balances.get(this.currency) ?? 0n) + value);
    const { account, currency, cash } = this;
    return { ts, account, currency, equity, cash, margin, buyingPower: equity - margin };
  }

  #pay(currency: string, amount: Money): void {
    this.#balances.set(currency, (this.#balances.get(currency) ?? 0n) + amount);
  }

  #apply({ symbol, side, qty, price, fee, feeCurrency }: Execution): void {
    const instrument = this.#instruments.get(symbol) as Instrument;
    const holding = this.#holdings.get(symbol) ?? { instrument, qty: 0, cost: 0n };
    this.#holdings.set(symbol, holding);
    const traded = toScaled(side === 'buy' ? qty : -qty, instrument.quantityDecimals);
    this.#pay(feeCurrency, -toMoney(fee));
    const { cost } = holding;
    const isOpposite = traded > 0 !== holding.qty > 0 && holding.qty !== 0;
    const closed = isOpposite ? Math.min(Math.abs(traded), Math.abs(holding.qty)) : 0;
    if (closed > 0) holding.cost -= divideRounded(holding.cost * BigInt(closed), BigInt(Math.abs(holding.qty)));
    holding.cost += worthOf(instrument, Math.sign(traded) * (Math.abs(traded) - closed), price);
    holding.qty += traded;
    const worth = worthOf(instrument, traded, price);
    // Without payment for what is held, what is left of it is what was realised.
    this.#pay(this.currency, this.#isMargin ? holding.cost - cost - worth : -worth);
  }
}

/** Price times quantity times point value, exactly. */
function worthOf({ priceDecimals, quantityDecimals, pointValue }: Instrument, qty: number, price: number): Money {
  const pointDecimals = decimalsOf(pointValue);
  const product = BigInt(qty) * BigInt(toScaled(price, priceDecimals)) * BigInt(toScaled(pointValue, pointDecimals));
  return product * moneyPower(MONEY_DECIMALS - priceDecimals - quantityDecimals - pointDecimals);
}
