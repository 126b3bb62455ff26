// Stops of a session that the journal does not have that are left alone: with every word of their place they close no more than is there.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import { parseOrderId } from '../execution/order-id.js';
import type { ExecutionEvent } from '../kernel/event.js';
import type { BrokerWatch } from './broker-watch.js';
import { OrderComparison, type OrderComparisonParts } from './compare-orders.js';
import { noticesOfDifferences, ReportDraft } from './difference.js';
import type { Place } from './freeze.js';

/** What {@link LeftOrders} works with. */
export interface LeftOrderParts extends OrderComparisonParts {
  readonly notify: (notice: EngineNotice) => void;
}

/** Judges them between two answers. */
export class LeftOrders {
  readonly #parts: LeftOrderParts;

  constructor(parts: LeftOrderParts) {
    this.#parts = parts;
  }

  /** What an execution took of one is not open any more. Before it is booked: one that is known already takes nothing. */
  noteFill(watch: BrokerWatch, { change, account, execution: fill }: ExecutionEvent): void {
    const { runEpoch, execution } = this.#parts;
    const sequence = parseOrderId(runEpoch, fill.orderId);
    const open = watch.left.get(sequence);
    if (open === undefined || change !== 'fill' || execution.executions.has(account, fill.executionId)) return;
    watch.left.set(sequence, { ...open, leavesQty: Math.max(0, open.leavesQty - fill.qty) });
  }

  /** Where nothing has been sent for what was told. */
  review(watch: BrokerWatch, { at, draft }: { readonly at: EpochMs; readonly draft: ReportDraft }): void {
    if (watch.left.size > 0) new OrderComparison(this.#parts, { watch, at, draft }).review({ isSent: false });
  }

  /** After a report of an order, for which others may have been sent. */
  onReport(watch: BrokerWatch, at: EpochMs): void {
    if (watch.left.size === 0) return;
    const draft = new ReportDraft();
    new OrderComparison(this.#parts, { watch, at, draft }).review({ isSent: true });
    this.#tell(watch, draft, at);
  }

  /** After a person has decided: where something is to be closed by an order, none stays. */
  decided(watch: BrokerWatch, at: EpochMs, closed: Pick<Place, 'account' | 'index'> | undefined): void {
    if (watch.left.size === 0) return;
    const draft = new ReportDraft();
    if (closed !== undefined && watch.accounts.includes(closed.account)) {
      new OrderComparison(this.#parts, { watch, at, draft }).takeBackAt(closed.account.account, closed.index);
    }
    this.review(watch, { at, draft });
    this.#tell(watch, draft, at);
  }

  #tell({ venue }: BrokerWatch, { differences }: ReportDraft, at: EpochMs): void {
    for (const notice of noticesOfDifferences(differences, venue, at)) this.#parts.notify(notice);
  }
}
