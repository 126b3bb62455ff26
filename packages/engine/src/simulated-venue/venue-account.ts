import { moneyPower, MONEY_DECIMALS, toMoney, type Currency, type Money } from '@bookrunner/sdk';
import { ExactSum } from '../numbers/exact-sum.js';
import { CASH_DECIMALS } from './fee-model.js';
import type { InstrumentTerms } from './instrument-terms.js';

/** An account as the runtime declares it to the venue. */
export interface AccountSetup {
  readonly name: string;
  /** Currency in which its equity and margin are measured. */
  readonly currency: Currency;
  /** Cash at the start, by currency. */
  readonly cash: Readonly<Record<Currency, number>>;
}

const CASH_UNIT = moneyPower(MONEY_DECIMALS - CASH_DECIMALS);

/**
 * The venue's own books of one account: exact positions per instrument and exact cash per currency. A purchase takes its whole
 * value out of cash, also on margin, so that cash plus the value of the positions is the equity.
 */
export class VenueAccount {
  readonly name: string;
  readonly currency: Currency;
  /** Being closed by a margin call. */
  isLiquidating = false;
  /** Signed positions per instrument, integers at the instrument's `quantityDecimals`. */
  readonly positions: Float64Array;
  /** Cost of the position per instrument, in quote currency without point value; for the average price only. */
  readonly costs: Float64Array;
  private readonly slots: readonly InstrumentTerms[];
  private readonly isValued: boolean;
  readonly #initial: Map<Currency, Money>;
  // Signed quantity times price per instrument, and fees and financing per currency: both exact integers.
  private readonly traded: readonly ExactSum[];
  readonly #booked = new Map<Currency, ExactSum>();
  private readonly bookedBySlot: readonly ExactSum[];

  /** An account that nobody values keeps its positions alone: no cost and no cash, which are half the work of an execution. */
  constructor(setup: AccountSetup, slots: readonly InstrumentTerms[], isValued: boolean) {
    this.name = setup.name;
    this.currency = setup.currency;
    this.slots = slots;
    this.isValued = isValued;
    this.positions = new Float64Array(slots.length);
    this.costs = new Float64Array(slots.length);
    this.#initial = new Map(Object.entries(setup.cash).map(([currency, cash]) => [currency, toMoney(cash)]));
    this.traded = slots.map(() => new ExactSum());
    for (const slot of slots) this.#bookedIn(slot.instrument.quote);
    this.bookedBySlot = slots.map((slot) => this.#bookedIn(slot.instrument.quote));
  }

  /** Books an execution: signed quantity and price as integers of the instrument's decimals. */
  trade(slot: InstrumentTerms, signedQty: number, priceScaled: number): void {
    if (this.isValued) this.#pay(slot, signedQty, priceScaled);
    const { index } = slot;
    this.positions[index] = this.positions[index]! + signedQty;
  }

  /** Books cash in the quote currency of an instrument: a signed integer at 8 decimals. */
  book(slot: InstrumentTerms, amountScaled: number): void {
    if (this.isValued) this.bookedBySlot[slot.index]!.add(amountScaled);
  }

  /** Every currency the account has or may have cash in, in a fixed order. */
  get currencies(): Currency[] {
    return [...new Set([this.currency, ...this.#initial.keys(), ...this.#booked.keys()])];
  }

  /** Exact cash in a currency. */
  cash(currency: Currency): Money {
    this.#failUnvalued();
    let money = (this.#initial.get(currency) ?? 0n) + (this.#booked.get(currency)?.value ?? 0n) * CASH_UNIT;
    for (let index = 0; index < this.slots.length; index += 1) {
      const slot = this.slots[index]!;
      if (slot.instrument.quote === currency) money -= this.traded[index]!.value * slot.moneyFactor;
    }
    return money;
  }

  /** Average price of a position, NaN when flat. */
  averagePrice(slot: InstrumentTerms): number {
    const position = this.positions[slot.index]!;
    return position === 0 ? Number.NaN : this.costs[slot.index]! / position / slot.pricePower;
  }

  get isFlat(): boolean {
    return this.positions.every((position) => position === 0);
  }

  /** The account as plain JSON. */
  save(): SavedAccount {
    this.#failUnvalued();
    return {
      name: this.name,
      currency: this.currency,
      isLiquidating: this.isLiquidating,
      initial: [...this.#initial].map(([currency, money]) => [currency, String(money)]),
      booked: [...this.#booked].map(([currency, sum]) => [currency, String(sum.value)]),
      holdings: this.slots.flatMap((slot) => {
        const traded = this.traded[slot.index]!.value;
        const [qty, cost] = [this.positions[slot.index]!, this.costs[slot.index]!];
        return qty === 0 && traded === 0n
          ? []
          : [{ symbol: slot.instrument.symbol, qty, cost, traded: String(traded) }];
      }),
    };
  }

  /** Takes over a saved state of the same account, whose instruments are known. */
  load(state: SavedAccount): void {
    this.isLiquidating = state.isLiquidating;
    this.#initial.clear();
    for (const [currency, money] of state.initial) this.#initial.set(currency, BigInt(money));
    for (const [currency, sum] of state.booked) this.#bookedIn(currency).set(BigInt(sum));
    for (const holding of state.holdings) {
      const slot = this.slots.find((item) => item.instrument.symbol === holding.symbol);
      if (slot === undefined) continue;
      this.positions[slot.index] = holding.qty;
      this.costs[slot.index] = holding.cost;
      this.traded[slot.index]!.set(BigInt(holding.traded));
    }
  }

  /** Cost and cash of an execution, before the position moves. */
  #pay({ index }: InstrumentTerms, signedQty: number, priceScaled: number): void {
    const before = this.positions[index]!;
    const after = before + signedQty;
    const cost = this.costs[index]!;
    if (before * signedQty >= 0) this.costs[index] = cost + signedQty * priceScaled;
    else if (before * after > 0) this.costs[index] = (cost / before) * after;
    else this.costs[index] = after * priceScaled;
    this.traded[index]!.addProduct(signedQty, priceScaled);
  }

  /** What was not kept is not to be mistaken for what there is. */
  #failUnvalued(): void {
    if (!this.isValued) throw new TypeError(`Account '${this.name}' of a transient venue has no cash to tell of.`);
  }

  #bookedIn(currency: Currency): ExactSum {
    let sum = this.#booked.get(currency);
    if (sum === undefined) {
      sum = new ExactSum();
      this.#booked.set(currency, sum);
    }
    return sum;
  }
}

/** A saved {@link VenueAccount}. Integers too large for a number are decimal text. */
export interface SavedAccount {
  readonly name: string;
  readonly currency: Currency;
  readonly isLiquidating: boolean;
  readonly initial: readonly (readonly [Currency, string])[];
  readonly booked: readonly (readonly [Currency, string])[];
  readonly holdings: readonly {
    readonly symbol: string;
    readonly qty: number;
    readonly cost: number;
    readonly traded: string;
  }[];
}
