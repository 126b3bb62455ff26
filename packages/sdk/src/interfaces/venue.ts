import type { AccountState } from '../model/account.js';
import type { Heartbeat } from '../model/heartbeat.js';
import type { Instrument } from '../model/instrument.js';
import type { Order, OrderChange, OrderRef, OrderType, TimeInForce } from '../model/order.js';
import type { EpochMs } from '../model/time.js';
import type { VenueReport, VenueSnapshot } from '../model/venue-report.js';

/** What a venue can do; absent means it cannot. */
export interface VenueCapabilities {
  readonly orderTypes: readonly OrderType[];
  readonly timeInForce: readonly TimeInForce[];
  /** Accepts a group of orders that cancel each other. */
  readonly oco?: boolean;
  /** Accepts a parent with children that start on its fill. */
  readonly bracket?: boolean;
  readonly replace?: boolean;
  readonly shortSale?: boolean;
  readonly fractional?: boolean;
  /** Positions are not paid for: an account's cash is what was paid in and what was realised, as with CFDs and margin FX. */
  readonly marginSettled?: boolean;
  /** No order leaves this process: a simulator. */
  readonly simulated?: boolean;
}

/** How the venue's session stands. */
export interface VenueStatus {
  readonly ts: EpochMs;
  readonly venue: string;
  readonly state: 'connecting' | 'ready' | 'disconnected' | 'planned-outage' | 'failed';
  readonly reason: string;
  readonly message: string;
}

/** Where a venue delivers; calls are synchronous and never throw. */
export interface VenueSink {
  report(report: VenueReport): void;
  account(state: AccountState): void;
  status(status: VenueStatus): void;
  heartbeat(heartbeat: Heartbeat): void;
}

/** Honest outcome of a call. `refused` means it certainly never reached the wire; `unknown` means nobody can tell yet. */
export type SubmitOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly message: string };

/** As {@link SubmitOutcome}, for a cancel or a replace. */
export type CancelOutcome = SubmitOutcome;

/**
 * Where orders go: one broker session or a simulator. Answers by reports only.
 *
 * Rules: 1. Never throws for a rejection: emits `rejected`. 2. `accepted` precedes any fill of an order. 3. Filled quantities
 * sum to at most the order's quantity; `leavesQty` is exact. 4. Nothing follows a final report of an order but corrections.
 * 5. Before `open` and after `close` a submit is refused. 6. `close` twice is allowed; it never cancels orders by itself.
 * 7. A group is atomic: all sent, or none. 8. A duplicate `clientOrderId` is refused or answered `rejected`, never sent twice.
 * 9. An order type or time in force not declared is refused before the wire. 10. Cancelling what is not working gives
 * `cancel-rejected`, nothing worse. 11. When one order of an OCO group fills, the others are reduced or cancelled. 12. Report
 * times never run backwards. 13. `snapshot` says `complete` truthfully. 14. Orders given are not changed. 15. Quantities are
 * units, never lots; prices in quote currency. 16. A replace changes what it names and nothing else: with a quantity alone, a
 * trailing stop keeps the level it has reached; a venue that cannot do that answers `replace-rejected`.
 * Checked by `venueContract` (VEN-…).
 */
export interface Venue {
  readonly capabilities: VenueCapabilities;
  open(sink: VenueSink): Promise<void>;
  close(): Promise<void>;
  /**
   * Ids of the accounts that the open session can trade, where the venue knows them. A live run does not start where engine.yaml names
   * another one (BROKER_ACCOUNT_UNKNOWN).
   */
  accountIds?(): readonly string[];
  resolve?(instrument: Instrument): Promise<Instrument>;
  submit(group: readonly Order[]): Promise<SubmitOutcome>;
  cancel(order: OrderRef): Promise<CancelOutcome>;
  replace?(order: OrderRef, change: OrderChange): Promise<CancelOutcome>;
  snapshot(): Promise<VenueSnapshot>;
}
