// What a venue has made of a change of an order.
import type { OrderChange } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';
import { slotOf } from './order-desk.js';
import type { OrderRecord } from './order-record.js';
import { isCovered, isTooLarge, same } from './protection.js';
import { isFirstRefusal, isNotOpen } from './told-refusals.js';
import type { TargetSlot } from './target-slot.js';

/** What is told where the terms are other ones than were asked for. */
export const OTHER_TERMS = {
  reason: 'OTHER_TERMS',
  message: 'the venue has changed it to other terms than were asked for.',
} as const;

/**
 * Takes over the terms that an order has by now. A venue that made something else of a change would make the same of it once more: it is asked
 * again with the next bar, not at once; for another quantity an order of its own is sent. True where a person is to hear of that.
 */
export function takeTerms(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent): boolean {
  const { state } = slot;
  const qtyScaled = state.scaled(event.qty);
  if (order.purpose !== 'protection') slot.workingScaled += order.direction * (qtyScaled - order.qtyScaled);
  order.qtyScaled = qtyScaled;
  order.limitPrice = state.exactPrice(event.limitPrice);
  order.stopPrice = state.exactPrice(event.stopPrice);
  const { asked } = order;
  order.asked = undefined;
  if (asked === undefined || order.status !== 'working') return false;
  const isOtherQty = asked.qty !== undefined && state.scaled(asked.qty) !== qtyScaled;
  const isOther = (isOtherQty && !isCovered(slot, order)) || isOtherPrice(order, slot, asked);
  if (!isOther) return false;
  slot.isReplaceRefused = isOtherQty;
  slot.isRetryLater = !isTooLarge(slot, order);
  return isFirstRefusal(order, 'CHANGE');
}

/** A change was refused: the order is as it was. `wasAsked`: it is being cancelled by now. */
export function keepTerms(order: OrderRecord, event: VenueReportEvent, wasAsked: boolean): void {
  const slot = slotOf(order);
  order.asked = undefined;
  slot.isReplaceRefused = !isNotOpen(event);
  // What could open a position is cancelled at once, which is not what was refused; other prices can wait.
  slot.isRetryLater = wasAsked || !isTooLarge(slot, order);
}

function isOtherPrice(order: OrderRecord, { state }: TargetSlot, { limitPrice, stopPrice }: OrderChange): boolean {
  const isOther = (there: number, here: number | undefined): boolean =>
    here !== undefined && !same(there, state.exactPrice(here));
  return isOther(order.limitPrice, limitPrice) || isOther(order.stopPrice, stopPrice);
}
