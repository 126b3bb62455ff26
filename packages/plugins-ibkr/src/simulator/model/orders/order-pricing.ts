// At which price an order trades in a market, and what sets off those that wait for a price.
import { roundToTick } from '@bookrunner/sdk';
import { incrementAt } from '../instruments/instrument-definition.js';
import type { Liquidity } from './liquidity.js';
import type { OrderRecord } from './order-record.js';

const WITH_LIMIT = new Set(['LMT', 'STP LMT', 'LIT', 'LOC', 'TRAIL LIMIT']);

/** The limit an order has now; NaN where it takes any price. */
export function limitOf(order: OrderRecord): number {
  const { orderType, lmtPrice, trailStopPrice } = order.terms;
  if (!WITH_LIMIT.has(orderType)) return Number.NaN;
  if (orderType !== 'TRAIL LIMIT' || trailStopPrice === Number.MAX_VALUE) return lmtPrice;
  // The limit trails with the stop, at the distance it had at first.
  return lmtPrice + order.stopPrice - trailStopPrice;
}

/** The price at which an order would trade now; NaN where it would not. What rests trades at its limit, what arrives at the quote. */
export function tradePrice(order: OrderRecord, market: Liquidity): number {
  const quote = order.isBuy ? market.ask : market.bid;
  const limit = limitOf(order);
  if (Number.isNaN(quote) || Number.isNaN(limit)) return quote;
  const isReached = order.isBuy ? quote <= limit : quote >= limit;
  if (!isReached) return Number.NaN;
  return order.hasRested ? limit : quote;
}

/** Moves a trailing stop after the market and says whether the order is set off. `last` is a trade just seen, else NaN. */
export function isSetOff(order: OrderRecord, market: Liquidity, last: number): boolean {
  const quote = order.isBuy ? market.ask : market.bid;
  const { orderType, auxPrice } = order.terms;
  const seen = [quote, last].filter((price) => !Number.isNaN(price));
  if (orderType === 'MIT' || orderType === 'LIT') {
    return seen.some((price) => (order.isBuy ? price <= auxPrice : price >= auxPrice));
  }
  const isReached = seen.some((price) => (order.isBuy ? price >= order.stopPrice : price <= order.stopPrice));
  if (!isReached && orderType.startsWith('TRAIL')) trail(order, quote);
  return isReached;
}

function trail(order: OrderRecord, quote: number): void {
  const { auxPrice, trailingPercent } = order.terms;
  const isPercent = trailingPercent < Number.MAX_VALUE && trailingPercent > 0;
  const distance = isPercent ? (Math.abs(quote) * trailingPercent) / 100 : auxPrice;
  if (Number.isNaN(quote) || distance >= Number.MAX_VALUE) return;
  const exact = order.isBuy ? quote + distance : quote - distance;
  const stop = roundToTick(exact, incrementAt(order.instrument, exact));
  const isNearer = order.isBuy ? stop < order.stopPrice : stop > order.stopPrice;
  if (Number.isNaN(order.stopPrice) || isNearer) order.stopPrice = stop;
}
