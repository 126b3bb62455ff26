import type { Clock } from '../../interfaces/clock.js';
import type { CancelOutcome, SubmitOutcome, Venue, VenueCapabilities, VenueSink } from '../../interfaces/venue.js';
import type { Fill } from '../../model/fill.js';
import type { Instrument } from '../../model/instrument.js';
import type { Order, OrderChange, OrderRef } from '../../model/order.js';
import { fromScaled, toScaled } from '../../model/rounding.js';
import { DAY_MS } from '../../model/time.js';
import type { EpochMs } from '../../model/time.js';
import type { SnapshotPart, VenueReport, VenueSnapshot } from '../../model/venue-report.js';
import { testingError } from '../errors.js';
import { PaperAccount } from './paper-account.js';
import { refusalOf } from './paper-checks.js';
import { PaperOrder } from './paper-order.js';
import type { PaperQuote } from './paper-order.js';

/** What {@link PaperVenue} can do unless told otherwise. */
export const PAPER_CAPABILITIES: VenueCapabilities = Object.freeze({
  orderTypes: Object.freeze(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const),
  timeInForce: Object.freeze(['DAY', 'GTC', 'IOC', 'FOK', 'GTD'] as const),
  oco: true,
  bracket: true,
  replace: true,
  shortSale: true,
  simulated: true,
});

/** Options of {@link PaperVenue}. */
export interface PaperVenueOptions {
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly name?: string;
  readonly account?: string;
  /** Cash to start with, in the quote currency of the first instrument; 1,000,000 unless told otherwise. */
  readonly cash?: number;
  /** Fee per unit in the quote currency; 0 unless told otherwise. */
  readonly feePerUnit?: number;
  /** A part of {@link PAPER_CAPABILITIES}, to try an engine against a poorer venue. */
  readonly capabilities?: VenueCapabilities;
}

/** A quote with sizes; an absent size means as many units as anyone asks. */
export interface SizedQuote {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize?: number;
  readonly askSize?: number;
}

/**
 * The reference {@link Venue}: fills orders on quotes that a test gives, at the bid or ask, up to the size quoted. A market order
 * without a quote waits for one. DAY orders end at midnight UTC. Everything is reported synchronously.
 */
export class PaperVenue implements Venue {
  readonly capabilities: VenueCapabilities;
  readonly name: string;
  readonly #clock: Clock;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #account: PaperAccount;
  readonly #feePerUnit: number;
  readonly #quotes = new Map<string, PaperQuote>();
  /** Orders not yet final, in order of arrival. */
  readonly #orders = new Map<string, PaperOrder>();
  readonly #knownIds = new Set<string>();
  readonly #fills: Fill[] = [];
  #sink: VenueSink | undefined;
  #openedAt: EpochMs = Number.NaN;
  #lastTs: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(options: PaperVenueOptions) {
    this.capabilities = options.capabilities ?? PAPER_CAPABILITIES;
    this.name = options.name ?? 'paper';
    this.#clock = options.clock;
    this.#instruments = new Map(options.instruments.map((instrument) => [instrument.symbol, instrument]));
    this.#feePerUnit = options.feePerUnit ?? 0;
    this.#account = new PaperAccount({
      name: options.account ?? 'test',
      currency: options.instruments[0]?.quote ?? 'USD',
      cash: options.cash ?? 1_000_000,
    });
  }

  open(sink: VenueSink): Promise<void> {
    this.#sink = sink;
    this.#openedAt = this.#now();
    sink.status({ ts: this.#openedAt, venue: this.name, state: 'ready', reason: '', message: '' });
    sink.account(this.#account.state(this.#openedAt, (symbol) => this.#markOf(symbol)));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#sink = undefined;
    for (const order of this.#orders.values()) order.cancelExpiry();
    return Promise.resolve();
  }

  /** Moves the market and fills what it reaches. Errors: TESTING_INSTRUMENT_UNKNOWN. */
  quote(symbol: string, bid: number, ask: number): void {
    this.quoteSizes(symbol, { bid, ask });
  }

  /** The same with the units at hand at bid and ask. Errors: TESTING_INSTRUMENT_UNKNOWN. */
  quoteSizes(symbol: string, quote: SizedQuote): void {
    if (!this.#instruments.has(symbol)) {
      throw testingError('TESTING_INSTRUMENT_UNKNOWN', `'${symbol}' is not traded here.`);
    }
    const endless = { bidSize: Number.POSITIVE_INFINITY, askSize: Number.POSITIVE_INFINITY };
    this.#quotes.set(symbol, { ts: this.#now(), ...endless, ...quote });
    if (this.#sink === undefined) return;
    for (const order of this.#ordersNow()) if (order.order.symbol === symbol) this.#match(order);
  }

  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    if (this.#sink === undefined) return Promise.resolve(this.#notOpen());
    const refused = refusalOf(group, {
      capabilities: this.capabilities,
      instruments: this.#instruments,
      isKnown: (id) => this.#knownIds.has(id),
      qtyOf: (symbol) => this.#account.qtyOf(symbol),
    });
    if (refused !== undefined) return Promise.resolve({ kind: 'refused', ...refused });
    const orders = group.map((order) => this.#accept(order));
    for (const order of orders) this.#match(order);
    return Promise.resolve({ kind: 'sent' });
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    if (this.#sink === undefined) return Promise.resolve(this.#notOpen());
    const order = this.#orders.get(ref.clientOrderId);
    if (order === undefined) this.#report({ ...this.#base(ref), kind: 'cancel-rejected', reason: 'PAPER_NOT_WORKING' });
    else this.#cancel(order, 'requested');
    return Promise.resolve({ kind: 'sent' });
  }

  replace(ref: OrderRef, change: OrderChange): Promise<CancelOutcome> {
    if (this.#sink === undefined) return Promise.resolve(this.#notOpen());
    if (this.capabilities.replace !== true) {
      return Promise.resolve({ kind: 'refused', reason: 'PAPER_UNSUPPORTED', message: 'Replace is not offered.' });
    }
    const order = this.#orders.get(ref.clientOrderId);
    if (order === undefined || !order.change(change)) {
      this.#report({ ...this.#base(ref), kind: 'replace-rejected', reason: 'PAPER_NOT_WORKING' });
    } else {
      this.#reportReplaced(order);
      this.#match(order);
    }
    return Promise.resolve({ kind: 'sent' });
  }

  snapshot(): Promise<VenueSnapshot> {
    if (this.#sink === undefined) {
      return Promise.reject(testingError('TESTING_VENUE_NOT_OPEN', `Venue '${this.name}' is not open.`));
    }
    const asOf = this.#now();
    const part = <T>(items: readonly T[]): SnapshotPart<T> => ({ asOf, complete: true, since: this.#openedAt, items });
    const openOrders = this.#ordersNow().map(({ order, venueOrderId, qty, leavesQty, limitPrice, stopPrice }) => {
      const { clientOrderId, symbol, account, tag, side, orderType } = order;
      const terms = { side, orderType, qty, leavesQty, limitPrice, stopPrice };
      return { clientOrderId, symbol, account, tag, venueOrderId, ...terms };
    });
    return Promise.resolve({
      positions: part(this.#account.positions()),
      openOrders: part(openOrders),
      executions: part([...this.#fills]),
      accounts: part([this.#account.state(asOf, (symbol) => this.#markOf(symbol))]),
    });
  }

  #accept(order: Order): PaperOrder {
    const { quantityDecimals } = this.#instruments.get(order.symbol)!;
    const venueOrderId = `${this.name}-${this.#knownIds.size + 1}`;
    const accepted = new PaperOrder(order, { venueOrderId, quantityDecimals });
    this.#knownIds.add(order.clientOrderId);
    this.#orders.set(order.clientOrderId, accepted);
    this.#report({ ...this.#base(order), venueOrderId, kind: 'accepted' });
    this.#scheduleExpiry(accepted);
    return accepted;
  }

  #scheduleExpiry(order: PaperOrder): void {
    const { tif, expiresAt } = order.order;
    if (tif !== 'DAY' && tif !== 'GTD') return;
    const end = tif === 'GTD' ? expiresAt : (Math.floor(this.#now() / DAY_MS) + 1) * DAY_MS;
    order.cancelExpiry = this.#clock.callAt(end, () => this.#end(order, { kind: 'expired' }));
  }

  /** Fills what the quote allows; then ends what may not wait. */
  #match(order: PaperOrder): void {
    if (order.isHeld || !this.#orders.has(order.order.clientOrderId)) return;
    const quote = this.#quotes.get(order.order.symbol);
    const price = quote === undefined ? Number.NaN : order.priceAgainst(quote);
    const qty = quote === undefined || Number.isNaN(price) ? 0 : this.#fillable(order, quote);
    if (quote !== undefined && qty > 0) this.#fill(order, { quote, price, qty });
    const { tif } = order.order;
    if ((tif === 'IOC' || tif === 'FOK') && order.leavesQty > 0) this.#cancel(order, tif);
  }

  #fillable(order: PaperOrder, quote: PaperQuote): number {
    const size = order.order.side === 'buy' ? quote.askSize : quote.bidSize;
    const qty = Math.min(order.leavesQty, size);
    return order.order.tif === 'FOK' && qty < order.leavesQty ? 0 : qty;
  }

  #fill(paper: PaperOrder, at: { readonly quote: PaperQuote; readonly price: number; readonly qty: number }): void {
    const { order, venueOrderId } = paper;
    const { quote, price, qty } = at;
    const instrument = this.#instruments.get(order.symbol)!;
    if (order.side === 'buy') quote.askSize -= qty;
    else quote.bidSize -= qty;
    paper.fill(qty);
    const fee = fromScaled(toScaled(this.#feePerUnit * qty, 8), 8);
    this.#account.apply({ instrument, signedQty: order.side === 'buy' ? qty : -qty, price, fee });
    const fill: Fill = {
      orderId: order.clientOrderId,
      executionId: `${this.name}-execution-${this.#fills.length + 1}`,
      symbol: order.symbol,
      side: order.side,
      qty,
      price,
      fee,
      feeCurrency: instrument.quote,
      liquidity: order.orderType === 'limit' ? 'maker' : 'taker',
      ts: this.#now(),
      tag: order.tag,
    };
    this.#fills.push(fill);
    if (paper.leavesQty === 0) this.#forget(paper);
    this.#report({ ...this.#base(order), venueOrderId, kind: 'filled', fill, leavesQty: paper.leavesQty });
    this.#reduceGroup(paper, qty);
    if (paper.leavesQty === 0) this.#startChildren(order.clientOrderId);
    this.#sink?.account(this.#account.state(fill.ts, (symbol) => this.#markOf(symbol)));
  }

  /** OCO: what one order of a group fills, the others lose. */
  #reduceGroup(filled: PaperOrder, qty: number): void {
    const { ocoGroup, clientOrderId } = filled.order;
    if (ocoGroup === '') return;
    for (const other of this.#ordersNow()) {
      if (other.order.ocoGroup !== ocoGroup || other.order.clientOrderId === clientOrderId) continue;
      other.reduce(qty);
      if (other.leavesQty === 0) this.#cancel(other, 'oco');
      else this.#reportReplaced(other);
    }
  }

  #startChildren(parentId: string): void {
    for (const child of this.#ordersNow()) {
      if (child.order.parentId !== parentId) continue;
      child.isHeld = false;
      this.#match(child);
    }
  }

  #cancel(order: PaperOrder, reason: string): void {
    this.#end(order, { kind: 'cancelled', reason });
  }

  /** Ends an order, and the children that wait for it. */
  #end(
    paper: PaperOrder,
    how: { readonly kind: 'expired' } | { readonly kind: 'cancelled'; readonly reason: string },
  ): void {
    const { order, venueOrderId } = paper;
    this.#forget(paper);
    this.#report({ ...this.#base(order), venueOrderId, ...how });
    for (const child of this.#ordersNow()) {
      if (child.order.parentId === order.clientOrderId && child.isHeld) this.#cancel(child, 'parent');
    }
  }

  /** The orders as they are now: matching changes the map. */
  #ordersNow(): readonly PaperOrder[] {
    return Array.from(this.#orders.values());
  }

  #forget(order: PaperOrder): void {
    order.cancelExpiry();
    this.#orders.delete(order.order.clientOrderId);
  }

  #reportReplaced(paper: PaperOrder): void {
    const { qty, limitPrice, stopPrice, venueOrderId } = paper;
    this.#report({ ...this.#base(paper.order), venueOrderId, kind: 'replaced', qty, limitPrice, stopPrice });
  }

  #report(report: VenueReport): void {
    this.#sink?.report(report);
  }

  #base({ clientOrderId, symbol }: OrderRef): { readonly ts: EpochMs } & OrderRef {
    return { ts: this.#now(), clientOrderId, symbol };
  }

  /** The clock's time, but never before the last report. */
  #now(): EpochMs {
    this.#lastTs = Math.max(this.#lastTs, this.#clock.nowUtc());
    return this.#lastTs;
  }

  #markOf(symbol: string): number {
    const quote = this.#quotes.get(symbol);
    return quote === undefined ? Number.NaN : (quote.bid + quote.ask) / 2;
  }

  #notOpen(): SubmitOutcome {
    return { kind: 'refused', reason: 'TESTING_VENUE_NOT_OPEN', message: `Venue '${this.name}' is not open.` };
  }
}
