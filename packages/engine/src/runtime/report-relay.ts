import type { EpochMs, Liquidity } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { VenueReportEvent } from '../kernel/event.js';
import type { Kernel } from '../kernel/kernel.js';
import type { LiquidationListener, VenueLiquidation } from '../simulated-venue/liquidation-listener.js';
import type { VenueFill } from '../simulated-venue/venue-listener.js';
import { adoptLiquidation } from './liquidation.js';

/** The one report event, filled in for each report. */
class MutableReport implements VenueReportEvent {
  readonly kind = 'venue-report';
  // No integer, which it would become a fraction from: V8 goes on knowing the class of the one event.
  at: EpochMs = Number.NaN;
  report: VenueReportEvent['report'] = 'accepted';
  sequence = 0;
  instrumentIndex = -1;
  venueOrderId = '';
  qty = Number.NaN;
  price = Number.NaN;
  fee = Number.NaN;
  feeCurrency = '';
  liquidity: Liquidity = 'unknown';
  executionId = '';
  limitPrice = Number.NaN;
  stopPrice = Number.NaN;
  reason = '';
  message = '';
}

/** Cash the venue booked on an account: financing and the like. */
export interface VenueCash {
  readonly account: string;
  readonly at: EpochMs;
  /** Signed. */
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  readonly instrumentIndex: number;
}

/** Turns the simulated venue's calls into kernel events. */
export class ReportRelay implements LiquidationListener {
  private readonly event = new MutableReport();
  readonly #onCash: (cash: VenueCash) => void;
  private kernel!: Kernel;

  constructor(onCash: (cash: VenueCash) => void) {
    this.#onCash = onCash;
  }

  /** Kernel and venue know each other through this object, so it is made first and told the kernel later. */
  connect(kernel: Kernel): void {
    this.kernel = kernel;
  }

  sent(order: OrderRecord, ts: EpochMs): void {
    this.#report('sent', order, ts);
  }
  accepted(order: OrderRecord, ts: EpochMs): void {
    this.#name('accepted', order, ts);
    this.kernel.process(this.event);
  }
  rejected(order: OrderRecord, ts: EpochMs, reason: string, message: string): void {
    this.event.message = message;
    this.#reportFor(reason, 'rejected', order, ts);
    this.event.message = '';
  }
  filled(order: OrderRecord, ts: EpochMs, fill: VenueFill): void {
    this.#name('filled', order, ts);
    const event = this.event;
    event.qty = fill.qty;
    event.price = fill.price;
    event.fee = fill.fee;
    event.feeCurrency = fill.feeCurrency;
    event.liquidity = fill.liquidity;
    this.kernel.process(event);
  }
  cancelled(order: OrderRecord, ts: EpochMs, reason: string): void {
    this.#reportFor(reason, 'cancelled', order, ts);
  }
  expired(order: OrderRecord, ts: EpochMs): void {
    this.#reportFor('EXPIRED', 'expired', order, ts);
  }
  replaced(
    order: OrderRecord,
    ts: EpochMs,
    change: { readonly qty: number; readonly limitPrice: number; readonly stopPrice: number },
  ): void {
    const event = this.event;
    event.qty = change.qty;
    event.limitPrice = change.limitPrice;
    event.stopPrice = change.stopPrice;
    this.#report('replaced', order, ts);
  }
  cancelRejected(order: OrderRecord, ts: EpochMs, reason: string): void {
    this.#reportFor(reason, 'cancel-rejected', order, ts);
  }
  replaceRejected(order: OrderRecord, ts: EpochMs, reason: string): void {
    this.#reportFor(reason, 'replace-rejected', order, ts);
  }
  /** An execution the venue made by itself: booked as orders of the books whose positions it closed. */
  liquidated(liquidation: VenueLiquidation, ts: EpochMs): void {
    for (const part of adoptLiquidation(this.kernel, liquidation, ts)) this.filled(part.order, ts, part.fill);
  }
  cash(account: string, ts: EpochMs, amount: number, currency: string, reason: string, instrumentIndex: number): void {
    this.#onCash({ account, at: ts, amount, currency, reason, instrumentIndex });
  }

  /** Reasons are rare, so a report without one need not say so. */
  #reportFor(reason: string, report: VenueReportEvent['report'], order: OrderRecord, ts: EpochMs): void {
    this.event.reason = reason;
    this.#report(report, order, ts);
    this.event.reason = '';
  }

  #report(report: VenueReportEvent['report'], order: OrderRecord, ts: EpochMs): void {
    this.#name(report, order, ts);
    this.kernel.process(this.event);
  }

  #name(report: VenueReportEvent['report'], order: OrderRecord, ts: EpochMs): void {
    const event = this.event;
    event.at = ts;
    event.report = report;
    event.sequence = order.sequence;
    event.instrumentIndex = order.instrumentIndex;
  }
}
