import type { EpochMs, TradingDay } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Book } from '../portfolio/book.js';
import type { KernelTime } from './kernel-time.js';
import type { ClosedTrade } from '../portfolio/holding.js';

/** One booked fill, in a reused object. */
export interface FillNote {
  readonly at: EpochMs;
  readonly order: OrderRecord;
  /** Unsigned units. */
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: string;
  readonly liquidity: 'maker' | 'taker' | 'unknown';
  readonly executionId: string;
  /** Profit the fill realised before its fee, in the quote currency. */
  readonly realised: number;
  /** What slippage is measured against: the mark when a market order was made, the level of another order at this fill; NaN where not known. */
  readonly decisionPrice: number;
}

/**
 * Who watches the kernel: recorders, stores, displays. Called synchronously and never answers: nothing here can change a
 * decision. Objects are reused; copy what you keep.
 */
export interface KernelListener {
  orderSent(order: OrderRecord, at: EpochMs): void;
  orderEnded(order: OrderRecord, at: EpochMs, reason: string): void;
  filled(note: FillNote): void;
  tradeClosed(slot: TargetSlot, trade: ClosedTrade): void;
  /** A target was refused by sizing or risk, or waits for another strategy's order. */
  refused(slot: TargetSlot, at: EpochMs, reason: string, message: string): void;
  /** Equity of a book at an instant at which bars closed, in its base currency. */
  equityMarked(book: Book, time: KernelTime): void;
  /** A trading day of a book has ended; `book` still shows it. */
  dayEnded(book: Book, day: TradingDay, at: EpochMs): void;
  /** A fee told after its fill, or told anew: by how much it is more. */
  feeChanged(slot: TargetSlot, change: number, currency: string): void;
  /** Cash that is no trade, in base. */
  cashMoved(book: Book, at: EpochMs, amount: number, reason: string): void;
}
