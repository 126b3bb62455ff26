import { StepGrid } from '@bookrunner/sdk';
import type { Instrument, Order, OrderType } from '@bookrunner/sdk';

/** Why an order is not taken: a word of the broker and a sentence. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** The prices each type needs. */
const PRICES: Readonly<Record<OrderType, readonly ('limitPrice' | 'stopPrice' | 'trail')[]>> = {
  market: [],
  limit: ['limitPrice'],
  stop: ['stopPrice'],
  'stop-limit': ['limitPrice', 'stopPrice'],
  'trailing-stop': ['trail'],
};

/** What is wrong with an order; undefined where nothing is. */
export function rejectionOf(order: Order, instrument: Instrument | undefined): Rejection | undefined {
  const { symbol, qty, orderType, tif, expiresAt } = order;
  if (instrument === undefined) return { reason: 'unknown-symbol', message: `'${symbol}' is not traded here.` };
  const isTradable =
    qty >= instrument.minQty && qty <= instrument.maxQty && new StepGrid(instrument.lotStep).holds(qty);
  if (!isTradable) return { reason: 'bad-quantity', message: `A quantity of ${qty} cannot be traded.` };
  const missing = PRICES[orderType].find((name) => !Number.isFinite(order[name]));
  if (missing !== undefined) return { reason: 'bad-price', message: `A ${orderType} order needs ${missing}.` };
  if (tif !== 'GTD' || Number.isFinite(expiresAt)) return undefined;
  return { reason: 'bad-price', message: 'A GTD order needs expiresAt.' };
}
