import type { OrderChange } from '@bookrunner/sdk';
import type { OrderOwner, OrderRecord } from '../execution/order-record.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { MarginWatch } from './margin.js';
import type { SimulatedVenueOptions } from './options.js';
import { checkChange, checkOrder, describeRejection, type CheckedChange } from './order-checks.js';
import type { MatchingParts, PointMatching } from './point-matching.js';
import type { VenueReason } from './reasons.js';
import type { RestingOrder } from './resting-order.js';
import { SequenceSet } from './sequence-set.js';
import type { VenueAccount } from './venue-account.js';
import type { VenueAccounts } from './venue-accounts.js';
import type { VenueListener } from './venue-listener.js';

/** The parts of a venue that order entry touches. */
export interface OrderEntryParts extends MatchingParts {
  readonly accounts: VenueAccounts;
  readonly points: PointMatching;
  readonly margin: MarginWatch | undefined;
  readonly listener: VenueListener;
}

/** Takes requests at the moment they arrive at the venue: checks them, places, changes or cancels orders. */
export class OrderEntry {
  /** Sequences seen, by run epoch: an order id is taken once in the life of the venue. */
  readonly seen = new Map<string, SequenceSet>();
  private readonly parts: OrderEntryParts;
  private readonly fillsAtClose: boolean;
  // Keeps its length: emptying it would free it, and every order would allocate it again.
  private readonly placed: RestingOrder[] = [];
  // Of the owner last seen, what its names stand for here: most orders have the owner of the one before.
  private owner: OrderOwner | undefined = undefined;
  private slot: InstrumentSlot | undefined = undefined;
  private account: VenueAccount | undefined = undefined;
  private sequences = new SequenceSet();

  constructor(options: SimulatedVenueOptions, parts: OrderEntryParts) {
    // Written out: an object made by spreading has another hidden class in each run of a process, and the hot path would meet them all.
    const { orders, links, executions, accounts, points, margin, listener } = parts;
    this.parts = { orders, links, executions, accounts, points, margin, listener };
    this.fillsAtClose = options.fill === 'this-close';
  }

  /** Takes a group whole or not at all. */
  submit(group: readonly OrderRecord[]): void {
    // Most orders come alone, and without margin nothing is worked out about an account.
    if (group.length === 1 && this.parts.margin === undefined) this.#submitAlone(group[0]!, group);
    else this.#submitTogether(group);
  }

  /** The same of a group of one. */
  #submitAlone(order: OrderRecord, group: readonly OrderRecord[]): void {
    const { orders, listener } = this.parts;
    const reason = this.#check(order, group);
    if (reason !== undefined) return this.#reject(group, [reason]);
    const resting = orders.place(order, this.account!, this.slot!);
    if (isBound(order)) this.#join(resting);
    listener.accepted(order, orders.now);
    if (this.fillsAtClose) this.#matchOneAtClose(resting);
  }

  #submitTogether(group: readonly OrderRecord[]): void {
    let reasons: VenueReason[] | undefined;
    for (let index = 0; index < group.length; index += 1) {
      const reason = this.#check(group[index]!, group);
      if (reason !== undefined) (reasons ??= [])[index] = reason;
    }
    if (reasons !== undefined) this.#reject(group, reasons);
    else if (group.length > 0) this.#place(group);
  }

  /** Cancels an order on request. */
  cancel(order: OrderRecord): void {
    const { orders, links, listener } = this.parts;
    const resting = orders.find(order);
    if (resting === undefined) listener.cancelRejected(order, orders.now, 'ORDER_NOT_WORKING' satisfies VenueReason);
    else links.cancel(resting, 'CANCEL_REQUESTED');
  }

  /** Changes an order on request. */
  replace(order: OrderRecord, change: OrderChange): void {
    const { orders, listener } = this.parts;
    const resting = orders.find(order);
    const checked = resting === undefined ? 'ORDER_NOT_WORKING' : checkChange(resting, resting.slot, change);
    const reason = typeof checked === 'string' ? checked : this.#checkGrowth(resting!, checked);
    if (reason !== undefined) listener.replaceRejected(order, orders.now, reason);
    else this.#apply(resting!, checked as CheckedChange);
  }

  /** Continues the sequences of a saved state. */
  load(seen: readonly (readonly [string, SequenceSet])[]): void {
    this.seen.clear();
    for (const [epoch, set] of seen) this.seen.set(epoch, set);
    this.owner = undefined;
  }

  #check(order: OrderRecord, group: readonly OrderRecord[]): VenueReason | undefined {
    const { owner } = order;
    const slot = this.#slotOf(owner);
    if (slot === undefined) return 'INSTRUMENT_UNKNOWN';
    if (!this.sequences.add(order.sequence)) return 'ORDER_DUPLICATE';
    // Not before: an account may begin with its first order.
    const account = (this.account ??= this.parts.accounts.of(owner.account));
    if (account === undefined) return 'ACCOUNT_UNKNOWN';
    if (account.isLiquidating) return 'MARGIN_CALL';
    if (group.length > 1 && owner.account !== group[0]!.owner.account) return 'ORDER_INVALID';
    const reason = checkOrder(order, slot, this.parts.orders.now);
    if (reason !== undefined) return reason;
    if (order.parentSequence !== 0) return this.#checkParent(order, group);
    return slot.isShortSaleForbidden && !isCovered(order, account) ? 'SHORT_SALE_FORBIDDEN' : undefined;
  }

  #checkParent(order: OrderRecord, group: readonly OrderRecord[]): VenueReason | undefined {
    const isParent = (other: OrderRecord): boolean =>
      isSameRun(other, order) && other.sequence === order.parentSequence;
    const parent = group.find(isParent) ?? this.parts.orders.search((resting) => isParent(resting.order))?.order;
    if (parent === undefined) return 'PARENT_NOT_WORKING';
    const sharesGroup = order.ocoSequence !== 0 && order.ocoSequence === parent.ocoSequence;
    return parent === order || sharesGroup ? 'ORDER_INVALID' : undefined;
  }

  /** Rejects a group for the reasons found, at the places of their orders. */
  #reject(group: readonly OrderRecord[], reasons: readonly (VenueReason | undefined)[]): void {
    const { orders, listener } = this.parts;
    for (let index = 0; index < group.length; index += 1) {
      const order = group[index]!;
      const reason = reasons[index] ?? 'GROUP_REJECTED';
      listener.rejected(order, orders.now, reason, describeRejection(reason, order, this.#slotOf(order.owner)));
    }
  }

  #place(group: readonly OrderRecord[]): void {
    const { orders, listener, margin } = this.parts;
    // All orders of a group that passed have one account: that of the order checked last.
    const account = this.account!;
    const before = margin === undefined ? 0 : margin.requirement(account);
    let isLinked = false;
    for (let index = 0; index < group.length; index += 1) {
      const order = group[index]!;
      this.placed[index] = orders.place(order, account, this.#slotOf(order.owner)!);
      if (isBound(order)) isLinked = true;
    }
    for (let index = 0; isLinked && index < group.length; index += 1) this.#join(this.placed[index]!);
    if (margin !== undefined && this.#withdraws(group, account, before)) return;
    for (let index = 0; index < group.length; index += 1) listener.accepted(group[index]!, orders.now);
    for (let index = 0; this.fillsAtClose && index < group.length; index += 1)
      this.#matchOneAtClose(this.placed[index]!);
  }

  /** Takes a group back that the account cannot carry. */
  #withdraws(group: readonly OrderRecord[], account: VenueAccount, before: number): boolean {
    const { links, margin } = this.parts;
    const reason = margin!.verdict(account, before, margin!.onlyReduces(account, group));
    if (reason === undefined) return false;
    links.withdraw(this.placed.slice(0, group.length));
    this.#reject(
      group,
      group.map(() => reason),
    );
    return true;
  }

  #join(resting: RestingOrder): void {
    const { ocoSequence, parentSequence } = resting.order;
    if (ocoSequence !== 0) this.#joinGroup(resting);
    if (parentSequence !== 0) this.#joinParent(resting);
  }

  #joinGroup(resting: RestingOrder): void {
    if (resting.ocoNext !== undefined) return;
    const { order } = resting;
    const member = this.parts.orders.search(
      (other) => other !== resting && isSameRun(other.order, order) && other.order.ocoSequence === order.ocoSequence,
    );
    if (member !== undefined) this.parts.links.joinGroup(resting, member);
  }

  #joinParent(resting: RestingOrder): void {
    const { order } = resting;
    const parent = this.parts.orders.search(
      (other) => isSameRun(other.order, order) && other.order.sequence === order.parentSequence,
    );
    if (parent !== undefined) this.parts.links.joinParent(resting, parent);
  }

  /** Fills at the price just closed, if the market is open or has closed this very instant. */
  #matchOneAtClose(resting: RestingOrder): void {
    const { orders, points } = this.parts;
    const { slot } = resting;
    if (resting.isDone || resting.order.parentSequence !== 0 || Number.isNaN(slot.last) || slot.isPriceOld) return;
    if (slot.lastTs === orders.now || slot.isOpen(orders.now)) points.matchOrder(resting, slot.last, false);
  }

  #checkGrowth(resting: RestingOrder, checked: CheckedChange): VenueReason | undefined {
    const { margin } = this.parts;
    const growth = checked.qty - resting.qty;
    // What its ended parent filled is no longer known, and a child never closes more than that.
    if (growth > 0 && resting.parent === undefined && resting.order.parentSequence !== 0)
      return 'QUANTITY_ABOVE_PARENT';
    if (margin === undefined || growth <= 0) return undefined;
    const before = margin.requirement(resting.account);
    resting.active += growth;
    const reason = margin.verdict(resting.account, before, false);
    resting.active -= growth;
    return reason;
  }

  #apply(resting: RestingOrder, checked: CheckedChange): void {
    const { orders, links } = this.parts;
    const isLater =
      checked.qty > resting.qty ||
      !Object.is(checked.limitPrice, resting.limitPrice) ||
      !Object.is(checked.stopPrice, resting.stopPrice);
    links.resize(resting, checked.qty);
    resting.limitPrice = checked.limitPrice;
    resting.stopPrice = checked.stopPrice;
    if (isLater) orders.requeue(resting);
    links.reportTerms(resting);
    if (isLater && this.fillsAtClose) this.#matchOneAtClose(resting);
  }

  #slotOf(owner: OrderOwner): InstrumentSlot | undefined {
    if (owner !== this.owner) this.#know(owner);
    return this.slot;
  }

  #know(owner: OrderOwner): void {
    const { slots } = this.parts.orders;
    const slot = slots[owner.instrumentIndex];
    this.owner = owner;
    this.slot = slot?.instrument.symbol === owner.instrument.symbol ? slot : undefined;
    this.account = undefined;
    if (this.slot !== undefined) this.sequences = this.#seenIn(owner.runEpoch);
  }

  #seenIn(runEpoch: string): SequenceSet {
    let set = this.seen.get(runEpoch);
    if (set === undefined) {
      set = new SequenceSet();
      this.seen.set(runEpoch, set);
    }
    return set;
  }
}

/** Whether the account holds what an order sells. */
function isCovered(order: OrderRecord, account: VenueAccount): boolean {
  return order.side !== 'sell' || order.qtyScaled <= account.positions[order.owner.instrumentIndex]!;
}

/** Whether an order belongs to a group or to a parent. */
function isBound({ ocoSequence, parentSequence }: OrderRecord): boolean {
  return ocoSequence !== 0 || parentSequence !== 0;
}

function isSameRun(left: OrderRecord, right: OrderRecord): boolean {
  return left.owner.runEpoch === right.owner.runEpoch;
}
