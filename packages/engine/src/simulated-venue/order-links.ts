import type { RestingOrder } from './resting-order.js';
import type { VenueReason } from './reasons.js';
import type { VenueListener } from './venue-listener.js';
import type { WorkingOrders } from './working-orders.js';

/**
 * What binds orders to each other, and how orders end.
 *
 * OCO: a member that fills whole cancels the others; one that fills in part takes that quantity off the others. Bracket: a child
 * rests without working until its parent fills, works for the share of its quantity that the parent has filled of its own (whole
 * lots, downwards), in the same instrument never for more than the parent has filled, and is cut to that, or cancelled, when the
 * parent ends.
 */
export class OrderLinks {
  private readonly orders: WorkingOrders;
  private readonly listener: VenueListener;
  readonly #terms = { qty: 0, limitPrice: Number.NaN, stopPrice: Number.NaN };
  readonly #members: RestingOrder[] = [];

  constructor(orders: WorkingOrders, listener: VenueListener) {
    this.orders = orders;
    this.listener = listener;
  }

  /** Joins an order to the OCO group of a working member. */
  joinGroup(resting: RestingOrder, member: RestingOrder): void {
    resting.ocoNext = member.ocoNext ?? member;
    member.ocoNext = resting;
  }

  /** Puts an order under a working parent; what the parent has filled already lets it work. */
  joinParent(child: RestingOrder, parent: RestingOrder): void {
    child.parent = parent;
    child.nextSibling = parent.firstChild;
    parent.firstChild = child;
    child.active = 0;
    child.stopPrice = child.order.stopPrice;
    this.#release(child, parent);
  }

  /** Settles what a fill of `qty` means for the other orders; ends the order when it is whole. */
  afterFill(resting: RestingOrder, qty: number): void {
    const isWhole = resting.filled >= resting.qty;
    if (resting.isLinked) this.#afterLinkedFill(resting, qty, isWhole);
    else if (isWhole) this.orders.end(resting);
  }

  #afterLinkedFill(resting: RestingOrder, qty: number, isWhole: boolean): void {
    if (resting.ocoNext !== undefined) {
      if (isWhole) this.#cancelGroup(resting);
      else this.#reduceGroup(resting, qty);
    }
    for (let child = resting.firstChild; child !== undefined; child = child.nextSibling) this.#release(child, resting);
    if (isWhole) this.#end(resting);
  }

  /** Cancels an order and reports it. */
  cancel(resting: RestingOrder, reason: VenueReason): void {
    if (resting.isDone) return;
    this.orders.end(resting);
    this.listener.cancelled(resting.order, this.orders.now, reason);
    this.#detach(resting);
  }

  /** Ends an order whose time is over and reports it. */
  expire(resting: RestingOrder): void {
    if (resting.isDone) return;
    this.orders.end(resting);
    this.listener.expired(resting.order, this.orders.now);
    this.#detach(resting);
  }

  /** Ends orders whose time is over. An order of an instrument inside a bar waits for the bar's range, which it may fill in. */
  expireDue(): void {
    const { now, slots } = this.orders;
    for (const slot of slots) {
      for (const resting of slot.resting) {
        if (resting.isDone || resting.expiresAt > now) continue;
        if (slot.isInBar) {
          resting.isExpiryDue = true;
          slot.isExpiryDue = true;
        } else {
          this.expire(resting);
        }
      }
    }
    this.orders.refreshExpiry();
  }

  /** Takes a whole group that was never accepted back, without a word. */
  withdraw(group: readonly RestingOrder[]): void {
    for (const resting of group) {
      this.orders.end(resting);
      leaveGroup(resting);
      leaveParent(resting);
    }
  }

  /** Reports the quantity and prices an order has from now on. */
  reportTerms(resting: RestingOrder): void {
    const terms = this.#terms;
    terms.qty = resting.qty / resting.slot.quantityPower;
    terms.limitPrice = resting.limitPrice;
    terms.stopPrice = resting.stopPrice;
    this.listener.replaced(resting.order, this.orders.now, terms);
  }

  /** Gives an order a new total quantity, as after a replace; brackets are measured on it from now on. */
  resize(resting: RestingOrder, qty: number): void {
    const reduced = resting.baseQty - resting.qty;
    resting.qty = qty;
    resting.baseQty = qty + reduced;
    if (resting.parent === undefined) {
      resting.active = qty;
    } else {
      resting.released = this.#shareOf(resting, resting.parent);
      resting.active = Math.min(qty, Math.max(resting.filled, resting.released - reduced));
    }
    for (let child = resting.firstChild; child !== undefined; child = child.nextSibling) this.#release(child, resting);
  }

  #cancelGroup(resting: RestingOrder): void {
    for (let other = resting.ocoNext; other !== undefined; other = resting.ocoNext) this.cancel(other, 'OCO_FILLED');
  }

  #reduceGroup(resting: RestingOrder, qty: number): void {
    const members = this.#members;
    members.length = 0;
    for (let other = resting.ocoNext; other !== undefined && other !== resting; other = other.ocoNext)
      members.push(other);
    for (const other of members) {
      if (other.isDone) continue;
      other.qty -= qty;
      if (other.qty <= other.filled) {
        this.cancel(other, 'OCO_FILLED');
      } else {
        other.active = Math.max(other.filled, other.active - qty);
        this.reportTerms(other);
      }
    }
  }

  #release(child: RestingOrder, parent: RestingOrder): void {
    const released = this.#shareOf(child, parent);
    const added = released - child.released;
    if (added <= 0) return;
    child.released = released;
    child.active = Math.min(child.qty, child.active + added);
    // Also an order that works already begins anew: what was added has not seen the market before.
    this.orders.begin(child);
    this.orders.births += 1;
  }

  #shareOf(child: RestingOrder, parent: RestingOrder): number {
    // In one instrument a child closes what its parent opened, never more, whatever was replaced since.
    const most = child.slot === parent.slot ? parent.filled : child.baseQty;
    if (parent.filled >= parent.baseQty) return Math.min(child.baseQty, most);
    const share = wholeShare(child.baseQty, parent.filled, parent.baseQty);
    return Math.min(share - (share % child.slot.lot), most);
  }

  #end(resting: RestingOrder): void {
    // Cancelling its group may have ended it: as a child of a child of one of them.
    if (!resting.isDone) this.orders.end(resting);
    this.#detach(resting);
  }

  #detach(resting: RestingOrder): void {
    leaveGroup(resting);
    leaveParent(resting);
    for (let child = resting.firstChild; child !== undefined;) {
      const next: RestingOrder | undefined = child.nextSibling;
      child.parent = undefined;
      child.nextSibling = undefined;
      this.#cut(child);
      child = next;
    }
    resting.firstChild = undefined;
  }

  /** Takes off what the ended parent will never release. */
  #cut(child: RestingOrder): void {
    const lost = child.baseQty - child.released;
    if (child.isDone || lost === 0) return;
    child.qty -= lost;
    child.baseQty -= lost;
    if (child.qty <= child.filled) {
      this.cancel(child, 'PARENT_ENDED');
    } else {
      child.active = child.qty;
      this.reportTerms(child);
    }
  }
}

/** The whole part of `quantity × part / whole`, exactly. */
function wholeShare(quantity: number, part: number, whole: number): number {
  const product = quantity * part;
  if (!Number.isSafeInteger(product)) return Number((BigInt(quantity) * BigInt(part)) / BigInt(whole));
  return (product - (product % whole)) / whole;
}

function leaveGroup(resting: RestingOrder): void {
  if (resting.ocoNext === undefined) return;
  let before: RestingOrder = resting;
  while (before.ocoNext !== resting && before.ocoNext !== undefined) before = before.ocoNext;
  before.ocoNext = resting.ocoNext === before ? undefined : resting.ocoNext;
  resting.ocoNext = undefined;
}

function leaveParent(resting: RestingOrder): void {
  const parent = resting.parent;
  if (parent === undefined) return;
  resting.parent = undefined;
  if (parent.firstChild === resting) {
    parent.firstChild = resting.nextSibling;
  } else {
    let before = parent.firstChild;
    while (before !== undefined && before.nextSibling !== resting) before = before.nextSibling;
    if (before !== undefined) before.nextSibling = resting.nextSibling;
  }
  resting.nextSibling = undefined;
}
