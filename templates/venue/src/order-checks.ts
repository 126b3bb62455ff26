import type { Order, VenueCapabilities } from '@bookrunner/sdk';

/** Why a group of orders does not leave. */
export interface OrderRefusal {
  readonly reason: string;
  readonly message: string;
}

/** What orders are checked against. */
export interface OrderCheckContext {
  readonly capabilities: VenueCapabilities;
  /** Orders sent before, by id. */
  readonly sent: ReadonlyMap<string, Order>;
}

/** The first reason to refuse a group before the wire; undefined sends all of it. */
export function refusalOf(group: readonly Order[], context: OrderCheckContext): OrderRefusal | undefined {
  for (const order of group) {
    const message = faultOf(order, context);
    if (message !== undefined) return { reason: 'MY_VENUE_ORDER_REFUSED', message };
  }
  return undefined;
}

function faultOf(order: Order, { capabilities, sent }: OrderCheckContext): string | undefined {
  const { clientOrderId, orderType, tif, qty, limitPrice, ocoGroup, parentId } = order;
  if (!capabilities.orderTypes.includes(orderType)) return `Order type ${orderType} is not offered.`;
  if (!capabilities.timeInForce.includes(tif)) return `Time in force ${tif} is not offered.`;
  if (ocoGroup !== '' || parentId !== '') return 'Linked orders are not offered.';
  if (sent.has(clientOrderId)) return `Order ${clientOrderId} was sent before.`;
  if (!(qty > 0 && qty < Number.POSITIVE_INFINITY)) return `A quantity of ${qty} cannot be traded.`;
  if (orderType === 'limit' && !Number.isFinite(limitPrice)) return 'A limit order needs a price.';
  return undefined;
}
