import {
  decimalsOf,
  type EpochMs,
  type Instrument,
  type MarketCalendar,
  MONEY_DECIMALS,
  type Money,
  moneyPower,
  powerOfTen,
  StepGrid,
  type Tick,
} from '@bookrunner/sdk';

/** One instrument inside the kernel: its grids and its last prices. Prices not known are NaN. */
export class InstrumentState {
  readonly index: number;
  readonly instrument: Instrument;
  readonly calendar: MarketCalendar;
  readonly priceGrid: StepGrid;
  readonly lotGrid: StepGrid;
  /** 10^quantityDecimals and 10^priceDecimals. */
  readonly quantityPower: number;
  readonly pricePower: number;
  /** Money of one scaled unit at one scaled price step, in the quote currency. */
  readonly moneyFactor: Money;
  bid = Number.NaN;
  ask = Number.NaN;
  last = Number.NaN;
  /** Mark price: mid of the quote, else last trade, else last close. */
  price = Number.NaN;
  priceAt: EpochMs = Number.NaN;

  constructor(index: number, instrument: Instrument, calendar: MarketCalendar) {
    this.index = index;
    this.instrument = instrument;
    this.calendar = calendar;
    this.priceGrid = new StepGrid(instrument.priceStep);
    this.lotGrid = new StepGrid(instrument.lotStep);
    this.quantityPower = powerOfTen(instrument.quantityDecimals);
    this.pricePower = powerOfTen(instrument.priceDecimals);
    const pointDecimals = decimalsOf(instrument.pointValue);
    const point = BigInt(Math.round(instrument.pointValue * powerOfTen(pointDecimals)));
    this.moneyFactor =
      point * moneyPower(MONEY_DECIMALS - instrument.priceDecimals - instrument.quantityDecimals - pointDecimals);
  }

  /** Takes a tick; a side it does not carry keeps its last value. */
  onTick(tick: Tick, at: EpochMs): void {
    if (tick.bid === tick.bid) this.bid = tick.bid;
    if (tick.ask === tick.ask) this.ask = tick.ask;
    if (tick.last === tick.last) this.last = tick.last;
    const mid = (this.bid + this.ask) / 2;
    this.price = mid === mid ? mid : this.last;
    this.priceAt = at;
  }

  /** Takes the close of a ready bar; only instruments without ticks are marked by bars. */
  onClose(close: number, at: EpochMs): void {
    this.price = close;
    this.priceAt = at;
  }

  /** Whole lots of a quantity in units, towards zero, as a scaled integer. */
  lotsScaled(units: number): number {
    return this.scaled(this.lotGrid.round(units, 'towards-zero'));
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
