// A venue that does exactly what a test tells it, order by order.
import type { BarValues, EpochMs, OrderChange, Tick } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { ReportRelay } from '../runtime/report-relay.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';

/** What becomes of a request at once; `hold` leaves it unanswered. */
export type SubmitAnswer = 'fill' | 'accept' | 'reject' | 'hold' | 'cancel' | 'expire';
export type CancelAnswer = 'cancel' | 'reject' | 'hold';
export type ReplaceAnswer = 'replace' | 'reject' | 'hold';

/** How a fill differs from "all of it, at the order's or the last price, free of charge". */
export interface FillTerms {
  readonly qty?: number;
  readonly price?: number;
  readonly fee?: number;
  readonly feeCurrency?: string;
}

/** Market orders fill and the others rest, unless a test says otherwise. */
export class ScriptedVenue implements SynchronousVenue {
  /** Every order ever sent, and every request as text. */
  readonly sent: OrderRecord[] = [];
  readonly log: string[] = [];
  readonly #relay: ReportRelay;
  readonly #leaves = new Map<OrderRecord, number>();
  readonly #changes = new Map<OrderRecord, OrderChange>();
  readonly #prices: number[] = [];
  #plans: { readonly at: EpochMs; readonly act: () => void }[] = [];
  #executions = 0;
  now: EpochMs = 0;
  onSubmit: (order: OrderRecord) => SubmitAnswer = (order) => (order.orderType === 'market' ? 'fill' : 'accept');
  onCancel: (order: OrderRecord) => CancelAnswer = () => 'cancel';
  onReplace: (order: OrderRecord) => ReplaceAnswer = () => 'replace';
  /** Told of every event that reaches the venue. */
  onEvent: (text: string) => void = () => {};

  constructor(relay: ReportRelay) {
    this.#relay = relay;
  }

  get nextDeadline(): EpochMs {
    return this.#plans[0]?.at ?? Number.POSITIVE_INFINITY;
  }
  /** Orders the venue has not ended. */
  get open(): readonly OrderRecord[] {
    return [...this.#leaves.keys()];
  }

  /** Does something at an instant, ahead of the kernel. */
  at(instant: EpochMs, act: () => void): void {
    this.#plans.push({ at: instant, act });
    this.#plans = this.#plans.toSorted((a, b) => a.at - b.at);
  }

  submit(group: readonly OrderRecord[], now: EpochMs): true {
    this.now = now;
    if (this.sent.length > 1_000) throw new Error('Order after order at one venue: the engine goes in a circle.');
    this.log.push(`submit ${group.map(describe).join(' + ')}`);
    for (const order of group) {
      this.sent.push(order);
      this.#leaves.set(order, order.qty);
    }
    for (const order of group) this.#answer(order, this.onSubmit(order));
    return true;
  }

  cancel(order: OrderRecord, now: EpochMs): void {
    this.now = now;
    this.log.push(`cancel ${order.sequence}`);
    if (this.log.length > 5_000) throw new Error('Request after request at one venue: the engine goes in a circle.');
    if (!this.#leaves.has(order)) return this.#relay.cancelRejected(order, now, 'ORDER_NOT_WORKING');
    const answer = this.onCancel(order);
    if (answer === 'cancel') this.cancelled(order);
    else if (answer === 'reject') this.cancelRejected(order);
  }

  replace(order: OrderRecord, change: OrderChange, now: EpochMs): void {
    this.now = now;
    this.log.push(`replace ${order.sequence} ${JSON.stringify(change)}`);
    this.#changes.set(order, change);
    const answer = this.onReplace(order);
    if (answer === 'replace') this.replaced(order);
    else if (answer === 'reject') this.replaceRejected(order);
  }

  onTick(instrumentIndex: number, tick: Tick, now: EpochMs): void {
    this.now = now;
    this.#prices[instrumentIndex] = (tick.bid + tick.ask) / 2;
    this.onEvent(`tick ${instrumentIndex} ${now}`);
  }
  passBar(): boolean {
    return false;
  }
  onBarOpen(instrumentIndex: number, open: number, now: EpochMs): void {
    this.now = now;
    this.#prices[instrumentIndex] = open;
    this.onEvent(`open ${instrumentIndex} ${open} ${now}`);
  }
  onBarRange(instrumentIndex: number, bar: BarValues, now: EpochMs): void {
    this.now = now;
    this.#prices[instrumentIndex] = bar.close;
    this.onEvent(`range ${instrumentIndex} ${bar.close} ${now}`);
  }
  advance(now: EpochMs): void {
    this.now = now;
    while ((this.#plans[0]?.at ?? Number.POSITIVE_INFINITY) <= now) this.#plans.shift()?.act();
  }

  accepted(order: OrderRecord): void {
    this.#relay.accepted(order, this.now);
  }
  rejected(order: OrderRecord): void {
    this.#leaves.delete(order);
    this.#relay.rejected(order, this.now, 'NOT_ALLOWED', 'The test says no.');
  }
  cancelled(order: OrderRecord, reason = 'CANCELLED_BY_VENUE'): void {
    this.#leaves.delete(order);
    this.#relay.cancelled(order, this.now, reason);
  }
  cancelRejected(order: OrderRecord): void {
    this.#relay.cancelRejected(order, this.now, 'TOO_LATE');
  }
  replaceRejected(order: OrderRecord, reason = 'NO'): void {
    this.#relay.replaceRejected(order, this.now, reason);
  }
  expired(order: OrderRecord): void {
    this.#leaves.delete(order);
    this.#relay.expired(order, this.now);
  }
  /** Carries out the last change asked for. */
  replaced(order: OrderRecord): void {
    const {
      qty = order.qty,
      limitPrice = order.limitPrice,
      stopPrice = order.stopPrice,
    } = this.#changes.get(order) ?? {};
    this.#leaves.set(order, qty - order.filledQty);
    this.#relay.replaced(order, this.now, { qty, limitPrice, stopPrice });
  }

  /** Fills an order; what is left of it goes on working. */
  filled(order: OrderRecord, terms: FillTerms = {}): void {
    const leaves = this.#leaves.get(order) ?? 0;
    const qty = terms.qty ?? leaves;
    const leavesQty = leaves - qty;
    if (leavesQty > 0) this.#leaves.set(order, leavesQty);
    else this.#leaves.delete(order);
    this.#executions += 1;
    this.#relay.filled(order, this.now, {
      executionNumber: this.#executions,
      qty,
      price: terms.price ?? this.#priceOf(order),
      fee: terms.fee ?? 0,
      feeCurrency: terms.feeCurrency ?? order.owner.instrument.quote,
      leavesQty,
      liquidity: 'taker',
    });
  }

  #priceOf(order: OrderRecord): number {
    if (!Number.isNaN(order.limitPrice)) return order.limitPrice;
    if (!Number.isNaN(order.stopPrice)) return order.stopPrice;
    return this.#prices[order.instrumentIndex] ?? 100;
  }

  #answer(order: OrderRecord, answer: SubmitAnswer): void {
    if (!this.#leaves.has(order) || answer === 'hold') return;
    if (answer === 'reject') return this.rejected(order);
    this.accepted(order);
    if (answer === 'fill') this.filled(order);
    else if (answer === 'cancel') this.cancelled(order, 'IOC_REMAINDER');
    else if (answer === 'expire') this.expired(order);
  }
}

/** An order in one line: `3 sell 100 stop 95 protection`. */
export function describe(order: OrderRecord): string {
  const prices = [order.limitPrice, order.stopPrice, order.trail].filter((price) => !Number.isNaN(price));
  return [order.sequence, order.side, order.qty, order.orderType, ...prices, order.purpose].join(' ');
}
