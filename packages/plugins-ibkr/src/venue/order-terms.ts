// What was ordered, in the words of the model: units, prices in the quote currency.
import type { EpochMs, Order, Side, TimeInForce, OrderType } from '@bookrunner/sdk';

/** An order as it stands. A price that is not used is NaN. */
export interface OrderTerms {
  /** Ours; empty for an order that no engine gave. */
  readonly clientOrderId: string;
  readonly tag: string;
  readonly symbol: string;
  readonly account: string;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly expiresAt: EpochMs;
  readonly qty: number;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly trail: number;
}

/** What of an order may be changed. */
export type ChangeableTerms = Pick<OrderTerms, 'qty' | 'limitPrice' | 'stopPrice'>;

/** The terms of an order that is to be sent. */
export function termsOf(order: Order): OrderTerms {
  const { clientOrderId, tag, symbol, account, side, orderType, tif, expiresAt } = order;
  const { qty, limitPrice, stopPrice, trail } = order;
  const isTrailing = orderType === 'trailing-stop';
  const prices = { limitPrice, stopPrice: isTrailing ? Number.NaN : stopPrice, trail };
  return { clientOrderId, tag, symbol, account, side, orderType, tif, expiresAt, qty, ...prices };
}

/** Whether both say the same; the level of a trailing stop moves by itself and is none of it. */
export function isSameTerms(a: ChangeableTerms, b: ChangeableTerms): boolean {
  return a.qty === b.qty && isSame(a.limitPrice, b.limitPrice) && isSame(a.stopPrice, b.stopPrice);
}

function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
