import type { EpochMs, Liquidity } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';

/** One fill, in the venue's reused object: read it during the call. Quantity unsigned units, fee in `feeCurrency`. */
export interface VenueFill {
  readonly executionNumber: number;
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: string;
  readonly leavesQty: number;
  readonly liquidity: Liquidity;
}

/** How the simulated venue answers: calls instead of objects, so that a backtest allocates nothing for a report. */
export interface VenueListener {
  accepted(order: OrderRecord, ts: EpochMs): void;
  rejected(order: OrderRecord, ts: EpochMs, reason: string, message: string): void;
  filled(order: OrderRecord, ts: EpochMs, fill: VenueFill): void;
  cancelled(order: OrderRecord, ts: EpochMs, reason: string): void;
  expired(order: OrderRecord, ts: EpochMs): void;
  replaced(
    order: OrderRecord,
    ts: EpochMs,
    change: { readonly qty: number; readonly limitPrice: number; readonly stopPrice: number },
  ): void;
  cancelRejected(order: OrderRecord, ts: EpochMs, reason: string): void;
  replaceRejected(order: OrderRecord, ts: EpochMs, reason: string): void;
  /** Financing, dividends of short positions and other cash the venue books; signed amount in `currency`. */
  cash(account: string, ts: EpochMs, amount: number, currency: string, reason: string, instrumentIndex: number): void;
}
