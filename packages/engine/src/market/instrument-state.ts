import {
  decimalsOf,
  type EpochMs,
  type Instrument,
  type MarketCalendar,
  MONEY_DECIMALS,
  type Money,
  moneyPower,
  powerOfTen,
  type RoundingMode,
  StepGrid,
  type Tick,
} from '@bookrunner/sdk';
import type { BarStream } from './bar-stream.js';

/** One instrument inside the kernel: its grids and its last prices. Prices not known are NaN. */
export class InstrumentState {
  readonly index: number;
  readonly instrument: Instrument;
  readonly calendar: MarketCalendar;
  /** Grids of the price-dependent steps, ascending; one for most instruments. */
  readonly #priceGrids: readonly { readonly from: number; readonly grid: StepGrid }[];
  readonly lotGrid: StepGrid;
  /** 10^quantityDecimals and 10^priceDecimals. */
  readonly quantityPower: number;
  readonly pricePower: number;
  private readonly lotScaled: number;
  /** Money of one scaled unit at one scaled price step, in the quote currency. */
  readonly moneyFactor: Money;
  bid = Number.NaN;
  ask = Number.NaN;
  last = Number.NaN;
  /** Mark price: mid of the quote, else last trade, else last close. */
  price = Number.NaN;
  /** When the newest tick happened, and how many ticks of that instant were seen: history goes on behind them. Live runs {@link count}. */
  tickTs: EpochMs = Number.NaN;
  ticksThen = 0;
  /** End of the newest ready bar that gave the price. */
  closeTs: EpochMs = Number.NaN;
  /** The first of its streams that are built from its ticks. */
  firstOnTicks: BarStream | undefined = undefined;
  /** What its feed did not bring comes from history: its bars wait, and its rows are the past. */
  isHeld = false;
  /** Its feed is back and history is asked: strategies on it are asked nothing. */
  isFilling = false;

  constructor(index: number, instrument: Instrument, calendar: MarketCalendar) {
    this.index = index;
    this.instrument = instrument;
    this.calendar = calendar;
    const steps = [{ from: Number.NEGATIVE_INFINITY, step: instrument.priceStep }, ...(instrument.priceSteps ?? [])];
    this.#priceGrids = steps.map(({ from, step }) => ({ from, grid: new StepGrid(step) }));
    this.lotGrid = new StepGrid(instrument.lotStep);
    this.quantityPower = powerOfTen(instrument.quantityDecimals);
    this.pricePower = powerOfTen(instrument.priceDecimals);
    this.lotScaled = this.scaled(instrument.lotStep);
    const pointDecimals = decimalsOf(instrument.pointValue);
    const point = BigInt(Math.round(instrument.pointValue * powerOfTen(pointDecimals)));
    this.moneyFactor =
      point * moneyPower(MONEY_DECIMALS - instrument.priceDecimals - instrument.quantityDecimals - pointDecimals);
  }

  /** Takes a tick; a side it does not carry keeps its last value. */
  onTick(tick: Tick): void {
    let { bid, ask } = tick;
    if (bid === bid) this.bid = bid;
    else bid = this.bid;
    if (ask === ask) this.ask = ask;
    else ask = this.ask;
    if (tick.last === tick.last) this.last = tick.last;
    const mid = (bid + ask) / 2;
    this.price = mid === mid ? mid : this.last;
  }

  /** Takes a tick from history: it says what the market is only where nothing newer has. */
  onPastTick(tick: Tick): void {
    if (!(tick.ts < this.tickTs || tick.ts < this.closeTs)) this.onTick(tick);
    this.count(tick);
  }

  /** Notes where the ticks have got to. */
  count(tick: Tick): void {
    if (tick.ts === this.tickTs) this.ticksThen += 1;
    else if (!(tick.ts < this.tickTs)) {
      this.tickTs = tick.ts;
      this.ticksThen = 1;
    }
  }

  /** Takes the close of a ready bar that ended at `endTs`, unless something newer has said what the market is. */
  onClose(close: number, endTs: EpochMs): void {
    if (endTs < this.closeTs || endTs < this.tickTs) return;
    this.price = close;
    this.closeTs = endTs;
  }

  /** A price on the grid that applies there. */
  roundPrice(price: number, mode: RoundingMode = 'nearest'): number {
    return this.#gridAt(price).round(price, mode);
  }

  /** A price at the instrument's scale, without what the arithmetic of doubles has added to it; NaN stays NaN. */
  exactPrice(price: number): number {
    return Math.round(price * this.pricePower) / this.pricePower;
  }

  /** A distance (at least 0, in price units) in whole steps of the grid that applies at a price, at least one step; NaN stays NaN. */
  roundDistance(distance: number, price: number): number {
    const grid = this.#gridAt(price);
    return grid.toValue(Math.max(1, grid.toSteps(distance)));
  }

  /** Whether a rounded distance is what some grid of the instrument makes of a distance: it stays valid where the price moves on. */
  isDistance(rounded: number, distance: number): boolean {
    return this.#priceGrids.some(({ from }) => this.roundDistance(distance, from) === rounded);
  }

  #gridAt(price: number): StepGrid {
    const grids = this.#priceGrids;
    let index = grids.length - 1;
    while (index > 0 && price < (grids[index] as (typeof grids)[number]).from) index -= 1;
    return (grids[index] as (typeof grids)[number]).grid;
  }

  /** A position to aim for: whole lots towards zero, flat below the smallest quantity, at most the largest. */
  targetScaled(units: number): number {
    const { minQty, maxQty } = this.instrument;
    const size = Math.abs(units);
    if (size < minQty) return 0;
    const lots = this.lotsScaled(size > maxQty ? Math.sign(units) * maxQty : units);
    // Whole lots may fall below a smallest quantity that is no multiple of the lot.
    return Math.abs(this.units(lots)) < minQty ? 0 : lots;
  }

  /** Whole lots of a quantity in units, towards zero, as a scaled integer. */
  lotsScaled(units: number): number {
    return this.scaled(this.lotGrid.round(units, 'towards-zero'));
  }

  /** What an order can do of a signed scaled quantity: whole lots, towards zero. Fills may be finer, so that a position is. */
  tradableScaled(scaled: number): number {
    // As exact as a remainder for integers that a double holds, which is a call out of compiled code. `+ 0`: there is no negative zero.
    return Math.trunc(scaled / this.lotScaled) * this.lotScaled + 0;
  }

  /** Whether an order for a quantity, unsigned and scaled, is for as much of another one as whole lots can be. */
  isAsMuch(scaled: number, of: number): boolean {
    return scaled <= of && of - scaled < this.lotScaled;
  }

  /** Units as an exact scaled integer. */
  scaled(units: number): number {
    return Math.round(units * this.quantityPower) + 0;
  }

  /** A scaled quantity in units. */
  units(scaled: number): number {
    return scaled / this.quantityPower;
  }
}
