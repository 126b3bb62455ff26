import type { EpochMs } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { InstrumentSlot } from './instrument-slot.js';
import { RestingOrder } from './resting-order.js';
import type { VenueAccount } from './venue-account.js';

/** All orders working at the venue, per instrument in order of arrival; and the venue's time, which its parts share. */
export class WorkingOrders {
  readonly slots: readonly InstrumentSlot[];
  /** Instant of the event under way. */
  now: EpochMs = Number.NEGATIVE_INFINITY;
  /** Number of the market event under way. */
  event = 0;
  /** How many times something may have become of an order. */
  changes = 0;
  /** Bracket children that have begun so far. */
  births = 0;
  /** Earliest expiry; may be early after an order with that expiry has ended, never late. */
  nextExpiry: EpochMs = Number.POSITIVE_INFINITY;
  private count = 0;
  /** First of the orders that are done and still in their list, and first of the objects that no order uses; each leads to the next. */
  private done: RestingOrder | undefined = undefined;
  private free: RestingOrder | undefined = undefined;

  constructor(slots: readonly InstrumentSlot[]) {
    this.slots = slots;
  }

  /** Adds an order at the end of its instrument's list. */
  place(order: OrderRecord, account: VenueAccount, slot: InstrumentSlot): RestingOrder {
    const resting = this.restore(order, account, slot);
    resting.expiresAt = resting.isDay ? slot.dayClose(this.now) : expiryOf(order);
    if (resting.expiresAt < this.nextExpiry) this.nextExpiry = resting.expiresAt;
    this.begin(resting);
    return resting;
  }

  /** Adds an order whose state comes from elsewhere. */
  restore(order: OrderRecord, account: VenueAccount, slot: InstrumentSlot): RestingOrder {
    const resting = this.free ?? new RestingOrder(order, account, slot);
    this.free = resting.next;
    resting.reset(order, account, slot);
    const list = slot.resting;
    // Not a push: V8 calls that as a function where it has met arrays of more kinds than one.
    list[list.length] = resting;
    this.count += 1;
    return resting;
  }

  /** Makes an order work from now on: the market event under way does not fill it. */
  begin(resting: RestingOrder): void {
    const { slot } = resting;
    resting.workingSince = this.now;
    resting.bornEvent = this.event;
    resting.reference = slot.last;
    resting.isBornInRange = slot.isInRange;
    const { trail } = resting.order;
    // Hardly any order has a distance to trail by: comparing numbers is less than comparing texts.
    if (trail === trail && resting.orderType === 'trailing-stop' && Number.isNaN(resting.stopPrice))
      resting.stopPrice = trailingLevel(resting, slot, slot.last);
  }

  /** The working order of a record; undefined if there is none. */
  find(order: OrderRecord): RestingOrder | undefined {
    const list = this.slots[order.owner.instrumentIndex]?.resting;
    if (list === undefined) return undefined;
    for (let index = 0; index < list.length; index += 1) {
      const resting = list[index]!;
      if (resting.order === order && !resting.isDone) return resting;
    }
    return undefined;
  }

  /** The first working order that a test accepts, in any instrument. */
  search(accepts: (resting: RestingOrder) => boolean): RestingOrder | undefined {
    for (const slot of this.slots) {
      for (const resting of slot.resting) {
        if (!resting.isDone && accepts(resting)) return resting;
      }
    }
    return undefined;
  }

  /** Moves an order to the end of its list, as after a change that costs it its place. */
  requeue(resting: RestingOrder): void {
    const list = resting.slot.resting;
    list.splice(list.indexOf(resting), 1);
    list.push(resting);
    resting.hasRested = false;
    if (resting.active > resting.filled) this.begin(resting);
  }

  /** Marks an order as done, which nothing binds to others any more; it leaves the list at {@link compact}. */
  end(resting: RestingOrder): void {
    resting.isDone = true;
    resting.next = this.done;
    this.done = resting;
    this.count -= 1;
    if (this.count === 0) this.nextExpiry = Number.POSITIVE_INFINITY;
  }

  /** Removes what is done. Called at the end of the venue's methods, when nothing walks the lists. */
  compact(): void {
    for (let resting = this.done; resting !== undefined; resting = this.done) {
      this.done = resting.next;
      remove(resting.slot.resting, resting);
      resting.next = this.free;
      this.free = resting;
    }
  }

  /** Finds the earliest expiry anew, leaving out orders that wait for the end of their bar. */
  refreshExpiry(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const slot of this.slots) {
      for (const resting of slot.resting) {
        if (!resting.isDone && !resting.isExpiryDue && resting.expiresAt < next) next = resting.expiresAt;
      }
    }
    this.nextExpiry = next;
  }
}

/** From the end: what is done is mostly the only order, or the last. Unlike setting the length, popping keeps the memory. */
function remove(list: RestingOrder[], resting: RestingOrder): void {
  let place = list.length - 1;
  while (place >= 0 && list[place] !== resting) place -= 1;
  for (let later = place + 1; later < list.length; later += 1) list[later - 1] = list[later]!;
  list.pop();
}

/** The trigger level of a trailing stop at a market price, on the grid of fill prices. */
export function trailingLevel(resting: RestingOrder, slot: InstrumentSlot, price: number): number {
  return slot.priceGrid.round(price + resting.direction * resting.order.trail);
}

function expiryOf(order: OrderRecord): EpochMs {
  const { expiresAt } = order;
  // Most orders name none: comparing numbers is less than comparing texts.
  return expiresAt === expiresAt && order.tif === 'GTD' ? expiresAt : Number.POSITIVE_INFINITY;
}
