import { BLANK_REPORT } from '../execution/blank-report.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { VenueReportEvent } from '../kernel/event.js';

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
