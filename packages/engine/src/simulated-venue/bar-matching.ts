import type { BarValues } from '@bookrunner/sdk';
import type { InstrumentSlot } from './instrument-slot.js';
import type { SimulatedVenueOptions } from './options.js';
import { ratchet, type MatchingParts } from './point-matching.js';
import type { RestingOrder } from './resting-order.js';

/**
 * Matches orders with the range of a bar, whose open has been matched before, on the pessimistic path. The rule, exactly:
 *
 * 1. Market orders, IOC and FOK wait for the next open. 2. Stops whose price lies between low and high fill first, in order of
 * arrival, at the stop. 3. Then limits whose price lies between low and high, in order of arrival, at the limit. 4. Where fills
 * made bracket children work, 2 and 3 are done again. 5. An order that began inside the bar (a child of a fill in the range, or
 * protection sent after the open) takes only its adverse part: a stop fills if the bar's range touches it, a limit only if the
 * close is at or beyond it. Other orders sent after the open wait for the next bar. 6. A stop-limit triggered in the range fills
 * at the stop if that is within the limit, else only if the close is within the limit. 7. A trailing stop is tested with the level
 * it had at the open, then ratcheted by the favourable extreme, then tested with the close. 8. A DAY order whose day ends inside or
 * with the bar takes part; a GTD order whose life ends inside the bar does not.
 */
export class BarMatching {
  private readonly parts: MatchingParts;
  private readonly needsThrough: boolean;

  constructor(options: SimulatedVenueOptions, parts: MatchingParts) {
    this.parts = parts;
    this.needsThrough = options.limitFill === 'through';
  }

  matchRange(slot: InstrumentSlot, bar: BarValues): void {
    const { orders } = this.parts;
    const list = slot.resting;
    orders.event += 1;
    slot.isInRange = true;
    do this.#matchStops(slot, bar);
    while (this.#matchLimits(slot, bar));
    for (let index = 0; index < list.length; index += 1) this.#finishTrailing(list[index]!, slot, bar);
    slot.isInRange = false;
    for (let index = 0; index < list.length; index += 1) {
      const resting = list[index]!;
      if (resting.isBornInRange) resting.isBornInRange = false;
      else if (isWhole(resting, slot)) resting.hasRested = true;
    }
  }

  #matchStops(slot: InstrumentSlot, bar: BarValues): void {
    const { orders } = this.parts;
    const list = slot.resting;
    for (let index = 0, births = orders.births; index < list.length; index += 1) {
      this.#matchStop(list[index]!, slot, bar);
      if (orders.births === births) continue;
      // A child that arrived before its parent is tested too.
      births = orders.births;
      index = -1;
    }
  }

  /** Stops at the first fill that makes children work and says so: their stops come before any further limit. */
  #matchLimits(slot: InstrumentSlot, bar: BarValues): boolean {
    const { orders } = this.parts;
    const list = slot.resting;
    const births = orders.births;
    for (let index = 0; index < list.length; index += 1) {
      this.#matchLimit(list[index]!, slot, bar);
      if (orders.births !== births) return true;
    }
    return false;
  }

  #matchStop(resting: RestingOrder, slot: InstrumentSlot, bar: BarValues): void {
    if (!isStop(resting) || resting.isTriggered || !takesPart(resting, slot)) return;
    const direction = resting.direction;
    if (!resting.isReached(direction > 0 ? bar.high : bar.low)) return;
    const price = worseOf(resting, isWhole(resting, slot) ? bar.open : resting.reference);
    resting.isTriggered = true;
    resting.triggeredEvent = this.parts.orders.event;
    if (resting.orderType !== 'stop-limit') this.parts.executions.fill(resting, price, false);
    else if (resting.isMarketable(price)) this.parts.executions.fill(resting, price, false);
    else if (this.#isWithin(resting, bar.close)) this.parts.executions.fill(resting, resting.limitPrice, true);
  }

  #matchLimit(resting: RestingOrder, slot: InstrumentSlot, bar: BarValues): void {
    if (!resting.isLimited || resting.isImmediate || !takesPart(resting, slot)) return;
    if (
      resting.orderType === 'stop-limit' &&
      (!resting.isTriggered || resting.triggeredEvent === this.parts.orders.event)
    )
      return;
    const { executions } = this.parts;
    if (!isWhole(resting, slot)) {
      if (this.#isWithin(resting, bar.close)) executions.fill(resting, resting.limitPrice, true);
    } else if (!resting.hasRested && resting.isMarketable(bar.open)) {
      executions.fill(resting, bar.open, false);
    } else if (this.#isWithin(resting, resting.direction > 0 ? bar.low : bar.high)) {
      executions.fill(resting, resting.limitPrice, true);
    }
  }

  #finishTrailing(resting: RestingOrder, slot: InstrumentSlot, bar: BarValues): void {
    if (resting.orderType !== 'trailing-stop' || resting.isTriggered || !takesPart(resting, slot)) return;
    const favourable = resting.direction > 0 ? bar.low : bar.high;
    // An order that began inside the bar may not have seen the extreme; it has seen the close.
    ratchet(resting, slot, isWhole(resting, slot) ? favourable : bar.close);
    if (!resting.isReached(bar.close)) return;
    resting.isTriggered = true;
    this.parts.executions.fill(resting, resting.stopPrice, false);
  }

  /** Whether a price reaches a limit, or goes through it where the options ask for that. */
  #isWithin(resting: RestingOrder, price: number): boolean {
    return resting.isMarketable(price) && !(this.needsThrough && price === resting.limitPrice);
  }
}

/** Whether the order saw the whole bar. */
function isWhole(resting: RestingOrder, slot: InstrumentSlot): boolean {
  return !resting.isBornInRange && resting.workingSince <= slot.barStart;
}

/** Whether the order may fill in the range of the bar under way at all. */
function takesPart(resting: RestingOrder, slot: InstrumentSlot): boolean {
  if (resting.isDone || resting.active <= resting.filled) return false;
  const { purpose, parentSequence, tif } = resting.order;
  // A DAY order lives as long as the market of its day; a GTD order may end at any instant inside the bar.
  if (resting.isExpiryDue && tif === 'GTD') return false;
  return isWhole(resting, slot) || purpose === 'protection' || parentSequence !== 0;
}

function isStop(resting: RestingOrder): boolean {
  const type = resting.orderType;
  return type === 'stop' || type === 'stop-limit' || type === 'trailing-stop';
}

/** The stop price, or where the market stood if it was beyond it when the order began. */
function worseOf(resting: RestingOrder, start: number): number {
  return resting.direction * (start - resting.stopPrice) > 0 ? start : resting.stopPrice;
}
