import type { BarValues } from '@bookrunner/sdk';
import type { InstrumentSlot } from './instrument-slot.js';
import type { RestingOrder } from './resting-order.js';

/**
 * The prices between which the market of an instrument touches none of the orders that rest in it: an event of the market that
 * stays strictly inside leaves each of them as it is. There are no such prices while an order waits for its first price, takes any
 * price (a market order, a stop that was triggered) or follows the price (a trailing stop), while something waits for the end of a bar,
 * and where margins are watched.
 */
export class QuietRange {
  private readonly slot: InstrumentSlot;
  /** Whether an order rests, or something else asks for each price; false where any price will do, known or not. */
  isBounded = false;
  // Begun as infinities, so that they are doubles in place.
  private low = Number.NEGATIVE_INFINITY;
  private high = Number.POSITIVE_INFINITY;
  /** What the orders had been through when the range was worked out. */
  private changes = -1;

  constructor(slot: InstrumentSlot) {
    this.slot = slot;
  }

  /** Whether it was worked out before the last of the changes: their number is another one whenever something may have become of an order. */
  isOld(changes: number): boolean {
    return changes !== this.changes;
  }

  /** Whether prices from `low` to `high` touch no order. */
  holds(low: number, high: number, changes: number): boolean {
    if (this.isOld(changes)) {
      if (this.isAwaited) return false;
      this.#measure(changes);
    }
    return low > this.low && high < this.high;
  }

  /**
   * Whether no price of a whole bar touches an order, where the range is not old. A feed may give an open or a close that lies outside
   * of its bar's range: orders meet it all the same.
   */
  holdsBar(bar: BarValues): boolean {
    const { low, high } = this;
    return bar.low > low && bar.high < high && holdsPrice(bar.open, low, high) && holdsPrice(bar.close, low, high);
  }

  /** Whether the youngest order waits for its first price, as after most changes: then there is nothing to work out. */
  private get isAwaited(): boolean {
    const list = this.slot.resting;
    const last = list.length - 1;
    return last >= 0 && !list[last]!.hasRested;
  }

  /** Works it out anew where it is old. */
  renew(changes: number): void {
    if (this.isOld(changes)) this.#measure(changes);
  }

  /** The same at the end of a bar where no order rests and no margins are watched, as in most instruments: any price will do. */
  open(changes: number): void {
    this.changes = changes;
    if (this.isBounded === true) this.#open();
  }

  #measure(changes: number): void {
    const { resting: list, isRollDue, isExpiryDue, isMargined } = this.slot;
    this.changes = changes;
    this.#open();
    if (isRollDue || isExpiryDue || isMargined) return this.#close();
    // From the youngest, which may never have seen a price.
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const resting = list[index]!;
      if (heedsAnyPrice(resting)) return this.#close();
      this.isBounded = true;
      if (isActive(resting)) this.#keepOff(resting);
    }
  }

  /** Leaves all prices. */
  #open(): void {
    this.isBounded = false;
    this.low = Number.NEGATIVE_INFINITY;
    this.high = Number.POSITIVE_INFINITY;
  }

  /** Leaves no prices. */
  #close(): void {
    this.isBounded = true;
    this.low = Number.POSITIVE_INFINITY;
  }

  #keepOff(resting: RestingOrder): void {
    const isStop = resting.orderType === 'stop' || (resting.orderType === 'stop-limit' && !resting.isTriggered);
    const price = isStop ? resting.stopPrice : resting.limitPrice;
    const isAbove = resting.direction > 0 === isStop;
    if (isAbove && price < this.high) this.high = price;
    if (!isAbove && price > this.low) this.low = price;
  }
}

function holdsPrice(price: number, low: number, high: number): boolean {
  return price > low && price < high;
}

/** Whether an order changes with every price. One that waits for its parent has to have seen the market too: so it is kept. */
function heedsAnyPrice(resting: RestingOrder): boolean {
  if (!resting.hasRested) return true;
  if (!isActive(resting)) return false;
  const { orderType } = resting;
  if (resting.isImmediate || orderType === 'market' || orderType === 'trailing-stop') return true;
  return orderType === 'stop' && resting.isTriggered;
}

function isActive(resting: RestingOrder): boolean {
  return resting.active > resting.filled;
}
