import type { EpochMs, OrderChange } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { InstrumentSlot } from './instrument-slot.js';
import { VENUE_REASONS, type VenueReason } from './reasons.js';
import type { RestingOrder } from './resting-order.js';

/** Why an order cannot be taken at all, judged by itself; undefined if it can. */
export function checkOrder(order: OrderRecord, slot: InstrumentSlot, now: EpochMs): VenueReason | undefined {
  return (
    checkQuantity(order.qtyScaled, slot) ??
    (order.orderType === 'market' ? undefined : checkPrices(order, slot)) ??
    (order.tif === 'DAY' ? undefined : checkTimeInForce(order, slot, now))
  );
}

function checkQuantity(qtyScaled: number, slot: InstrumentSlot): VenueReason | undefined {
  if (!(qtyScaled >= slot.smallest)) return 'QUANTITY_TOO_SMALL';
  if (qtyScaled > slot.largest) return 'QUANTITY_TOO_LARGE';
  return qtyScaled % slot.lot === 0 ? undefined : 'QUANTITY_NOT_LOT';
}

function checkPrices(order: OrderRecord, slot: InstrumentSlot): VenueReason | undefined {
  const { orderType, limitPrice, stopPrice, trail } = order;
  if (hasLimit(orderType) && !slot.isOnTick(limitPrice)) return 'PRICE_OFF_TICK';
  if ((orderType === 'stop' || orderType === 'stop-limit') && !slot.isOnTick(stopPrice)) return 'PRICE_OFF_TICK';
  if (orderType !== 'trailing-stop') return undefined;
  if (!(trail > 0) || !Number.isFinite(trail)) return 'ORDER_INVALID';
  return Number.isNaN(stopPrice) || slot.isOnTick(stopPrice) ? undefined : 'PRICE_OFF_TICK';
}

/** Of an order that does not end with its day. */
function checkTimeInForce(order: OrderRecord, slot: InstrumentSlot, now: EpochMs): VenueReason | undefined {
  switch (order.tif) {
    case 'GTC':
      return undefined;
    case 'GTD':
      return order.expiresAt > now ? undefined : 'EXPIRY_PASSED';
    default:
      if (order.orderType !== 'market' && order.orderType !== 'limit') return 'TIME_IN_FORCE_UNSUPPORTED';
      return slot.isOpen(now) ? undefined : 'MARKET_CLOSED';
  }
}

/** A replace after its checks: what the order will be. */
export interface CheckedChange {
  readonly qty: number;
  readonly limitPrice: number;
  readonly stopPrice: number;
}

/** What a change makes of a working order, or why it cannot be. */
export function checkChange(
  resting: RestingOrder,
  slot: InstrumentSlot,
  change: OrderChange,
): CheckedChange | VenueReason {
  let qty = resting.qty;
  if (change.qty !== undefined) {
    const scaled = change.qty * slot.quantityPower;
    const onGrid = slot.lotsWithin(change.qty);
    if (scaled > slot.largest) return 'QUANTITY_TOO_LARGE';
    // Lots are whole integers; a quantity between two lots differs from the lots within it by more than dust.
    if (!(Math.abs(scaled - onGrid) <= slot.lot * 1e-6)) return 'QUANTITY_NOT_LOT';
    if (onGrid <= resting.filled) return 'QUANTITY_BELOW_FILLED';
    if (onGrid < slot.smallest) return 'QUANTITY_TOO_SMALL';
    qty = onGrid;
  }
  const limitPrice = change.limitPrice ?? resting.limitPrice;
  const stopPrice = change.stopPrice ?? resting.stopPrice;
  if (change.limitPrice !== undefined) {
    if (!hasLimit(resting.orderType)) return 'ORDER_INVALID';
    if (!slot.isOnTick(limitPrice)) return 'PRICE_OFF_TICK';
  }
  if (change.stopPrice !== undefined) {
    if (!hasStop(resting.orderType)) return 'ORDER_INVALID';
    if (!slot.isOnTick(stopPrice)) return 'PRICE_OFF_TICK';
  }
  return { qty, limitPrice, stopPrice };
}

/** The text of a rejection: the reason, and the values that were compared. */
export function describeRejection(reason: VenueReason, order: OrderRecord, slot: InstrumentSlot | undefined): string {
  const text = VENUE_REASONS[reason];
  if (slot === undefined) return `${text} Instrument '${order.symbol}'.`;
  const { lotStep, minQty, maxQty, priceStep } = slot.instrument;
  switch (reason) {
    case 'QUANTITY_NOT_LOT':
      return `${text} Quantity ${order.qty}, lot step ${lotStep}.`;
    case 'QUANTITY_TOO_SMALL':
      return `${text} Quantity ${order.qty}, smallest ${minQty}.`;
    case 'QUANTITY_TOO_LARGE':
      return `${text} Quantity ${order.qty}, largest ${maxQty}.`;
    case 'PRICE_OFF_TICK':
      return `${text} Limit ${order.limitPrice}, stop ${order.stopPrice}, price step ${priceStep}.`;
    case 'ACCOUNT_UNKNOWN':
      return `${text} Account '${order.account}'.`;
    case 'EXPIRY_PASSED':
      return `${text} Expiry ${order.expiresAt}.`;
    default:
      return text;
  }
}

function hasLimit(orderType: RestingOrder['orderType']): boolean {
  return orderType === 'limit' || orderType === 'stop-limit';
}

function hasStop(orderType: RestingOrder['orderType']): boolean {
  return orderType === 'stop' || orderType === 'stop-limit' || orderType === 'trailing-stop';
}
