import type { RestingOrder } from './resting-order.js';

/**
 * The prices between which the market of an instrument touches none of the orders that rest in it: an event of the market that
 * stays strictly inside leaves each of them as it is. There are no such prices while an order waits for its first price, takes any
 * price (a market order, a stop that was triggered) or follows the price (a trailing stop).
 */
export class QuietRange {
  private readonly resting: readonly RestingOrder[];
  #low = Number.NEGATIVE_INFINITY;
  #high = Number.POSITIVE_INFINITY;
  // What the orders had been through when the range was worked out.
  #changes = -1;

  constructor(resting: readonly RestingOrder[]) {
    this.resting = resting;
  }

  /** Whether prices from `low` to `high` touch no order. `changes` is another number whenever something may have become of one. */
  holds(low: number, high: number, changes: number): boolean {
    if (changes !== this.#changes) this.#measure(changes);
    return low > this.#low && high < this.#high;
  }

  #measure(changes: number): void {
    const list = this.resting;
    this.#changes = changes;
    this.#low = Number.NEGATIVE_INFINITY;
    this.#high = Number.POSITIVE_INFINITY;
    // From the youngest, which may never have seen a price.
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const resting = list[index]!;
      if (heedsAnyPrice(resting)) {
        this.#low = Number.POSITIVE_INFINITY;
        return;
      }
      if (isActive(resting)) this.#keepOff(resting);
    }
  }

  #keepOff(resting: RestingOrder): void {
    const isStop = resting.orderType === 'stop' || (resting.orderType === 'stop-limit' && !resting.isTriggered);
    const price = isStop ? resting.stopPrice : resting.limitPrice;
    const isAbove = resting.direction > 0 === isStop;
    if (isAbove && price < this.#high) this.#high = price;
    if (!isAbove && price > this.#low) this.#low = price;
  }
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
