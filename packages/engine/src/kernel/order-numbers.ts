// Numbers of orders after a past that the journal does not have: a data folder that was restored, rolled back or copied. A number that
// may have been used is never used again, since a broker takes two orders of one id for the same.
import { formatOrderId, LARGEST_NUMBER, parseOrderId } from '../execution/order-id.js';
import type { KernelParts } from './build.js';
import type { BrokerEvent, GuardEvent, VenueReportEvent } from './event.js';

/** Far more than a session sends between a backup and its end. */
export const NUMBERS_AHEAD = 2 ** 20;

/** The data folder is from a backup: what the session did since is not known here. */
export function skipNumbers({ desk, outbox }: KernelParts, { at: ts, subject, message }: GuardEvent): void {
  const { sequence } = desk;
  desk.skip(sequence + NUMBERS_AHEAD);
  const details = { subject, from: sequence, to: desk.sequence };
  outbox.notify({ ts, level: 'warning', code: 'ORDER_NUMBERS_SKIPPED', message, details });
}

/**
 * Jumps above a number of ours that a broker shows and that was never given here. To be called before the event is taken, so that what
 * it is about counts as of our past: its executions are booked by their tags, its stops protect what is held, its other orders are cancelled.
 */
export function passOver({ desk, outbox }: KernelParts, runEpoch: string, event: BrokerEvent | VenueReportEvent): void {
  const highest = highestOf(event, runEpoch);
  // At the end of all numbers there is nothing above; no engine gets there.
  if (highest <= desk.sequence || highest + 2 * NUMBERS_AHEAD > LARGEST_NUMBER) return;
  const { sequence } = desk;
  desk.skip(highest + NUMBERS_AHEAD);
  const id = formatOrderId(runEpoch, highest);
  outbox.notify({
    ...{ ts: event.at, level: 'alarm', code: 'ORDER_NUMBERS_BEHIND' },
    details: { order: id, from: sequence, to: desk.sequence },
    message:
      `The broker has order '${id}' of this engine, and the journal ends before it: the data folder was rolled back, or it is a copy of which ` +
      'another engine trades as well. New orders get numbers far above; executions from that time are booked, stops that protect what is held stay, ' +
      'other open orders are cancelled.',
  });
}

/** The highest number of our run in an event; minus infinity where there is none. */
function highestOf(event: BrokerEvent | VenueReportEvent, runEpoch: string): number {
  let highest = Number.NEGATIVE_INFINITY;
  const see = (id: string): void => {
    const sequence = parseOrderId(runEpoch, id);
    if (sequence > highest) highest = sequence;
  };
  if (event.kind === 'venue-report') return event.sequence;
  if (event.kind === 'execution') see(event.execution.orderId);
  if (event.kind === 'venue-snapshot' && event.snapshot !== undefined) {
    for (const { clientOrderId } of event.snapshot.openOrders.items) see(clientOrderId);
    for (const { orderId } of event.snapshot.executions.items) see(orderId);
  }
  return highest;
}
