import { sdkError } from '../errors.js';
import { decimalsOf, MONEY_DECIMALS } from './rounding.js';

/** ISO 4217 code, or the venue's name of a crypto currency. */
export type Currency = string;

/** What kind of thing is traded. */
export type AssetClass = 'equity' | 'fx' | 'future' | 'option' | 'crypto' | 'commodity' | 'index' | 'bond';

/** One row of a price-dependent tick table: from this price on (inclusive) the step applies. */
export interface PriceStepRow {
  readonly from: number;
  readonly step: number;
}

/**
 * What is traded. Prices are in the quote currency per unit; quantities are in units (shares, units of base currency,
 * contracts), never lots. `pointValue` is the money, in the quote currency, of a price move of 1.0 on quantity 1.
 *
 * Steps bound orders: order prices are multiples of `priceStep`, order quantities of `lotStep`. Decimals bound facts: fills and
 * positions are exact integers at `priceDecimals` and `quantityDecimals`, which are finer, because real fills land inside a step.
 */
export interface Instrument {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly exchange?: string;
  readonly base?: Currency;
  readonly quote: Currency;
  readonly priceStep: number;
  /** Price-dependent steps, ascending by `from`; absent means `priceStep` everywhere. */
  readonly priceSteps?: readonly PriceStepRow[];
  readonly lotStep: number;
  readonly minQty: number;
  readonly maxQty: number;
  readonly pointValue: number;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** Id of the market calendar. */
  readonly calendar: string;
  /** Share of notional the venue asks as margin, 1 = fully paid. */
  readonly marginRate: number;
  /** What each venue needs to find the instrument, by venue name. */
  readonly venues: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What {@link defineInstrument} takes: everything with a sensible default may be left out. */
export type InstrumentOptions = Pick<Instrument, 'symbol' | 'assetClass' | 'quote'> & {
  readonly [Key in Exclude<keyof Instrument, 'symbol' | 'assetClass' | 'quote'>]?: Instrument[Key] | undefined;
};

/** Extra decimals kept below the order grid, so that price improvement and fractions stay exact. */
const FACT_DECIMALS = 3;

/** Decimals that a double can scale by exactly. */
const MAX_DECIMALS = 15;

/**
 * Completes and checks an instrument; the result is frozen.
 * Errors: INSTRUMENT_INVALID.
 */
export function defineInstrument(options: InstrumentOptions): Instrument {
  const priceStep = options.priceStep ?? 0.01;
  const lotStep = options.lotStep ?? 1;
  const pointValue = options.pointValue ?? 1;
  const invalid = (what: string): never => {
    throw sdkError('INSTRUMENT_INVALID', `Instrument '${options.symbol}': ${what}.`, {
      details: { symbol: options.symbol },
    });
  };
  for (const [name, value] of Object.entries({ priceStep, lotStep, pointValue })) {
    if (!Number.isFinite(value) || value <= 0) invalid(`${name} has to be a number above 0; it is ${value}`);
  }
  checkTable(options.priceSteps ?? [], invalid);
  const finestPrice = Math.max(decimalsOf(priceStep), ...(options.priceSteps ?? []).map((row) => decimalsOf(row.step)));
  const priceDecimals = options.priceDecimals ?? finestPrice + FACT_DECIMALS;
  const quantityDecimals = options.quantityDecimals ?? decimalsOf(lotStep) + FACT_DECIMALS;
  checkDecimals({ priceDecimals, quantityDecimals }, invalid);
  if (priceDecimals < finestPrice) invalid(`priceDecimals ${priceDecimals} cannot hold the price step`);
  if (quantityDecimals < decimalsOf(lotStep)) invalid(`quantityDecimals ${quantityDecimals} cannot hold the lot step`);
  if (priceDecimals + quantityDecimals + decimalsOf(pointValue) > MONEY_DECIMALS) {
    invalid(`priceDecimals, quantityDecimals and the decimals of pointValue together exceed ${MONEY_DECIMALS}`);
  }
  const minQty = options.minQty ?? lotStep;
  const maxQty = options.maxQty ?? Number.MAX_SAFE_INTEGER;
  const marginRate = options.marginRate ?? 1;
  if (!(minQty > 0 && maxQty >= minQty)) invalid(`minQty ${minQty} and maxQty ${maxQty} leave no quantity`);
  if (!(marginRate >= 0 && marginRate < Number.POSITIVE_INFINITY)) invalid(`marginRate is ${marginRate}`);
  const { base, exchange, priceSteps } = options;
  return Object.freeze({
    symbol: options.symbol,
    assetClass: options.assetClass,
    quote: options.quote,
    ...(base === undefined ? {} : { base }),
    ...(exchange === undefined ? {} : { exchange }),
    ...(priceSteps === undefined ? {} : { priceSteps }),
    priceStep,
    lotStep,
    minQty,
    maxQty,
    pointValue,
    priceDecimals,
    quantityDecimals,
    calendar: options.calendar ?? '24x7',
    marginRate,
    venues: options.venues ?? {},
  });
}

function checkTable(rows: readonly PriceStepRow[], invalid: (what: string) => never): void {
  rows.forEach((row, i) => {
    const isAscending = i === 0 || row.from > (rows[i - 1] as PriceStepRow).from;
    if (!Number.isFinite(row.from) || !isAscending) invalid(`priceSteps[${i}].from ${row.from} does not ascend`);
    if (!Number.isFinite(row.step) || row.step <= 0) invalid(`priceSteps[${i}].step is ${row.step}`);
  });
}

function checkDecimals(decimals: Readonly<Record<string, number>>, invalid: (what: string) => never): void {
  for (const [name, value] of Object.entries(decimals)) {
    if (!Number.isInteger(value) || value < 0 || value > MAX_DECIMALS)
      invalid(`${name} has to be a whole number from 0 to ${MAX_DECIMALS}; it is ${value}`);
  }
}

/** The price step that applies at a price. */
export function priceStepAt(instrument: Instrument, price: number): number {
  let step = instrument.priceStep;
  for (const row of instrument.priceSteps ?? []) {
    if (price < row.from) break;
    step = row.step;
  }
  return step;
}
