// Outbox entries as they are compared and shown.
import type { ProtectInstruction } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { OutboxEntry } from '../kernel/outbox.js';
import type { JournalledEntry, JournalledOrder } from './journal-record.js';

/** The entry as the journal has it. */
export function entryOf(entry: OutboxEntry): JournalledEntry {
  const sequence = entry.orders[0]?.sequence ?? 0;
  switch (entry.kind) {
    case 'submit': {
      const protect = protectionOf(entry);
      return { kind: 'submit', orders: entry.orders.map(orderOf), ...(protect && { protect }) };
    }
    case 'replace':
      return { kind: 'replace', sequence, change: { ...entry.change } };
    case 'notify':
      return { kind: 'notify', notice: entry.notice ?? { ts: 0, level: 'info', code: '', message: '', details: {} } };
    case 'cancel':
      return { kind: 'cancel', sequence };
    case 'query':
      return { kind: 'query', venue: entry.venue, query: entry.query };
    case 'cancel-foreign':
      return { kind: 'cancel-foreign', venue: entry.venue, ref: { ...entry.ref } };
  }
}

/** What is to protect the position that an entry makes; undefined for other submits and for entries without protection. */
export function protectionOf({ orders: [order] }: Pick<OutboxEntry, 'orders'>): ProtectInstruction | undefined {
  if (order?.purpose !== 'entry') return undefined;
  const { protect } = order.owner as Partial<TargetSlot>;
  return protect && { ...protect };
}

function orderOf(order: OrderRecord): JournalledOrder {
  const { sequence, instrumentIndex, side, qtyScaled, filledScaled, orderType, limitPrice, stopPrice } = order;
  const { trail, tif, expiresAt, purpose, ocoSequence, parentSequence, createdTs, decisionPrice } = order;
  const { tradingDay, status, owner } = order;
  return {
    ...{ sequence, instrumentIndex, side, qtyScaled, filledScaled, orderType, limitPrice, stopPrice },
    ...{ trail, tif, expiresAt, purpose, ocoSequence, parentSequence, createdTs, decisionPrice },
    ...{ tradingDay, status, strategy: owner.strategy, book: owner.book },
  };
}

/** Equal entries have equal texts. */
export function entryText(entry: JournalledEntry): string {
  return plainText(entry);
}

/** JSON with the numbers it lacks as text, and keys in order. */
export function plainText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'number') return Number.isFinite(item) && !Object.is(item, -0) ? item : numberText(item);
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A number as text, also those that JSON lacks. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** One line for a person. */
export function entrySummary(entry: JournalledEntry | undefined): string {
  if (entry === undefined) return 'nothing';
  if (entry.kind === 'notify') return `notice ${entry.notice.code}: ${entry.notice.message}`;
  if (entry.kind === 'query') return `question ${entry.query} to venue ${entry.venue}`;
  if (entry.kind === 'cancel-foreign') return `cancel of order ${entry.ref.venueOrderId} at venue ${entry.venue}`;
  if (entry.kind !== 'submit') return `${entry.kind} of order ${entry.sequence}`;
  return entry.orders.map(orderSummary).join(' + ');
}

function orderSummary(order: JournalledOrder): string {
  const price = Number.isNaN(order.limitPrice) ? order.stopPrice : order.limitPrice;
  const at = Number.isNaN(price) ? '' : ` at ${price}`;
  return `order ${order.sequence}: ${order.side} ${order.qtyScaled} (scaled) of instrument ${order.instrumentIndex}, ${order.orderType}${at}, ${order.purpose} of ${order.strategy}`;
}
