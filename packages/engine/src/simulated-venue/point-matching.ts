import type { Executions } from './executions.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { OrderLinks } from './order-links.js';
import type { SimulatedVenueOptions } from './options.js';
import type { RestingOrder } from './resting-order.js';
import { trailingLevel, type WorkingOrders } from './working-orders.js';

/** The parts of a venue that match orders with the market. */
export interface MatchingParts {
  readonly orders: WorkingOrders;
  readonly links: OrderLinks;
  readonly executions: Executions;
}

/** Whether the price is the open of a bar, and whether it is the first that the order sees. */
interface Look {
  readonly isOpen: boolean;
  readonly isFirst: boolean;
}

/** Matches orders with a single price: the open of a bar, a tick, or the price just closed. In order of arrival. */
export class PointMatching {
  private readonly parts: MatchingParts;
  private readonly isCrossing: boolean;
  private readonly needsThrough: boolean;

  constructor(options: SimulatedVenueOptions, parts: MatchingParts) {
    this.parts = parts;
    this.isCrossing = options.fill === 'cross-spread';
    this.needsThrough = options.limitFill === 'through';
  }

  /** Matches the open of a bar with the orders that worked at `since` or before. A gap fills at the open, for better or worse. */
  matchOpen(slot: InstrumentSlot, open: number, since: number): void {
    const list = slot.resting;
    const event = (this.parts.orders.event += 1);
    for (let index = 0; index < list.length; index += 1) {
      const resting = list[index]!;
      if (isReady(resting, event) && resting.workingSince <= since) this.matchOrder(resting, open, true);
    }
  }

  /** Matches a tick: `trade` is its trade price or NaN; quotes are those of the slot. */
  matchTick(slot: InstrumentSlot, trade: number): void {
    const list = slot.resting;
    const event = (this.parts.orders.event += 1);
    for (let index = 0; index < list.length; index += 1) {
      const resting = list[index]!;
      if (!isReady(resting, event)) continue;
      const price = this.priceFor(slot, resting.direction, trade);
      if (price === price) this.matchOrder(resting, price, false);
    }
  }

  /** What an order of a direction would trade at; NaN where the data does not say. */
  priceFor(slot: InstrumentSlot, direction: 1 | -1, trade: number): number {
    if (this.isCrossing) {
      const quote = direction > 0 ? slot.ask : slot.bid;
      if (quote === quote) return quote;
    }
    return trade === trade ? trade : (slot.bid + slot.ask) / 2;
  }

  /**
   * Matches one order with one price. An order that sees its first price takes liquidity at it. Later a limit order gives
   * liquidity: at the open of a bar it fills at the open, which may be better than its limit, at a tick at its limit.
   */
  matchOrder(resting: RestingOrder, price: number, isOpen: boolean): void {
    const { executions, links } = this.parts;
    const isFirst = !resting.hasRested;
    resting.hasRested = true;
    if (resting.orderType === 'market') executions.fill(resting, price, false);
    else this.#matchPriced(resting, price, { isOpen, isFirst });
    if (resting.isImmediate && !resting.isDone) {
      links.cancel(resting, resting.isFillOrKill ? 'FOK_NOT_FILLABLE' : 'IOC_REMAINDER');
    }
  }

  #matchPriced(resting: RestingOrder, price: number, look: Look): void {
    switch (resting.orderType) {
      case 'trailing-stop':
        ratchet(resting, resting.slot, price);
        this.#matchStop(resting, price);
        break;
      case 'stop':
        this.#matchStop(resting, price);
        break;
      case 'stop-limit':
        this.#matchStopLimit(resting, price, look);
        break;
      default:
        this.#matchLimit(resting, price, look);
    }
  }

  #matchStopLimit(resting: RestingOrder, price: number, look: Look): void {
    if (resting.isTriggered) return this.#matchLimit(resting, price, look);
    if (!resting.isReached(price)) return;
    resting.isTriggered = true;
    resting.triggeredEvent = this.parts.orders.event;
    this.#matchLimit(resting, price, { isOpen: look.isOpen, isFirst: true });
  }

  #matchStop(resting: RestingOrder, price: number): void {
    if (!resting.isTriggered && !resting.isReached(price)) return;
    resting.isTriggered = true;
    this.parts.executions.fill(resting, price, false);
  }

  #matchLimit(resting: RestingOrder, price: number, look: Look): void {
    if (!resting.isMarketable(price)) return;
    const { executions } = this.parts;
    if (look.isFirst) executions.fill(resting, price, false);
    else if (this.needsThrough && price === resting.limitPrice) return;
    else executions.fill(resting, look.isOpen ? price : resting.limitPrice, true);
  }
}

/** Whether an order may fill in a market event: it works, and began before the event. */
export function isReady(resting: RestingOrder, event: number): boolean {
  return !resting.isDone && resting.active > resting.filled && resting.bornEvent !== event;
}

/** Moves the level of a trailing stop after a price that is favourable; a level never moves back. */
export function ratchet(resting: RestingOrder, slot: InstrumentSlot, price: number): void {
  if (resting.isTriggered) return;
  const level = trailingLevel(resting, slot, price);
  const isBetter = resting.direction * (resting.stopPrice - level) > 0;
  if (isBetter || Number.isNaN(resting.stopPrice)) resting.stopPrice = level;
}
