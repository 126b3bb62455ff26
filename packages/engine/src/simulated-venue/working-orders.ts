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
  #count = 0;
  // Entries beyond the count are in use: an array that shrinks and grows would be allocated anew.
  readonly #pool: RestingOrder[] = [];
  #pooled = 0;
  /** First of the instruments with orders that are done; they form a list. */
  #dirty: InstrumentSlot | undefined;

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
    const resting = this.#take() ?? new RestingOrder(order, account, slot);
    resting.reset(order, account, slot);
    // Not a push: V8 calls it as a function where arrays have been of more kinds than one.
    slot.resting[slot.resting.length] = resting;
    this.#count += 1;
    return resting;
  }

  #take(): RestingOrder | undefined {
    if (this.#pooled === 0) return undefined;
    this.#pooled -= 1;
    return this.#pool[this.#pooled];
  }

  /** Makes an order work from now on: the market event under way does not fill it. */
  begin(resting: RestingOrder): void {
    const { slot } = resting;
    resting.workingSince = this.now;
    resting.bornEvent = this.event;
    resting.reference = slot.last;
    resting.isBornInRange = slot.isInRange;
    if (resting.orderType !== 'trailing-stop' || resting.stopPrice === resting.stopPrice) return;
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

  /** Marks an order as done; it leaves the list at {@link compact}. */
  end(resting: RestingOrder): void {
    const { slot } = resting;
    resting.isDone = true;
    if (!slot.hasDone) {
      slot.hasDone = true;
      slot.nextDirty = this.#dirty;
      this.#dirty = slot;
    }
    this.#count -= 1;
    if (this.#count === 0) this.nextExpiry = Number.POSITIVE_INFINITY;
  }

  /** Removes what is done. Called at the end of the venue's methods, when nothing walks the lists. */
  compact(): void {
    while (this.#dirty !== undefined) {
      const slot = this.#dirty;
      this.#dirty = slot.nextDirty;
      slot.nextDirty = undefined;
      slot.hasDone = false;
      this.#compact(slot.resting);
    }
  }

  #compact(list: RestingOrder[]): void {
    let kept = 0;
    for (let index = 0; index < list.length; index += 1) {
      const resting = list[index]!;
      if (resting.isDone) {
        resting.unlink();
        this.#pool[this.#pooled] = resting;
        this.#pooled += 1;
      } else {
        list[kept] = resting;
        kept += 1;
      }
    }
    // Unlike setting the length to 0, popping keeps the memory for the next order.
    while (list.length > kept) list.pop();
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

/** The trigger level of a trailing stop at a market price, on the grid of fill prices. */
export function trailingLevel(resting: RestingOrder, slot: InstrumentSlot, price: number): number {
  return slot.priceGrid.round(price + resting.direction * resting.trail);
}

function expiryOf(order: OrderRecord): EpochMs {
  return order.tif === 'GTD' ? order.expiresAt : Number.POSITIVE_INFINITY;
}
