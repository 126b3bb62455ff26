import {
  divideRounded,
  type EpochMs,
  type Money,
  moneyPower,
  MONEY_DECIMALS,
  powerOfTen,
  type StrategyPosition,
} from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';
import { ExactSum } from '../numbers/exact-sum.js';

/** Decimal places at which fees are booked. */
export const FEE_DECIMALS = 8;

const FEE_POWER = powerOfTen(FEE_DECIMALS);
/** V8 keeps 0 as a small integer and moves the field, and its code, at the first fraction; a field that began as this is a double. */
const DOUBLE = 0.5;
const FEE_FACTOR: Money = moneyPower(MONEY_DECIMALS - FEE_DECIMALS);

/**
 * One finished trade: from flat, or from a flip, to flat or the next flip. Money in the instrument's quote currency. A holding says each
 * of its trades in one object: read it during the call.
 */
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

/** The trade a holding is in, for statistics and therefore in doubles. What only a finished one has is set when it closes. */
class RunningTrade implements ClosedTrade {
  openAt = Number.NaN;
  closeAt = Number.NaN;
  /** Its largest scaled quantity so far. */
  peakScaled = 0;
  qty = DOUBLE;
  entryValue = DOUBLE;
  exitValue = DOUBLE;
  fees = DOUBLE;
  pnl = DOUBLE;

  open(at: EpochMs): void {
    this.openAt = at;
    this.peakScaled = 0;
    this.entryValue = 0;
    this.exitValue = 0;
    this.fees = 0;
  }
}

/** A fill on its way into a holding: integers for the ledger, numbers for statistics. */
export interface BookedFill {
  readonly at: EpochMs;
  /** Signed quantity and price as integers at the instrument's scales. */
  readonly signedScaled: number;
  readonly priceScaled: number;
  /** Fee in the quote currency as an integer at {@link FEE_DECIMALS}; 0 where it is paid in another currency. */
  readonly feeScaled: number;
}

/**
 * The exact ledger of one (account, book, strategy, instrument): quantity, total cost, realised profit, fees. All are integers at
 * the instrument's scales, so nothing is rounded but the cost of a part of a position that is closed; the cost basis is a total,
 * never an average, so a closed position is exactly zero and nothing is left behind.
 */
export class Holding implements StrategyPosition {
  readonly state: InstrumentState;
  /** Signed scaled quantity. */
  qtyScaled = 0;
  /** Signed units: the same as a number, worked out once a fill and not at every mark. */
  qty = DOUBLE;
  /** Realised profit less fees and the cost of what is held, as a number in the quote currency: with the market value, what was earned. */
  bookedNumber = DOUBLE;
  /** Realised profit as a number, fees apart. */
  realisedNumber = DOUBLE;
  /** Cost of the open position and realised profit, in scaled price × scaled quantity; fees at FEE_DECIMALS. */
  private readonly costSum = new ExactSum();
  private readonly realisedSum = new ExactSum();
  private readonly feesSum = new ExactSum();
  /** Money, as a number, of one scaled price step × one scaled unit. */
  private readonly unit: number;
  private readonly trade = new RunningTrade();

  constructor(state: InstrumentState) {
    this.state = state;
    this.unit = state.instrument.pointValue / (state.pricePower * state.quantityPower);
    this.qty = 0;
    this.bookedNumber = 0;
    this.realisedNumber = 0;
  }

  get avgPrice(): number {
    if (this.qtyScaled === 0) return Number.NaN;
    return this.costSum.nearest / this.qtyScaled / this.state.pricePower;
  }
  /** Signed cost of the open position, fees apart. */
  get cost(): Money {
    return this.costSum.value * this.state.moneyFactor;
  }
  get realised(): Money {
    return this.realisedSum.value * this.state.moneyFactor;
  }
  get fees(): Money {
    return this.feesSum.value * FEE_FACTOR;
  }
  /** Cash that all fills so far moved, fees in the quote currency included. */
  get cashMoved(): Money {
    return (this.realisedSum.value - this.costSum.value) * this.state.moneyFactor - this.fees;
  }

  /** The same as numbers, for marks and limits. */
  get costNumber(): number {
    return this.costSum.nearest * this.unit;
  }
  get feesNumber(): number {
    return this.feesSum.nearest / FEE_POWER;
  }

  /** Value of a scaled quantity at a scaled price, as a number in the quote currency. */
  valueOf(signedScaled: number, priceScaled: number): number {
    return signedScaled * priceScaled * this.unit;
  }

  /** Books a fill. `onClosed` gets the trade this fill completes, if any. */
  apply(fill: BookedFill, onClosed?: (trade: ClosedTrade) => void): void {
    const { signedScaled, feeScaled } = fill;
    const held = this.qtyScaled;
    if (feeScaled !== 0) this.feesSum.add(feeScaled);
    if (held === 0 || held > 0 === signedScaled > 0) this.#enter(fill, signedScaled);
    else this.#reduce(fill, held, onClosed);
    this.#refresh();
  }

  /** A fee that was told after its fill; an integer at {@link FEE_DECIMALS}. */
  addFee(feeScaled: number): void {
    this.feesSum.add(feeScaled);
    this.#refresh();
  }

  #reduce(fill: BookedFill, held: number, onClosed: ((trade: ClosedTrade) => void) | undefined): void {
    const { signedScaled, priceScaled } = fill;
    const left = held + signedScaled;
    const isFlip = left !== 0 && left > 0 !== held > 0;
    const closing = isFlip ? -held : signedScaled;
    this.realisedSum.addProduct(priceScaled, -closing);
    if (closing === -held) {
      this.realisedSum.subtract(this.costSum);
      this.costSum.clear();
    } else {
      const cost = this.costSum.value;
      const removed = divideRounded(cost * BigInt(-closing), BigInt(held));
      this.costSum.set(cost - removed);
      this.realisedSum.set(this.realisedSum.value - removed);
    }
    this.#exit(fill, closing, onClosed);
    if (isFlip) this.#enter(fill, signedScaled - closing);
  }

  /** A split: cost stays, quantity scales. Returns whether the new quantity is whole at the scale. */
  split(numerator: number, denominator: number): boolean {
    const next = (this.qtyScaled * numerator) / denominator;
    this.qtyScaled = Math.round(next);
    this.#refresh();
    return Number.isInteger(next);
  }

  save(): HoldingState {
    const { trade } = this;
    return {
      qtyScaled: this.qtyScaled,
      cost: String(this.costSum.value),
      realised: String(this.realisedSum.value),
      fees: String(this.feesSum.value),
      trade: [trade.openAt, trade.peakScaled, trade.entryValue, trade.exitValue, trade.fees],
    };
  }

  load(saved: HoldingState): void {
    this.qtyScaled = saved.qtyScaled;
    this.costSum.set(BigInt(saved.cost));
    this.realisedSum.set(BigInt(saved.realised));
    this.feesSum.set(BigInt(saved.fees));
    const [openAt, peakScaled, entryValue, exitValue, fees] = saved.trade;
    Object.assign(this.trade, { openAt, peakScaled, entryValue, exitValue, fees });
    this.#refresh();
  }

  /** Works out the numbers that are read at every mark. */
  #refresh(): void {
    this.qty = this.qtyScaled / this.state.quantityPower;
    this.realisedNumber = this.realisedSum.nearest * this.unit;
    this.bookedNumber = this.realisedNumber - this.feesNumber - this.costNumber;
  }

  #enter(fill: BookedFill, signedScaled: number): void {
    const { trade } = this;
    const { priceScaled } = fill;
    if (this.qtyScaled === 0) trade.open(fill.at);
    this.costSum.addProduct(priceScaled, signedScaled);
    const qtyScaled = this.qtyScaled + signedScaled;
    this.qtyScaled = qtyScaled;
    if (Math.abs(qtyScaled) > Math.abs(trade.peakScaled)) trade.peakScaled = qtyScaled;
    trade.entryValue += signedScaled * priceScaled * this.unit;
    if (fill.feeScaled !== 0) trade.fees += feeShare(fill, signedScaled);
  }

  #exit(fill: BookedFill, closing: number, onClosed: ((trade: ClosedTrade) => void) | undefined): void {
    const { trade } = this;
    const qtyScaled = this.qtyScaled + closing;
    this.qtyScaled = qtyScaled;
    trade.exitValue -= closing * fill.priceScaled * this.unit;
    if (fill.feeScaled !== 0) trade.fees += feeShare(fill, closing);
    if (qtyScaled !== 0 || onClosed === undefined) return;
    trade.closeAt = fill.at;
    trade.qty = trade.peakScaled / this.state.quantityPower;
    trade.pnl = trade.exitValue - trade.entryValue - trade.fees;
    onClosed(trade);
  }
}

/** What of a fill's fee falls on a part of it, as a number: all of it, unless the fill turns the position over. */
function feeShare({ feeScaled, signedScaled }: BookedFill, part: number): number {
  const fee = feeScaled / FEE_POWER;
  return part === signedScaled ? fee : fee * (part / signedScaled);
}

/** A holding as plain JSON; sums as integer text at the instrument's scales. */
export interface HoldingState {
  readonly qtyScaled: number;
  readonly cost: string;
  readonly realised: string;
  readonly fees: string;
  /** Open since, largest scaled quantity, entry value, exit value, fees. */
  readonly trade: readonly [number, number, number, number, number];
}
