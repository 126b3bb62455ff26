import type { EpochMs } from '@bookrunner/sdk';
import type { OrderDesk } from '../execution/order-desk.js';
import type { BrokerWatch } from './broker-watch.js';

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
