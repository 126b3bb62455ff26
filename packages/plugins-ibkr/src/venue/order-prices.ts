// What an order has to fit: the price band of its exchange, and the size increment of its contract.
import { decimalsOf, type Order, priceStepAt, StepGrid } from '@bookrunner/sdk';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { exactDecimal } from './exact-decimal.js';

/** What is off the grid, as a sentence; undefined where an order fits. */
export function gridFault(order: Order, qualified: QualifiedContract): string | undefined {
  return quantityFault(order.qty, qualified) ?? priceFault(order, qualified);
}

/** Why a quantity cannot be ordered; undefined where it can. */
export function quantityFault(qty: number, { sizeIncrement, minSize }: QualifiedContract): string | undefined {
  if (!(qty > 0 && Number.isFinite(qty))) return `a quantity of ${qty}`;
  if (qty < minSize) return `a quantity of ${qty}, and the least is ${minSize}`;
  if (!new StepGrid(sizeIncrement).holds(qty)) return `a quantity of ${qty}, and the step is ${sizeIncrement}`;
  return undefined;
}

/** Why prices cannot be ordered at; undefined where they can. */
export function priceFault(
  { orderType, limitPrice, stopPrice, trail }: Pick<Order, 'orderType' | 'limitPrice' | 'stopPrice' | 'trail'>,
  qualified: QualifiedContract,
): string | undefined {
  switch (orderType) {
    case 'market':
      return undefined;
    case 'limit':
      return offBand('limit price', limitPrice, qualified);
    case 'stop':
      return offBand('stop price', stopPrice, qualified);
    case 'stop-limit':
      return offBand('stop price', stopPrice, qualified) ?? offBand('limit price', limitPrice, qualified);
    case 'trailing-stop':
      return distanceFault(trail, qualified);
  }
}

/** Decimals of quantities: as fine as the instrument's facts, and as the contract can be traded. */
export function quantityDecimalsOf({ instrument, sizeIncrement }: QualifiedContract): number {
  return Math.max(instrument.quantityDecimals, decimalsOf(sizeIncrement));
}

/** Terms that fit, without what sums and products of doubles leave in the last bit: as IB will tell them. */
export function exactTerms<Terms extends Pick<Order, 'qty' | 'limitPrice' | 'stopPrice'>>(
  terms: Terms,
  qualified: QualifiedContract,
): Terms {
  const { priceDecimals } = qualified.instrument;
  return {
    ...terms,
    qty: exactDecimal(terms.qty, quantityDecimalsOf(qualified)),
    limitPrice: exactDecimal(terms.limitPrice, priceDecimals),
    stopPrice: exactDecimal(terms.stopPrice, priceDecimals),
  };
}

/** The price of an order as IB writes it; exact, since it lies on the grid. NaN stays NaN. */
export function toIbPrice(price: number, { priceMagnifier, instrument }: QualifiedContract): number {
  return exactDecimal(exactDecimal(price, instrument.priceDecimals) * priceMagnifier, instrument.priceDecimals);
}

/** The price of an order in the quote currency; NaN where IB gives none. */
export function fromIbPrice(price: number | undefined, { priceMagnifier, instrument }: QualifiedContract): number {
  if (price === undefined || !Number.isFinite(price) || price === Number.MAX_VALUE) return Number.NaN;
  return exactDecimal(price / priceMagnifier, instrument.priceDecimals);
}

function offBand(what: string, price: number, qualified: QualifiedContract): string | undefined {
  if (!Number.isFinite(price)) return `no ${what}`;
  const step = stepAt(Math.abs(price), qualified);
  return new StepGrid(step).holds(price) ? undefined : `a ${what} of ${price}, and the step there is ${step}`;
}

/** A distance is no price: it fits where the finest step of the contract divides it. */
function distanceFault(trail: number, { priceSteps, instrument }: QualifiedContract): string | undefined {
  if (!(trail > 0 && Number.isFinite(trail))) return `a trailing distance of ${trail}`;
  const finest = Math.min(
    ...priceSteps.map(({ step }) => step),
    priceSteps.length === 0 ? instrument.priceStep : Infinity,
  );
  return new StepGrid(finest).holds(trail)
    ? undefined
    : `a trailing distance of ${trail}, and the finest step is ${finest}`;
}

function stepAt(price: number, { priceSteps, instrument }: QualifiedContract): number {
  const [first] = priceSteps;
  return first === undefined
    ? instrument.priceStep
    : priceStepAt({ ...instrument, priceStep: first.step, priceSteps }, price);
}
