import type { OrderStatus } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';

/** What moves an order from one status to another. `filled` is the fill that completes it. */
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

const EVENT_COUNT = EVENTS.length;

/** The table flat, by place of status and event: looking objects up by changing keys is what V8 does slowest. */
const NEXT: readonly (OrderStatus | undefined)[] = ORDER_STATUSES.flatMap((status) =>
  EVENTS.map((event) => TRANSITIONS[status][event]),
);
/** By the same places: how many more orders are pending after the step. */
const PENDING_CHANGE: readonly number[] = ORDER_STATUSES.flatMap((status) =>
  EVENTS.map((event) => {
    const next = TRANSITIONS[status][event];
    return next === undefined ? 0 : Number(isPending(next)) - Number(isPending(status));
  }),
);

/** Whether no report but a correction may follow. */
export function isFinal(status: OrderStatus): boolean {
  return status === 'filled' || status === 'cancelled' || status === 'rejected' || status === 'expired';
}

/** Whether the outcome of a submit, cancel or replace is still open, so that nothing else may go out. */
export function isPending(status: OrderStatus): boolean {
  return status === 'unknown' || status === 'pending-cancel' || status === 'pending-replace';
}

/** Place of a step of the state machine, for {@link nextStatus} and {@link pendingChange}. */
export function stepOf(status: OrderStatus, event: OrderEvent): number {
  return placeOfStatus(status) * EVENT_COUNT + placeOfEvent(event);
}

/** The status after a step; undefined where the event is impossible. */
export function nextStatus(step: number): OrderStatus | undefined {
  return NEXT[step];
}

/** How many more orders are pending after a step. */
export function pendingChange(step: number): number {
  return PENDING_CHANGE[step] as number;
}

// Places in the lists above, written out: comparing known strings is a pointer comparison, searching a list is a call.
function placeOfStatus(status: OrderStatus): number {
  switch (status) {
    case 'pending':
      return 0;
    case 'sent':
      return 1;
    case 'unknown':
      return 2;
    case 'working':
      return 3;
    case 'pending-cancel':
      return 4;
    case 'pending-replace':
      return 5;
    case 'filled':
      return 6;
    case 'cancelled':
      return 7;
    case 'rejected':
      return 8;
    case 'expired':
      return 9;
  }
}

function placeOfEvent(event: OrderEvent): number {
  switch (event) {
    case 'sent':
      return 0;
    case 'refused':
      return 1;
    case 'unknown':
      return 2;
    case 'accepted':
      return 3;
    case 'rejected':
      return 4;
    case 'partially-filled':
      return 5;
    case 'filled':
      return 6;
    case 'cancel-requested':
      return 7;
    case 'cancelled':
      return 8;
    case 'cancel-rejected':
      return 9;
    case 'replace-requested':
      return 10;
    case 'replaced':
      return 11;
    case 'replace-rejected':
      return 12;
    case 'expired':
      return 13;
  }
}

/** Event of the order state machine that a report stands for: the same word, but that fills are told apart by what is left. */
export function eventOf(report: VenueReportEvent['report']): OrderEvent {
  return report === 'filled' ? 'partially-filled' : report;
}
