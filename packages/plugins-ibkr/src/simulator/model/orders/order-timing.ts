import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { Market } from '../market/market.js';
import { parseInstant } from '../wall-clock.js';
import type { OrderRecord } from './order-record.js';
import { heedsOutsideRth, isAtClose } from './order-waits.js';

/** What the clock does to orders. */
export interface TimedEvents {
  /** The time of an order is over. */
  expire(order: OrderRecord): void;
  /** An order may have become one that trades. */
  wake(order: OrderRecord): void;
  /** The auction that an order was placed for. */
  auction(order: OrderRecord, kind: 'open' | 'close'): void;
}

/** Sets the clock for orders: ends, starts, openings and auctions. */
export class OrderTiming {
  readonly #clock: Clock;
  readonly #timeZone: string;
  readonly #events: TimedEvents;

  constructor(clock: Clock, timeZone: string, events: TimedEvents) {
    this.#clock = clock;
    this.#timeZone = timeZone;
    this.#events = events;
  }

  /** Plans everything for an order that was placed or changed; what was planned before is off. */
  plan(order: OrderRecord, market: Market): void {
    order.stopTimers();
    const now = this.#clock.nowUtc();
    const { tif, orderType, goodAfterTime, goodTillDate } = order.terms;
    if (tif === 'GTD') this.#at(order, parseInstant(goodTillDate, this.#timeZone), () => this.#events.expire(order));
    if (goodAfterTime !== '')
      this.#at(order, parseInstant(goodAfterTime, this.#timeZone), () => this.#events.wake(order));
    if (isAtClose(orderType)) {
      this.#at(order, market.hours.regularClose(now), () => this.#events.auction(order, 'close'));
    } else if (tif === 'OPG') {
      this.#at(order, market.hours.nextOpen(now, true), () => this.#events.auction(order, 'open'));
    } else {
      const start = this.#isOpen(order, market) ? now : this.nextStart(order, market);
      // An order placed after the close is one of the next day.
      if (tif === 'DAY') this.#at(order, market.hours.dayEnd(start), () => this.#events.expire(order));
      if (start > now) this.#at(order, start, () => this.#events.wake(order));
    }
  }

  /** When an order that waits for hours may trade. */
  nextStart(order: OrderRecord, market: Market): EpochMs {
    return market.hours.nextOpen(this.#clock.nowUtc(), !this.#tradesOutside(order));
  }

  #isOpen(order: OrderRecord, market: Market): boolean {
    const now = this.#clock.nowUtc();
    return this.#tradesOutside(order) ? market.hours.isTrading(now) : market.hours.isRegular(now);
  }

  #tradesOutside({ terms }: OrderRecord): boolean {
    return terms.outsideRth && heedsOutsideRth(terms.orderType);
  }

  #at(order: OrderRecord, ts: EpochMs, callback: () => void): void {
    if (!Number.isNaN(ts)) order.timers.push(this.#clock.callAt(ts, callback));
  }
}
