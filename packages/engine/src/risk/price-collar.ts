import type { OrderRequest, PortfolioView } from '@bookrunner/sdk';

/** Relative difference below which a distance counts as equal to the collar: differences of decimal prices are not exact. */
const EQUAL = 1e-9;

/**
 * Whether an order's price is further from where it should be than `collarBps` basis points. A limit and a stop are measured from
 * the last price, the limit of a stop-limit from its stop. False for orders without a price and where what it is measured from is not known.
 *
 * Either side counts, but for protection: a stop-loss or take-profit rests away from the market by design, and its distance grows
 * with the market. There only a limit on the wrong side counts, which would trade through the book at once; a stop that is
 * already passed is an exit at the market, and refusing it would leave the position bare.
 */
export function isBeyondCollar(order: OrderRequest, view: PortfolioView, collarBps: number): boolean {
  const last = view.price(order.symbol);
  const reference = limitReference(order, last);
  const collar = (collarBps / 10_000) * (1 + EQUAL);
  const limitMove = order.limitPrice - reference;
  const limitCollar = collar * Math.abs(reference);
  // A price not used is NaN and compares false.
  if (order.purpose === 'protection') return (order.side === 'buy' ? limitMove : -limitMove) > limitCollar;
  return Math.abs(limitMove) > limitCollar || Math.abs(order.stopPrice - last) > collar * Math.abs(last);
}

/** The larger distance of an order's prices from their references, in basis points; what a refusal names. */
export function collarDistanceBps(order: OrderRequest, view: PortfolioView): number {
  const last = view.price(order.symbol);
  const distances = [
    distanceBps(order.limitPrice, limitReference(order, last)),
    order.purpose === 'protection' ? Number.NaN : distanceBps(order.stopPrice, last),
  ];
  return Math.max(...distances.filter((distance) => !Number.isNaN(distance)));
}

function limitReference(order: OrderRequest, last: number): number {
  return order.orderType === 'stop-limit' && !Number.isNaN(order.stopPrice) ? order.stopPrice : last;
}

function distanceBps(price: number, reference: number): number {
  return (Math.abs(price - reference) / Math.abs(reference)) * 10_000;
}
