import type { VenueReportEvent } from '../kernel/event.js';

/** A report of nothing: what its kind does not use is NaN or ''. */
export const BLANK_REPORT: Omit<VenueReportEvent, 'at' | 'report' | 'sequence'> = Object.freeze({
  kind: 'venue-report',
  instrumentIndex: -1,
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
});
