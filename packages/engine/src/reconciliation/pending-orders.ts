import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { OrderDesk } from '../execution/order-desk.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { BrokerWatch } from './broker-watch.js';
import { noticeOfUnknown } from './difference.js';

/** Notes since when the outcome of an order, or of its cancel or change, is not known, and forgets what is. */
export function followPending(watch: BrokerWatch, desk: OrderDesk, now: EpochMs): void {
  const seen = new Set<number>();
  for (const order of desk.live()) {
    if (watch.accountOf(order.account) === undefined || order.status === 'working') continue;
    seen.add(order.sequence);
    const known = watch.pending.get(order.sequence);
    if (known?.status !== order.status) {
      watch.pending.set(order.sequence, { status: order.status, since: now, isPaged: false });
    }
  }
  for (const sequence of watch.pending.keys()) if (!seen.has(sequence)) watch.pending.delete(sequence);
}

/** Tells a person, once, that it is still not known. */
export function pagePending(
  { desk, notify }: { readonly desk: OrderDesk; readonly notify: (notice: EngineNotice) => void },
  watch: BrokerWatch,
  { sequence, now }: { readonly sequence: number; readonly now: EpochMs },
): void {
  const pending = watch.pending.get(sequence);
  if (pending === undefined) return;
  watch.pending.set(sequence, { ...pending, isPaged: true });
  notify(noticeOfUnknown(desk.find(sequence) as OrderRecord, { venue: watch.venue, since: pending.since, at: now }));
}
