import type { FillNote } from '../kernel/listener.js';
import type { OrderRecord } from './order-record.js';

/** The last booked fill; one object is reused for every listener call. */
export class MutableFillNote implements FillNote {
  at = 0;
  order!: OrderRecord;
  qty = 0;
  price = 0;
  fee = 0;
  feeCurrency = '';
  liquidity: FillNote['liquidity'] = 'unknown';
  executionId = '';
  realised = 0;
  decisionPrice = Number.NaN;
}
