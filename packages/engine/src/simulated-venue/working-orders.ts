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
  /** Bracket children that have begun so far. */
  births = 0;
  /** Earliest expiry; may be early after an order with that expiry has ended, never late. */
  nextExpiry: EpochMs = Number.POSITIVE_INFINITY;
  #count = 0;
  readonly #pool: RestingOrder[] = [];
  readonly #dirty: InstrumentSlot[] = [];

  constructor(slots: readonly InstrumentSlot[]) {
    this.slots = slots;
  }

  slotOf(resting: RestingOrder): InstrumentSlot {
    return this.slots[resting.instrumentIndex]!;
  }

  /** Adds an order at the end of its instrument's list. */
  place(order: OrderRecord, account: VenueAccount): RestingOrder {
    const resting = this.restore(order, account);
    const slot = this.slotOf(resting);
    resting.expiresAt = expiryOf(order, slot, this.now);
    if (resting.expiresAt < this.nextExpiry) this.nextExpiry = resting.expiresAt;
    this.begin(resting, slot);
    return resting;
  }

  /** Adds an order whose state comes from elsewhere. */
  restore(order: OrderRecord, account: VenueAccount): RestingOrder {
    const resting = this.#pool.pop() ?? new RestingOrder(order, account);
    resting.reset(order, account);
    this.slotOf(resting).resting.push(resting);
    this.#count += 1;
    return resting;
  }

  /** Makes an order work from now on: the market event under way does not fill it. */
  begin(resting: RestingOrder, slot: InstrumentSlot): void {
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
    const slot = this.slotOf(resting);
    slot.resting.splice(slot.resting.indexOf(resting), 1);
    slot.resting.push(resting);
    resting.hasRested = false;
    if (resting.active > resting.filled) this.begin(resting, slot);
  }

  /** Marks an order as done; it leaves the list at {@link compact}. */
  end(resting: RestingOrder): void {
    const slot = this.slotOf(resting);
    resting.isDone = true;
    if (slot.doneCount === 0) this.#dirty.push(slot);
    slot.doneCount += 1;
    this.#count -= 1;
    if (this.#count === 0) this.nextExpiry = Number.POSITIVE_INFINITY;
  }

  /** Removes what is done. Called at the end of the venue's methods, when nothing walks the lists. */
  compact(): void {
    while (this.#dirty.length > 0) {
      const slot = this.#dirty.pop()!;
      const list = slot.resting;
      let kept = 0;
      for (let index = 0; index < list.length; index += 1) {
        const resting = list[index]!;
        if (resting.isDone) {
          resting.unlink();
          this.#pool.push(resting);
        } else {
          list[kept] = resting;
          kept += 1;
        }
      }
      // Unlike setting the length to 0, popping keeps the memory for the next order.
      while (list.length > kept) list.pop();
      slot.doneCount = 0;
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

/** The trigger level of a trailing stop at a market price, on the grid of fill prices. */
export function trailingLevel(resting: RestingOrder, slot: InstrumentSlot, price: number): number {
  return slot.priceGrid.round(price + resting.direction * resting.trail);
}

function expiryOf(order: OrderRecord, slot: InstrumentSlot, now: EpochMs): EpochMs {
  if (order.tif === 'DAY') return slot.dayClose(now);
  return order.tif === 'GTD' ? order.expiresAt : Number.POSITIVE_INFINITY;
}
