import type { AccountState } from './account.js';
import type { Fill } from './fill.js';
import type { OrderRef, OrderType, Side } from './order.js';
import type { EpochMs } from './time.js';

interface ReportBase extends OrderRef {
  readonly ts: EpochMs;
  /** The venue's own id of the order, where it has one yet. */
  readonly venueOrderId?: string;
}

/** What a venue tells of an order. Quantities are units; a reason is a code of the venue plugin's error table and its text. */
export type VenueReport =
  | (ReportBase & { readonly kind: 'accepted' })
  | (ReportBase & { readonly kind: 'rejected'; readonly reason: string; readonly message: string })
  | (ReportBase & { readonly kind: 'filled'; readonly fill: Fill; readonly leavesQty: number })
  | (ReportBase & { readonly kind: 'cancelled'; readonly reason: string })
  | (ReportBase & { readonly kind: 'expired' })
  | (ReportBase & {
      readonly kind: 'replaced';
      readonly qty: number;
      readonly limitPrice: number;
      readonly stopPrice: number;
    })
  | (ReportBase & { readonly kind: 'cancel-rejected'; readonly reason: string })
  | (ReportBase & { readonly kind: 'replace-rejected'; readonly reason: string })
  | (ReportBase & { readonly kind: 'unknown'; readonly reason: string })
  | (ReportBase & {
      readonly kind: 'commission';
      readonly executionId: string;
      readonly fee: number;
      readonly feeCurrency: string;
    })
  | (ReportBase & { readonly kind: 'corrected'; readonly executionId: string; readonly fill: Fill })
  | (ReportBase & { readonly kind: 'busted'; readonly executionId: string });

/** A position as the venue sees it. */
export interface VenuePosition {
  readonly account: string;
  readonly symbol: string;
  readonly qty: number;
  readonly avgPrice: number;
}

/** An open order as the venue sees it. Quantities are unsigned units; a price the order does not use is NaN. */
export interface VenueOpenOrder extends OrderRef {
  readonly account: string;
  readonly venueOrderId: string;
  readonly tag: string;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Ordered, filled part included. */
  readonly qty: number;
  readonly leavesQty: number;
  readonly limitPrice: number;
  readonly stopPrice: number;
}

/** One part of a snapshot: when it was true, whether it is whole, since when executions are listed. */
export interface SnapshotPart<T> {
  readonly asOf: EpochMs;
  readonly complete: boolean;
  readonly since: EpochMs;
  readonly items: readonly T[];
}

/** All a venue knows. A failed or empty answer is not "flat": look at `complete`. */
export interface VenueSnapshot {
  readonly positions: SnapshotPart<VenuePosition>;
  readonly openOrders: SnapshotPart<VenueOpenOrder>;
  readonly executions: SnapshotPart<Fill>;
  readonly accounts: SnapshotPart<AccountState>;
}
