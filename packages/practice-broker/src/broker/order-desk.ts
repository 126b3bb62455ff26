import { DAY_MS } from '@bookrunner/sdk';
import type { Clock, EpochMs, Instrument, Order, OrderChange, VenueReport } from '@bookrunner/sdk';
import type { Quote } from './market.js';
import { WorkingOrder } from './working-order.js';

/** An execution before the account books it. */
export interface Trade {
  readonly order: WorkingOrder;
  readonly qty: number;
  readonly price: number;
}

/** What the desk works with, and whom it tells. */
export interface OrderDeskParts {
  readonly clock: Clock;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly maxUnitsPerFill: number;
  readonly fillsPerTick: number;
  readonly now: () => EpochMs;
  readonly quoteOf: (symbol: string) => Quote;
  readonly report: (order: WorkingOrder, report: OrderReport) => void;
  readonly trade: (trade: Trade) => void;
}

type Told<T> = T extends unknown ? Omit<T, 'clientOrderId' | 'symbol' | 'ts' | 'venueOrderId'> : never;
/** A report without what every report has. */
export type OrderReport = Told<VenueReport>;

/** The working orders of all accounts: takes, matches, links and ends them. */
export class OrderDesk {
  readonly #parts: OrderDeskParts;
  /** In order of arrival. */
  readonly #working = new Set<WorkingOrder>();
  /** Brackets by the id of the parent. */
  readonly #families = new Map<string, { readonly parent: WorkingOrder; readonly children: readonly WorkingOrder[] }>();
  #nextId = 1;

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
  }

  get working(): readonly WorkingOrder[] {
    return [...this.#working];
  }

  /** Puts the counter of the broker's order ids back, as brokers do after a bad night. */
  rollIdsBack(count: number): void {
    this.#nextId = Math.max(1, this.#nextId - count);
  }

  /** Takes a group that has been checked. */
  take(group: readonly Order[]): readonly WorkingOrder[] {
    const orders = group.map((order) => {
      const decimals = (this.#parts.instruments.get(order.symbol) as Instrument).quantityDecimals;
      const working = new WorkingOrder(order, `P-${this.#nextId}`, decimals);
      this.#nextId += 1;
      this.#working.add(working);
      return working;
    });
    this.#link(orders);
    for (const order of orders) this.#parts.report(order, { kind: 'accepted' });
    for (const order of orders) {
      if (!this.#working.has(order)) continue;
      this.#planExpiry(order);
      this.#match(order, this.#parts.quoteOf(order.order.symbol));
      const { tif } = order.order;
      if (this.#working.has(order) && (tif === 'IOC' || tif === 'FOK')) this.end(order, 'cancelled', 'not-fillable');
    }
    return orders;
  }

  /** The market of an instrument moved. */
  match(symbol: string): void {
    const quote = this.#parts.quoteOf(symbol);
    for (const order of this.working) {
      if (order.order.symbol === symbol && this.#working.has(order)) this.#match(order, quote);
    }
  }

  /** Changes a working order; false where it cannot. */
  replace(order: WorkingOrder, change: OrderChange): boolean {
    if (!order.replace(change)) return false;
    this.#tellTerms(order);
    this.#match(order, this.#parts.quoteOf(order.order.symbol));
    return true;
  }

  /** Ends a working order, and its children with it. */
  end(order: WorkingOrder, status: 'cancelled' | 'expired', reason: string): void {
    this.#remove(order, status);
    this.#parts.report(order, status === 'expired' ? { kind: 'expired' } : { kind: 'cancelled', reason });
    this.#settleChildren(order);
  }

  /** Fills units of a working order at a price, whatever the market says. */
  fill(order: WorkingOrder, qty: number, price: number): void {
    order.fill(qty);
    this.#parts.trade({ order, qty, price });
    if (order.leavesQty === 0) this.#remove(order, 'filled');
    this.#reduceSiblings(order, qty);
    if (order.status === 'filled') this.#settleChildren(order);
  }

  #match(order: WorkingOrder, quote: Quote): void {
    const { maxUnitsPerFill, fillsPerTick } = this.#parts;
    if (this.#fillableQty(order) === 0) return;
    const price = order.priceAt(quote);
    if (!Number.isFinite(price)) return;
    // A FOK order that one tick cannot fill whole waits for no other.
    if (order.order.tif === 'FOK' && Math.ceil(order.leavesQty / maxUnitsPerFill) > fillsPerTick) return;
    for (let n = 0; n < fillsPerTick && this.#working.has(order); n += 1) {
      const qty = Math.min(this.#fillableQty(order), maxUnitsPerFill);
      if (qty === 0) return;
      this.fill(order, qty, price);
    }
  }

  /** A child of a bracket closes what its parent opened and no sibling closed yet, never more. */
  #fillableQty(order: WorkingOrder): number {
    const parent = this.#parentOf(order);
    return parent === undefined ? order.leavesQty : Math.min(order.leavesQty, this.#openedFor(order, parent));
  }

  #openedFor(child: WorkingOrder, parent: WorkingOrder): number {
    const { parentId, ocoGroup } = child.order;
    let closed = child.filledQty;
    for (const other of this.#families.get(parentId)?.children ?? []) {
      if (other !== child && ocoGroup !== '' && other.order.ocoGroup === ocoGroup) closed += other.filledQty;
    }
    return Math.max(0, round(parent.filledQty - closed));
  }

  /** Ties the children of a group to their parents. */
  #link(orders: readonly WorkingOrder[]): void {
    for (const parent of orders) {
      const children = orders.filter((child) => child.order.parentId === parent.order.clientOrderId);
      if (children.length > 0) this.#families.set(parent.order.clientOrderId, { parent, children });
    }
  }

  #parentOf(order: WorkingOrder): WorkingOrder | undefined {
    return order.order.parentId === '' ? undefined : this.#families.get(order.order.parentId)?.parent;
  }

  /** What one order of an OCO group fills, the others no longer can. */
  #reduceSiblings(order: WorkingOrder, qty: number): void {
    const { ocoGroup, account } = order.order;
    if (ocoGroup === '') return;
    for (const other of this.working) {
      if (other === order || other.order.ocoGroup !== ocoGroup || other.order.account !== account) continue;
      const left = order.leavesQty === 0 ? 0 : round(other.leavesQty - qty);
      if (left <= 0) this.end(other, 'cancelled', 'oco');
      else if (other.leaveAtMost(left)) this.#tellTerms(other);
    }
  }

  /** A parent that has ended leaves its children what it filled; with nothing filled they end. */
  #settleChildren(parent: WorkingOrder): void {
    for (const child of this.#families.get(parent.order.clientOrderId)?.children ?? []) {
      if (!this.#working.has(child)) continue;
      const left = this.#openedFor(child, parent);
      if (left === 0) this.end(child, 'cancelled', 'parent-ended');
      else if (child.leaveAtMost(left)) this.#tellTerms(child);
    }
  }

  #tellTerms(order: WorkingOrder): void {
    const { qty, limitPrice, stopPrice } = order;
    this.#parts.report(order, { kind: 'replaced', qty, limitPrice, stopPrice });
  }

  #planExpiry(order: WorkingOrder): void {
    const { tif, expiresAt } = order.order;
    if (tif !== 'DAY' && tif !== 'GTD') return;
    const { clock, now } = this.#parts;
    const end = tif === 'GTD' ? expiresAt : (Math.floor(now() / DAY_MS) + 1) * DAY_MS;
    order.stopExpiry = clock.callAt(clock.nowUtc() + end - now(), () => this.end(order, 'expired', 'expired'));
  }

  #remove(order: WorkingOrder, status: WorkingOrder['status']): void {
    order.status = status;
    order.stopExpiry();
    this.#working.delete(order);
  }
}

/** Differences of quantities leave dust in doubles; no quantity is that fine. */
function round(qty: number): number {
  return Math.round(qty * 1e9) / 1e9;
}
