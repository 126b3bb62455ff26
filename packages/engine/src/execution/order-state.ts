import type { OrderStatus } from '@bookrunner/sdk';
import type { OrderRecord } from './order-record.js';

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
    replaced: 'pending-cancel',
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

const STATUSES = Object.keys(TRANSITIONS) as OrderStatus[];
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

/** The table flat, by place of status and event: looking objects up by changing keys is what engines do slowest. */
const NEXT: readonly (OrderStatus | undefined)[] = STATUSES.flatMap((status) =>
  EVENTS.map((event) => TRANSITIONS[status][event]),
);

/** Whether no report but a correction may follow. */
export function isFinal(status: OrderStatus): boolean {
  return status === 'filled' || status === 'cancelled' || status === 'rejected' || status === 'expired';
}

/** Whether the outcome of a submit, cancel or replace is still open, so that nothing else may go out. */
export function isPending(status: OrderStatus): boolean {
  return status === 'unknown' || status === 'pending-cancel' || status === 'pending-replace';
}

/** The status after an event; undefined where the event is impossible. */
export function nextStatus(status: OrderStatus, event: OrderEvent): OrderStatus | undefined {
  return NEXT[STATUSES.indexOf(status) * EVENTS.length + EVENTS.indexOf(event)];
}

/** Moves the order; answers false, and changes nothing, where the event is impossible. */
export function transition(order: OrderRecord, event: OrderEvent): boolean {
  const next = nextStatus(order.status, event);
  if (next === undefined) return false;
  order.status = next;
  return true;
}
