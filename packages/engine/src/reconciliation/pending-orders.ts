import type { EngineNotice, EpochMs, VenueStatus } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import type { OrderDesk } from '../execution/order-desk.js';
import { formatOrderId } from '../execution/order-id.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { BrokerWatch, Pending } from './broker-watch.js';
import { noticeOfKnown, noticeOfUnknown } from './difference.js';

/** What following works with. */
export interface PendingParts {
  readonly desk: OrderDesk;
  readonly runEpoch: string;
  readonly notify: (notice: EngineNotice) => void;
}

/** Notes since when the outcome of an order, or of its cancel or change, is not known, and forgets what is; who was paged hears of that. */
export function followPending({ desk, runEpoch, notify }: PendingParts, watch: BrokerWatch, now: EpochMs): void {
  const seen = new Set<number>();
  for (const order of desk.live()) {
    if (watch.accountOf(order.account) === undefined || order.status === 'working') continue;
    seen.add(order.sequence);
    const known = watch.pending.get(order.sequence);
    if (known?.status !== order.status) {
      watch.pending.set(order.sequence, pendingSince(watch, order, now));
    }
  }
  for (const [sequence, { isPaged, status }] of watch.pending) {
    if (seen.has(sequence)) continue;
    watch.pending.delete(sequence);
    // That an unknown order is known is told with what tells of it.
    if (isPaged && status !== 'unknown') notify(noticeOfKnown(formatOrderId(runEpoch, sequence), watch.venue, now));
  }
}

/**
 * A restart says that the engine was not running: nobody could know meanwhile, so that was no waiting, and what is to be decided is told once
 * more by the first answer. The first word of the broker's line to the session that goes on ends that: waiting counts from then.
 */
export function followSessions(watch: BrokerWatch, { reason }: VenueStatus, now: EpochMs): void {
  if (reason === 'ENGINE_RESTARTED') {
    watch.isBetweenSessions = true;
    for (const { told } of watch.accounts) told.clear();
    waitFrom(watch, Number.POSITIVE_INFINITY);
  } else if (watch.isBetweenSessions) {
    watch.isBetweenSessions = false;
    waitFrom(watch, now);
  }
}

function waitFrom({ pending }: BrokerWatch, waitsFrom: EpochMs): void {
  for (const [sequence, known] of pending) pending.set(sequence, { ...known, waitsFrom });
}

function pendingSince({ isBetweenSessions }: BrokerWatch, { status }: OrderRecord, now: EpochMs): Pending {
  const known = { status, since: now, isPaged: false };
  return isBetweenSessions ? { ...known, waitsFrom: Number.POSITIVE_INFINITY } : known;
}

/** Tells a person, once, that it is still not known. */
export function pagePending(
  { desk, notify }: PendingParts,
  watch: BrokerWatch,
  { sequence, now }: { readonly sequence: number; readonly now: EpochMs },
): void {
  const pending = watch.pending.get(sequence);
  if (pending === undefined) return;
  watch.pending.set(sequence, { ...pending, isPaged: true });
  notify(noticeOfUnknown(desk.find(sequence) as OrderRecord, { venue: watch.venue, since: pending.since, at: now }));
}

/** A request that was lost or refused is made again, whether or not a bar ever closes: protection may be larger than its position. */
export function retryOpen(
  { execution, settleMs }: { readonly execution: Execution; readonly settleMs: number },
  watch: BrokerWatch,
  at: EpochMs,
): void {
  const isRetry = watch.retries(at, settleMs);
  for (const slot of watch.slots) {
    if (slot.isSettled && !slot.isFlattening) continue;
    if (slot.isFlattening && isRetry) slot.isExitHeld = false;
    execution.evaluate(slot);
  }
}
