import {
  decimalsOf,
  MONEY_DECIMALS,
  moneyPower,
  powerOfTen,
  priceStepAt,
  StepGrid,
  toScaled,
  type EpochMs,
  type Instrument,
  type MarketCalendar,
  type RoundingMode,
} from '@bookrunner/sdk';
import { makeFeeModel, type FeeModel } from './fee-model.js';
import type { FinancingOptions, SimulatedVenueOptions } from './options.js';
import { SlippageModel } from './slippage-model.js';

/** What trading one instrument at the venue means: its grids, its costs, its calendar. */
export class InstrumentTerms {
  readonly index: number;
  readonly instrument: Instrument;
  readonly calendar: MarketCalendar;
  readonly fees: FeeModel;
  readonly slippage: SlippageModel;
  /** Whether a fill that takes liquidity may be worse than the price it was matched at. */
  readonly slips: boolean;
  readonly financing: FinancingOptions;
  readonly isFinanced: boolean;
  readonly isShortSaleForbidden: boolean;
  /** Margins are watched: every price counts. */
  readonly isMargined: boolean;
  /** Assumed spread in price where the data has no quotes. */
  readonly assumedSpread: number;
  /** Grid of fill prices: 10^-priceDecimals. */
  readonly priceGrid: StepGrid;
  readonly pricePower: number;
  readonly quantityPower: number;
  /** Lot step, smallest and largest order as integers at `quantityDecimals`. */
  readonly lot: number;
  readonly smallest: number;
  readonly largest: number;
  /** Money of scaled price 1 on scaled quantity 1. */
  readonly moneyFactor: bigint;
  private readonly lotGrid: StepGrid;
  private readonly stepGrids: ReadonlyMap<number, StepGrid>;
  /** The one of them last asked: most instruments have one. */
  private lastGrid: StepGrid;
  // The trading day and the session last asked for: orders come in runs within one day.
  #dayFrom: EpochMs = Number.POSITIVE_INFINITY;
  #dayEnd: EpochMs = Number.NEGATIVE_INFINITY;
  #sessionFrom: EpochMs = Number.POSITIVE_INFINITY;
  #sessionEnd: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(
    index: number,
    listing: { readonly instrument: Instrument; readonly calendar: MarketCalendar },
    options: SimulatedVenueOptions,
  ) {
    const { instrument, calendar } = listing;
    const own = options.instruments[instrument.symbol];
    const { priceDecimals, quantityDecimals, pointValue } = instrument;
    const pointDecimals = decimalsOf(pointValue);
    this.index = index;
    this.instrument = instrument;
    this.calendar = calendar;
    this.fees = makeFeeModel(own?.fees ?? options.fees, instrument);
    this.slippage = new SlippageModel(own?.slippage ?? options.slippage, instrument);
    this.slips = !this.slippage.isNone || options.fill === 'cross-spread';
    this.financing = own?.financing ?? options.financing;
    this.isFinanced = this.financing.model !== 'none';
    this.isShortSaleForbidden = !(own?.shortSale ?? options.shortSale);
    this.isMargined = options.margin !== undefined;
    this.assumedSpread = options.assumedSpreadTicks * instrument.priceStep;
    this.priceGrid = new StepGrid(1 / powerOfTen(priceDecimals));
    this.pricePower = powerOfTen(priceDecimals);
    this.quantityPower = powerOfTen(quantityDecimals);
    this.lot = toScaled(instrument.lotStep, quantityDecimals);
    this.smallest = Math.max(1, toScaled(instrument.minQty, quantityDecimals));
    this.largest =
      instrument.maxQty * this.quantityPower > Number.MAX_SAFE_INTEGER
        ? Number.MAX_SAFE_INTEGER
        : toScaled(instrument.maxQty, quantityDecimals);
    this.moneyFactor =
      BigInt(toScaled(pointValue, pointDecimals)) *
      moneyPower(MONEY_DECIMALS - priceDecimals - quantityDecimals - pointDecimals);
    this.lotGrid = new StepGrid(instrument.lotStep);
    const steps = [instrument.priceStep, ...(instrument.priceSteps ?? []).map((row) => row.step)];
    this.lastGrid = new StepGrid(instrument.priceStep);
    this.stepGrids = new Map(steps.map((step) => [step, new StepGrid(step)]));
  }

  /** Whether an order may carry the price: finite and on the price steps. */
  isOnTick(price: number): boolean {
    if (!Number.isFinite(price)) return false;
    const step = priceStepAt(this.instrument, price);
    if (step !== this.lastGrid.step) this.lastGrid = this.stepGrids.get(step)!;
    return this.lastGrid.holds(price);
  }

  /** A price as an integer on the grid of fill prices. Nearly every price of a market lies on it and needs no rounding. */
  priceSteps(price: number, mode: RoundingMode = 'nearest'): number {
    const steps = price * this.pricePower;
    return Number.isInteger(steps) ? steps + 0 : this.priceGrid.toSteps(price, mode);
  }

  /** The largest lot multiple in a number of units, as a scaled integer; 0 for NaN. */
  lotsWithin(units: number): number {
    const lots = this.lotGrid.toSteps(units, 'down') * this.lot;
    return lots > 0 ? lots : 0;
  }

  /** End of the trading day that an instant belongs to. */
  dayClose(now: EpochMs): EpochMs {
    if (now < this.#dayFrom || now >= this.#dayEnd) {
      this.#dayEnd = this.calendar.dayClose(now);
      this.#dayFrom = now;
    }
    return this.#dayEnd;
  }

  /** Whether the market is open at an instant. */
  isOpen(now: EpochMs): boolean {
    if (now >= this.#sessionFrom && now < this.#sessionEnd) return true;
    if (!this.calendar.isOpen(now)) return false;
    this.#sessionFrom = this.calendar.sessionOpen(now);
    this.#sessionEnd = this.calendar.sessionClose(now);
    return true;
  }
}
