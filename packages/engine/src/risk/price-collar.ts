import type { OrderRequest } from '@bookrunner/sdk';

/**
 * How far an order's price is from where it should be, in basis points; 0 for orders without a price, NaN where the last price is
 * not known. A limit and a stop are measured from the last price, the limit of a stop-limit from its stop.
 *
 * Any side counts, but for protection: a stop-loss or take-profit rests away from the market by design, and its distance grows
 * with the market. There only a limit on the wrong side counts, which would trade through the book at once; a stop that is
 * already passed is an exit at the market, and refusing it would leave the position bare.
 */
export function collarDistanceBps(order: OrderRequest, last: number): number {
  const { limitPrice, stopPrice, orderType } = order;
  const reference = orderType === 'stop-limit' && !Number.isNaN(stopPrice) ? stopPrice : last;
  const limitBps = Number.isNaN(limitPrice) ? 0 : distanceBps(limitPrice, reference);
  if (order.purpose === 'protection') return Math.max(0, order.side === 'buy' ? limitBps : -limitBps);
  const stopBps = Number.isNaN(stopPrice) ? 0 : distanceBps(stopPrice, last);
  return Math.max(Math.abs(limitBps), Math.abs(stopBps));
}

/** Signed distance of a price from a reference. */
function distanceBps(price: number, reference: number): number {
  return ((price - reference) / Math.abs(reference)) * 10_000;
}
