import type { OrderRecord } from '../execution/order-record.js';
import type { VenueReportEvent } from '../kernel/event.js';

/** What a broker would have reported of an order, made from its snapshot. */
export function reportOf(
  order: OrderRecord,
  report: VenueReportEvent['report'],
  at: number,
  fields: Partial<VenueReportEvent> = {},
): VenueReportEvent {
  return {
    kind: 'venue-report',
    at,
    report,
    sequence: order.sequence,
    instrumentIndex: order.instrumentIndex,
    venueOrderId: '',
    qty: Number.NaN,
    price: Number.NaN,
    fee: Number.NaN,
    feeCurrency: '',
    liquidity: 'unknown',
    executionId: '',
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    reason: '',
    message: '',
    ...fields,
  };
}
