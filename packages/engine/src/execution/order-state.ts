import type { OrderStatus } from '@bookrunner/sdk';

/** What moves an order from one status to another: reports by their own names, but that `filled` is the fill that completes it alone. */
export type OrderEvent =
  | 'sent'
  | 'refused'
  | 'unknown'
  | 'accepted'
  | 'rejected'
  | 'partially-filled'
  | 'filled'
  | 'cancel-requested'
  | 'cancelled'
  | 'cancel-rejected'
  | 'replace-requested'
  | 'replaced'
  | 'replace-rejected'
  | 'expired';

/** Reason of an order that is over because it never got to its venue: nobody there refused it, and protection is sent anew. */
export const NEVER_ARRIVED = 'NEVER_ARRIVED';

type Row = Readonly<Partial<Record<OrderEvent, OrderStatus>>>;

const FINAL: Row = Object.freeze({});

/** Ends any order that is on its way or at the venue. */
const ENDS: Row = { filled: 'filled', cancelled: 'cancelled', expired: 'expired', rejected: 'rejected' };

/**
 * The order state machine: status -> event -> next status. What is not listed is impossible and refused. Venues may fill before
 * they accept, reject after they accept, and fill while a cancel is on its way; nothing leaves a final status.
 */
const TRANSITIONS: Readonly<Record<OrderStatus, Row>> = {
  pending: {
    ...ENDS,
    sent: 'sent',
    refused: 'rejected',
    unknown: 'unknown',
    accepted: 'working',
    'partially-filled': 'working',
  },
  sent: {
    ...ENDS,
    unknown: 'unknown',
    accepted: 'working',
    'partially-filled': 'working',
    'cancel-requested': 'pending-cancel',
  },
  unknown: { ...ENDS, accepted: 'working', 'partially-filled': 'working', refused: 'rejected' },
  working: {
    ...ENDS,
    accepted: 'working',
    'partially-filled': 'working',
    'cancel-requested': 'pending-cancel',
    'replace-requested': 'pending-replace',
    replaced: 'working',
  },
  'pending-cancel': {
    ...ENDS,
    accepted: 'pending-cancel',
    'partially-filled': 'pending-cancel',
    'cancel-rejected': 'working',
    // Answers to a change that was asked for before the cancel.
    replaced: 'pending-cancel',
    'replace-rejected': 'pending-cancel',
  },
  'pending-replace': {
    ...ENDS,
    accepted: 'pending-replace',
    'partially-filled': 'pending-replace',
    replaced: 'working',
    'replace-rejected': 'working',
    'cancel-requested': 'pending-cancel',
  },
  filled: FINAL,
  cancelled: FINAL,
  rejected: FINAL,
  expired: FINAL,
};

/** All statuses; their places stand for them in records and in the journal, so new ones come last. */
export const ORDER_STATUSES: readonly OrderStatus[] = [
  'pending',
  'sent',
  'unknown',
  'working',
  'pending-cancel',
  'pending-replace',
  'filled',
  'cancelled',
  'rejected',
  'expired',
];
const EVENTS: readonly OrderEvent[] = [
  'sent',
  'refused',
  'unknown',
  'accepted',
  'rejected',
  'partially-filled',
  'filled',
  'cancel-requested',
  'cancelled',
  'cancel-rejected',
  'replace-requested',
  'replaced',
  'replace-rejected',
  'expired',
];

/** The table flat, by places of event and status; -1 where the event is impossible. Looking objects up by changing keys is what V8 does slowest. */
const NEXT = Int8Array.from(
  EVENTS.flatMap((event) =>
    ORDER_STATUSES.map((status) => {
      const next = TRANSITIONS[status][event];
      return next === undefined ? -1 : ORDER_STATUSES.indexOf(next);
    }),
  ),
);
const STATUS_COUNT = ORDER_STATUSES.length;
// Where the row of an event begins. Those that nearly every order has are known; to search the list is a call.
const ACCEPTED = rowOf('accepted');
const FILLED = rowOf('filled');
const PARTIALLY_FILLED = rowOf('partially-filled');

function rowOf(event: OrderEvent): number {
  return EVENTS.indexOf(event) * STATUS_COUNT;
}

/** Whether no report but a correction may follow. */
export function isFinal(status: OrderStatus): boolean {
  return status === 'filled' || status === 'cancelled' || status === 'rejected' || status === 'expired';
}

/** Whether the outcome of a submit, cancel or replace is still open, so that nothing else may go out. */
export function isPending(status: OrderStatus): boolean {
  return status === 'unknown' || status === 'pending-cancel' || status === 'pending-replace';
}

/** A bit for each status that is pending, by its place. */
const PENDING_BITS = ORDER_STATUSES.reduce((bits, status, place) => bits | (Number(isPending(status)) << place), 0);

/** Place of the status after an event, from that of the one before; below 0 where the event is impossible. */
export function placeAfter(place: number, event: OrderEvent): number {
  return NEXT[(event === 'accepted' ? ACCEPTED : rowOf(event)) + place] as number;
}

// The same of fills, so short that V8 inlines them wherever they are called.
export function placeAfterFill(place: number): number {
  return NEXT[FILLED + place] as number;
}
export function placeAfterPartialFill(place: number): number {
  return NEXT[PARTIALLY_FILLED + place] as number;
}

/** How many more orders are pending after a step from one place to another. */
export function pendingChange(place: number, next: number): number {
  return ((PENDING_BITS >> next) & 1) - ((PENDING_BITS >> place) & 1);
}
