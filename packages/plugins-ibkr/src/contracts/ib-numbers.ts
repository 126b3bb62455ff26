// Where numbers of IB become ours; prices of orders go the other way in venue/order-prices.ts. IB counts some prices in pence or cents
// (the price magnifier).
import { fromScaled, toScaled } from '@bookrunner/sdk';

/** What the conversions need of a contract. */
export interface PriceScale {
  readonly priceMagnifier: number;
  readonly multiplier: number;
  readonly instrument: { readonly priceDecimals: number };
}

/** Decimals kept below those of facts, so that averages keep their fractions. */
const AVERAGE_DECIMALS = 4;
const MAX_DECIMALS = 15;

/** A price as IB tells it, in the quote currency. NaN for what is no number, and for IB's mark of a value not given. */
export function priceFromIb(scale: PriceScale, price: number | undefined): number {
  if (price === undefined || !Number.isFinite(price) || price === Number.MAX_VALUE) return Number.NaN;
  return scale.priceMagnifier === 1 ? price : clean(scale, price / scale.priceMagnifier);
}

/**
 * Average price of a position from IB's average cost, which is money for one contract: price times multiplier, with commissions.
 * The magnifier has no part in it.
 */
export function averageCostToPrice(scale: PriceScale, averageCost: number): number {
  return scale.multiplier === 1 ? averageCost : clean(scale, averageCost / scale.multiplier);
}

/** A step or the edge of a price band as IB tells it, in the quote currency. */
export function stepFromIb(step: number, priceMagnifier: number): number {
  return priceMagnifier === 1 ? step : fromScaled(toScaled(step / priceMagnifier, 12), 12);
}

/** Takes off what a division leaves in the last bit: 150.3 / 100 is 1.503. */
function clean({ instrument }: PriceScale, value: number): number {
  const decimals = Math.min(MAX_DECIMALS, instrument.priceDecimals + AVERAGE_DECIMALS);
  const isExact = Math.abs(value) < 2 ** 52 / 10 ** decimals;
  return isExact ? fromScaled(toScaled(value, decimals), decimals) : value;
}
