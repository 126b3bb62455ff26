// What of refusals a person is told: the first, and not the same again with every bar.
import type { EngineNotice } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';
import { slotOf } from './order-desk.js';
import type { OrderRecord } from './order-record.js';

/** The venue was not one of the session yet: nothing was sent, and it has refused nothing. */
export function isNotOpen({ reason }: VenueReportEvent): boolean {
  return reason === 'BROKER_NOT_OPEN';
}

/** How a refused order is told, noting that it was: a warning for entries, else an alarm, and the same again is information. */
export function levelOfRefusal(order: OrderRecord, { reason }: VenueReportEvent): EngineNotice['level'] {
  if (order.purpose === 'entry') return 'warning';
  return isFirstRefusal(order, reason) ? 'alarm' : 'info';
}

/** Whether nobody was told yet of the same of such an order, noting that it is. */
export function isFirstRefusal(order: OrderRecord, reason: string): boolean {
  const slot = slotOf(order);
  const refusal = `${kindOf(order)}${reason}`;
  if (slot.toldRefusals.includes(refusal)) return false;
  slot.toldRefusals = [...slot.toldRefusals, refusal];
  return true;
}

/** How a refused change of protection is told: in an outage, or of a venue that has not joined, it is to be expected, and made again after. */
export function levelOfChange(order: OrderRecord, event: VenueReportEvent): EngineNotice['level'] {
  return slotOf(order).isVenueOut || isNotOpen(event) ? 'warning' : 'alarm';
}

/** Where the venue has taken an order, it is news should it refuse the next one like it. */
export function forgetRefusals(order: OrderRecord, { report }: VenueReportEvent): void {
  const slot = slotOf(order);
  if (report !== 'accepted') return;
  slot.toldRefusals = slot.toldRefusals.filter((told) => !told.startsWith(kindOf(order)));
}

/** Whether an exit waits until this order is cancelled. */
export function isProtectionOfExit(order: OrderRecord): boolean {
  return order.purpose === 'protection' && slotOf(order).isLeaving;
}

/** Why an exit waits whose protection cannot be cancelled. */
export function notCancelled({ reason, message }: VenueReportEvent): string {
  return `since its protection cannot be cancelled: ${`${reason} ${message}`.trim().replace(/\.$/, '')}`;
}

/** How refusals of like orders begin in `toldRefusals`. */
function kindOf({ purpose, orderType }: OrderRecord): string {
  return `${purpose} ${orderType} `;
}
