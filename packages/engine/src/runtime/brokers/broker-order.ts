// Orders as a venue plugin gets them: copies that nobody changes.
import type { Order, OrderRef } from '@bookrunner/sdk';
import type { OrderRecord } from '../../execution/order-record.js';

/** The order as it is now, on the account as its broker calls it. */
export function copyOfOrder(order: OrderRecord, idOf: (account: string) => string): Order {
  const { clientOrderId, symbol, side, qty, orderType, limitPrice, stopPrice, trail, tif, expiresAt } = order;
  const { tag, account, purpose, ocoGroup, parentId, createdTs } = order;
  return Object.freeze({
    ...{ clientOrderId, symbol, side, qty, orderType, limitPrice, stopPrice, trail, tif, expiresAt },
    ...{ tag, account: idOf(account), purpose, ocoGroup, parentId, createdTs },
  });
}

/** What names it there. */
export function refOf({ clientOrderId, symbol }: OrderRecord): OrderRef {
  return Object.freeze({ clientOrderId, symbol });
}
