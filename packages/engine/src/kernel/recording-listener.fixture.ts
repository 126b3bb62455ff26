// Keeps what a kernel tells its listener, copied: the kernel reuses its objects.
import type { EpochMs, TradingDay } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Book } from '../portfolio/book.js';
import type { ClosedTrade } from '../portfolio/holding.js';
import type { KernelTime } from './kernel-time.js';
import type { FillNote, KernelListener } from './listener.js';

/** A fill, and which strategy's order it filled. */
export interface SeenFill extends Omit<FillNote, 'order'> {
  readonly sequence: number;
  readonly strategy: string;
  readonly book: string;
  readonly symbol: string;
  /** Signed units. */
  readonly signed: number;
}

export class RecordingListener implements KernelListener {
  readonly sent: OrderRecord[] = [];
  readonly ended: { readonly sequence: number; readonly status: string; readonly reason: string }[] = [];
  readonly fills: SeenFill[] = [];
  readonly fees: { readonly strategy: string; readonly change: number; readonly currency: string }[] = [];
  readonly trades: ClosedTrade[] = [];
  readonly refusals: { readonly strategy: string; readonly reason: string; readonly message: string }[] = [];
  readonly marks: { readonly book: string; readonly at: EpochMs; readonly equity: number }[] = [];
  readonly days: { readonly book: string; readonly day: TradingDay; readonly at: EpochMs; readonly equity: number }[] =
    [];
  readonly cash: { readonly book: string; readonly amount: number; readonly reason: string }[] = [];

  orderSent(order: OrderRecord): void {
    this.sent.push(order);
  }
  orderEnded(order: OrderRecord, _at: EpochMs, reason: string): void {
    this.ended.push({ sequence: order.sequence, status: order.status, reason });
  }
  filled({ order, ...note }: FillNote): void {
    const { strategy, book, instrument } = order.owner;
    const signed = order.direction * note.qty;
    this.fills.push({ ...note, sequence: order.sequence, strategy, book, symbol: instrument.symbol, signed });
  }
  feeChanged(slot: TargetSlot, change: number, currency: string): void {
    this.fees.push({ strategy: slot.strategy, change, currency });
  }
  tradeClosed(_slot: TargetSlot, trade: ClosedTrade): void {
    this.trades.push({ ...trade });
  }
  refused(slot: TargetSlot, _at: EpochMs, reason: string, message: string): void {
    this.refusals.push({ strategy: slot.strategy, reason, message });
  }
  equityMarked(book: Book, time: KernelTime): void {
    this.marks.push({ book: book.name, at: time.now, equity: book.equity() });
  }
  dayEnded(book: Book, day: TradingDay, at: EpochMs): void {
    this.days.push({ book: book.name, day, at, equity: book.equity() });
  }
  cashMoved(book: Book, _at: EpochMs, amount: number, reason: string): void {
    this.cash.push({ book: book.name, amount, reason });
  }
}
