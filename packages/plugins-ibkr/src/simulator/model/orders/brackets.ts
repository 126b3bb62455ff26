// Parents and children: a child closes what its parent opened and no sibling has closed, never more.
import type { OrderRecord } from './order-record.js';

/** Children of an order. */
export function childrenOf(parent: OrderRecord, orders: readonly OrderRecord[]): readonly OrderRecord[] {
  return orders.filter((order) => order.parent === parent);
}

/** Increments that an order may trade as far as its parent is concerned. */
export function openedFor(order: OrderRecord, orders: readonly OrderRecord[]): number {
  if (order.parent === undefined) return order.remainingLots;
  const siblings = childrenOf(order.parent, orders).filter(
    (other) => other === order || other.terms.ocaGroup === order.terms.ocaGroup,
  );
  const closed = siblings.reduce((sum, sibling) => sum + sibling.filledLots, 0);
  return Math.max(0, Math.min(order.remainingLots, order.parent.filledLots - closed));
}

/** The group that ties the children of one parent together where the client named none. */
export function implicitGroup(parent: OrderRecord): string {
  return String(parent.permId);
}
