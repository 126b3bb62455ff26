import { BLANK_REPORT } from '../execution/blank-report.js';
import type { Execution } from '../execution/execution.js';
import type { OrderDesk } from '../execution/order-desk.js';
import { isEngineOrderId, parseOrderId } from '../execution/order-id.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { ExecutionEvent, VenueReportEvent } from '../kernel/event.js';

/** What a broker would have reported of an order, made from its snapshot. */
export function reportOf(
  order: OrderRecord,
  report: VenueReportEvent['report'],
  at: number,
  fields: Partial<VenueReportEvent> = {},
): VenueReportEvent {
  const { sequence, instrumentIndex } = order;
  return { ...BLANK_REPORT, at, report, sequence, instrumentIndex, ...fields };
}

/**
 * A cancel or change that was not carried out: nothing moved at the broker. Did it count as movement, an order that is gone there would
 * never be known to be over, as its cancel is asked for, and refused, with every bar.
 */
export function isRefusal({ report }: VenueReportEvent): boolean {
  return report === 'cancel-rejected' || report === 'replace-rejected';
}

/**
 * Numbers of the orders that an execution may be of: the one it names; where it names none of an engine, any that it could have filled, since
 * a broker may have lost our id on the way. One that is booked already is news of nothing.
 */
export function concernedBy(
  { change, account, execution: { orderId, executionId, symbol, side } }: ExecutionEvent,
  parts: { readonly execution: Execution; readonly desk: OrderDesk; readonly runEpoch: string },
): readonly number[] {
  const sequence = parseOrderId(parts.runEpoch, orderId);
  if (!Number.isNaN(sequence)) return [sequence];
  if (change !== 'fill' || isEngineOrderId(orderId) || parts.execution.executions.has(account, executionId)) return [];
  return [...parts.desk.live()]
    .filter((order) => order.symbol === symbol && order.side === side && (account === '' || order.account === account))
    .map((order) => order.sequence);
}
