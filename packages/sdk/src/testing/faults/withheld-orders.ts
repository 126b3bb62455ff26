import type { Order, OrderRef } from '../../model/order.js';
import type { VenueOpenOrder } from '../../model/venue-report.js';

/** Orders a faulty venue has accepted itself, to reject them: the inner venue never hears of them. */
export class WithheldOrders {
  readonly #open = new Map<string, VenueOpenOrder>();
  readonly #known = new Set<string>();

  /** Takes an order in; answers it as an open order, with an id that no venue gave. */
  accept(order: Order): VenueOpenOrder {
    const { clientOrderId, symbol, account, tag, side, orderType, qty, limitPrice, stopPrice } = order;
    this.#known.add(clientOrderId);
    const venueOrderId = `withheld-${this.#known.size}`;
    const terms = { side, orderType, qty, leavesQty: qty, limitPrice, stopPrice };
    const open = { clientOrderId, symbol, account, tag, venueOrderId, ...terms };
    this.#open.set(clientOrderId, open);
    return open;
  }

  /** Whether such an order was ever withheld. */
  knows(ref: OrderRef): boolean {
    return this.#known.has(ref.clientOrderId);
  }

  /** Ends an order; undefined where it has ended already. */
  end(ref: OrderRef): VenueOpenOrder | undefined {
    const open = this.#open.get(ref.clientOrderId);
    this.#open.delete(ref.clientOrderId);
    return open;
  }

  /** Those not yet rejected. */
  get open(): readonly VenueOpenOrder[] {
    return [...this.#open.values()];
  }
}
