import { divideRounded, type EpochMs, type Money, moneyToNumber, type StrategyPosition } from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';

/** One finished trade: from flat, or from a flip, to flat or the next flip. Money in the instrument's quote currency. */
export interface ClosedTrade {
  readonly openAt: EpochMs;
  readonly closeAt: EpochMs;
  /** Signed largest quantity of the trade in units. */
  readonly qty: number;
  readonly entryValue: number;
  readonly exitValue: number;
  readonly fees: number;
  /** Net of fees. */
  readonly pnl: number;
}

/**
 * The exact ledger of one (account, book, strategy, instrument): quantity, total cost, realised profit, fees. Quantities are
 * integers at the instrument's scale, money is exact; the cost basis is a total, never an average, so a closed position is
 * exactly zero and nothing is left behind.
 */
export class Holding implements StrategyPosition {
  readonly state: InstrumentState;
  /** Signed scaled quantity. */
  qtyScaled = 0;
  /** Signed cost of the open position, fees apart. */
  cost: Money = 0n;
  realised: Money = 0n;
  fees: Money = 0n;
  /** The open trade, for statistics and therefore in doubles: since when, its largest quantity, values and fees so far. */
  #openAt: EpochMs = Number.NaN;
  #peakScaled = 0;
  #entryValue = 0;
  #exitValue = 0;
  #tradeFees = 0;

  constructor(state: InstrumentState) {
    this.state = state;
  }

  /** Signed units. */
  get qty(): number {
    return this.qtyScaled / this.state.quantityPower;
  }

  get avgPrice(): number {
    if (this.qtyScaled === 0) return Number.NaN;
    return moneyToNumber(this.cost) / (this.qty * this.state.instrument.pointValue);
  }

  /** Market value in the quote currency at a price. */
  valueAt(price: number): number {
    return this.qtyScaled === 0 ? 0 : this.qty * price * this.state.instrument.pointValue;
  }

  /** Profit of the open position at a price, in the quote currency. */
  unrealisedAt(price: number): number {
    return this.qtyScaled === 0 ? 0 : this.valueAt(price) - moneyToNumber(this.cost);
  }

  /**
   * Books a fill and returns the cash it moves, before the fee: negative for a buy. `signedScaled` is the filled quantity,
   * `priceScaled` its price, both at the instrument's scales. `onClosed` gets each trade this fill completes.
   */
  apply(fill: BookedFill, onClosed?: (trade: ClosedTrade) => void): Money {
    const { signedScaled, priceScaled } = fill;
    const held = this.qtyScaled;
    const notional = BigInt(priceScaled) * BigInt(signedScaled) * this.state.moneyFactor;
    this.fees += fill.fee;
    if (held === 0 || held > 0 === signedScaled > 0) {
      this.cost += notional;
      this.#enter(fill, signedScaled);
      return -notional;
    }
    const isFlip = Math.abs(signedScaled) > Math.abs(held);
    const closing = isFlip ? -held : signedScaled;
    const closingNotional = isFlip ? BigInt(priceScaled) * BigInt(closing) * this.state.moneyFactor : notional;
    const removed = closing === -held ? this.cost : divideRounded(this.cost * BigInt(-closing), BigInt(held));
    this.realised -= closingNotional + removed;
    this.cost -= removed;
    this.#exit(fill, closing, onClosed);
    if (isFlip) {
      this.cost += notional - closingNotional;
      this.#enter(fill, signedScaled - closing);
    }
    return -notional;
  }

  /** A split: cost stays, quantity scales. Returns whether the new quantity is whole at the scale. */
  split(numerator: number, denominator: number): boolean {
    const next = (this.qtyScaled * numerator) / denominator;
    this.qtyScaled = Math.round(next);
    return Number.isInteger(next);
  }

  save(): HoldingState {
    return {
      qtyScaled: this.qtyScaled,
      cost: String(this.cost),
      realised: String(this.realised),
      fees: String(this.fees),
      openAt: this.#openAt,
      peakScaled: this.#peakScaled,
      entryValue: this.#entryValue,
      exitValue: this.#exitValue,
      tradeFees: this.#tradeFees,
    };
  }

  load(saved: HoldingState): void {
    this.qtyScaled = saved.qtyScaled;
    this.cost = BigInt(saved.cost);
    this.realised = BigInt(saved.realised);
    this.fees = BigInt(saved.fees);
    this.#openAt = saved.openAt;
    this.#peakScaled = saved.peakScaled;
    this.#entryValue = saved.entryValue;
    this.#exitValue = saved.exitValue;
    this.#tradeFees = saved.tradeFees;
  }

  #enter(fill: BookedFill, signedScaled: number): void {
    if (this.qtyScaled === 0) {
      this.#openAt = fill.at;
      this.#peakScaled = 0;
      this.#entryValue = 0;
      this.#exitValue = 0;
      this.#tradeFees = 0;
    }
    this.qtyScaled += signedScaled;
    if (Math.abs(this.qtyScaled) > Math.abs(this.#peakScaled)) this.#peakScaled = this.qtyScaled;
    this.#entryValue += this.#value(signedScaled, fill.price);
    this.#tradeFees += fill.feeNumber * (signedScaled / fill.signedScaled);
  }

  #exit(fill: BookedFill, closing: number, onClosed: ((trade: ClosedTrade) => void) | undefined): void {
    this.qtyScaled += closing;
    this.#exitValue -= this.#value(closing, fill.price);
    this.#tradeFees += fill.feeNumber * (closing / fill.signedScaled);
    if (this.qtyScaled !== 0 || onClosed === undefined) return;
    onClosed({
      openAt: this.#openAt,
      closeAt: fill.at,
      qty: this.#peakScaled / this.state.quantityPower,
      entryValue: this.#entryValue,
      exitValue: this.#exitValue,
      fees: this.#tradeFees,
      pnl: this.#exitValue - this.#entryValue - this.#tradeFees,
    });
  }

  #value(signedScaled: number, price: number): number {
    return (signedScaled / this.state.quantityPower) * price * this.state.instrument.pointValue;
  }
}

/** A fill on its way into a holding: exact for the ledger, and as numbers for statistics. */
export interface BookedFill {
  readonly signedScaled: number;
  readonly priceScaled: number;
  readonly fee: Money;
  readonly price: number;
  /** The fee in the quote currency, or as reported where it is in another. */
  readonly feeNumber: number;
  readonly at: EpochMs;
}

/** A holding as plain JSON; money as decimal integer text at the money scale. */
export interface HoldingState {
  readonly qtyScaled: number;
  readonly cost: string;
  readonly realised: string;
  readonly fees: string;
  readonly openAt: number;
  readonly peakScaled: number;
  readonly entryValue: number;
  readonly exitValue: number;
  readonly tradeFees: number;
}
