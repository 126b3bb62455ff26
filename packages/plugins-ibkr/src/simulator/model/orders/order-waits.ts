// Why an order that is alive is not at the market.
import type { EpochMs } from '@bookrunner/sdk';
import type { Market } from '../market/market.js';
import { parseInstant } from '../wall-clock.js';
import type { OrderRecord } from './order-record.js';

/** A reason to wait. `held` until somebody lets it go; `child` waits for its parent's first fill, `close` and `open` for the auction it names. */
export type OrderWait = 'transmit' | 'held' | 'locate' | 'child' | 'start' | 'hours' | 'open' | 'close' | 'trigger';

/** What decides it. */
export interface WaitFacts {
  readonly now: EpochMs;
  readonly market: Market;
  readonly timeZone: string;
  /** The auction that an order of this kind waits for is on. */
  readonly auction: 'open' | 'close' | 'none';
}

/** All reasons for which an order waits; none where it may trade. */
export function waitsOf(order: OrderRecord, { now, market, timeZone, auction }: WaitFacts): readonly OrderWait[] {
  const { goodAfterTime } = order.terms;
  const waits: OrderWait[] = [];
  const due = marketWait(order, { now, market, auction });
  if (!order.isTransmitted) waits.push('transmit');
  if (order.isHeld) waits.push('held');
  if (order.isLocating) waits.push('locate');
  if (order.parent !== undefined && order.parent.filledLots === 0) waits.push('child');
  if (goodAfterTime !== '' && parseInstant(goodAfterTime, timeZone) > now) waits.push('start');
  if (due !== undefined) waits.push(due);
  if (!order.isTriggered) waits.push('trigger');
  return waits;
}

function marketWait(order: OrderRecord, facts: Omit<WaitFacts, 'timeZone'>): 'hours' | 'open' | 'close' | undefined {
  const { auction } = facts;
  if (isAtClose(order.terms.orderType)) return auction === 'close' ? undefined : 'close';
  if (order.terms.tif === 'OPG') return auction === 'open' ? undefined : 'open';
  return isInHours(order, facts.market, facts.now) ? undefined : 'hours';
}

/** Whether an order trades in the closing auction alone. */
export function isAtClose(orderType: string): boolean {
  return orderType === 'MOC' || orderType === 'LOC';
}

/** Whether outside regular hours may trade an order of this type: those that take any price may not. */
export function heedsOutsideRth(orderType: string): boolean {
  return orderType !== 'MKT' && !isAtClose(orderType);
}

function isInHours(order: OrderRecord, market: Market, now: EpochMs): boolean {
  const outside = order.terms.outsideRth && heedsOutsideRth(order.terms.orderType);
  return outside ? market.hours.isTrading(now) : market.hours.isRegular(now);
}

/** What orderStatus says of it. */
export function whyHeldText(waits: readonly OrderWait[]): string {
  return waits.filter((wait) => wait === 'child' || wait === 'trigger' || wait === 'locate').join(',');
}
