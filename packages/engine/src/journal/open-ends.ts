// What lay between venue and kernel when a process died: decided and not handed over, said by the venue and not heard.
import type { OrderChange } from '@bookrunner/sdk';
import type { OrderDesk } from '../execution/order-desk.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { CashEvent, VenueReportEvent } from '../kernel/event.js';
import type { VenueCash } from '../runtime/report-relay.js';
import type { JournalledEntry, JournalledLiquidation } from './journal-record.js';

/** One thing the simulated venue said. */
export type Statement =
  | { readonly kind: 'report'; readonly report: VenueReportEvent }
  /** Not yet shared among books. */
  | { readonly kind: 'venue-cash'; readonly cash: VenueCash }
  | { readonly kind: 'cash'; readonly event: CashEvent }
  | { readonly kind: 'liquidation'; readonly liquidation: JournalledLiquidation; readonly at: number };

/** A request that left the kernel and was not handed over; orders by their number. */
export interface WaitingRequest {
  readonly kind: 'submit' | 'cancel' | 'replace';
  readonly orders: readonly number[];
  readonly change: OrderChange | undefined;
}

/** Plain data, in the snapshot that a continued run begins with. */
export interface OpenEnds {
  /** What the venue has said and no record tells; in order. */
  readonly statements: readonly Statement[];
  /** What the kernel has decided and was not handed over; in order. */
  readonly requests: readonly WaitingRequest[];
  /** The newest entries of the outbox that no record tells. They are the first records of the run that goes on. */
  readonly unrecorded: readonly JournalledEntry[];
}

/** The orders of a waiting request; undefined where one is over by now, and with it the request: the venue would refuse it. */
export function ordersOf(desk: OrderDesk, { orders }: WaitingRequest): readonly OrderRecord[] | undefined {
  const found = orders.flatMap((sequence) => desk.find(sequence) ?? []);
  return found.length === orders.length && found.length > 0 ? found : undefined;
}
