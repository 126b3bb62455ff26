import type { Clock } from '@bookrunner/sdk';
import type { OrderFillsParts } from './order-fills.js';
import type { OrderReport } from './order-report.js';
import type { OrderTerms } from './order-terms.js';

/** What an order's state is made with. */
export interface IbOrderStateParts extends Pick<
  OrderFillsParts,
  'clock' | 'commissionWaitMs' | 'quantityDecimals' | 'describe'
> {
  readonly clock: Clock;
  readonly terms: OrderTerms;
  /** How long executions that a status promises are waited for before they are asked for. */
  readonly settleMs: number;
  readonly tell: (report: OrderReport) => void;
  /** What is known does not fit together: the gateway is to be asked. */
  readonly ask: () => void;
  /** A cancel has ended one of two orders: the other has to be cancelled by itself. */
  readonly cancelRest: () => void;
  /** Something a person has to look at. */
  readonly alarm: (code: 'IBKR_ORDER_TWICE' | 'IBKR_ORDER_OVERFILLED', message: string) => void;
}

/** `sent` heard nothing of yet; `reached` the gateway knows it; `working` at IB; `over` has had its final report. */
export type OrderPhase = 'sent' | 'reached' | 'working' | 'over';
