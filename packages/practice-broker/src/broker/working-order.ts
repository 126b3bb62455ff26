import { fromScaled, toScaled } from '@bookrunner/sdk';
import type { Order, OrderChange, VenueOpenOrder } from '@bookrunner/sdk';
import type { Quote } from './market.js';

/** Where an order stands at the broker. */
export type BrokerOrderStatus = 'working' | 'filled' | 'cancelled' | 'rejected' | 'expired';

/** One order at the broker. Quantities inside are whole numbers at the instrument's decimals. */
export class WorkingOrder {
  readonly order: Order;
  readonly venueOrderId: string;
  status: BrokerOrderStatus = 'working';
  /** Stops the timer of its expiry. */
  stopExpiry: () => void = () => undefined;
  readonly #decimals: number;
  #qty: number;
  #filled = 0;
  #limitPrice: number;
  #stopPrice: number;
  #isTriggered = false;

  constructor(order: Order, venueOrderId: string, quantityDecimals: number) {
    this.order = order;
    this.venueOrderId = venueOrderId;
    this.#decimals = quantityDecimals;
    this.#qty = toScaled(order.qty, quantityDecimals);
    this.#limitPrice = order.limitPrice;
    this.#stopPrice = order.stopPrice;
  }

  get qty(): number {
    return fromScaled(this.#qty, this.#decimals);
  }

  get filledQty(): number {
    return fromScaled(this.#filled, this.#decimals);
  }

  get leavesQty(): number {
    return fromScaled(this.#qty - this.#filled, this.#decimals);
  }

  get limitPrice(): number {
    return this.#limitPrice;
  }

  get stopPrice(): number {
    return this.#stopPrice;
  }

  fill(qty: number): void {
    this.#filled += toScaled(qty, this.#decimals);
  }

  /** Leaves at most this many units to fill; whether that changed anything. */
  leaveAtMost(qty: number): boolean {
    const most = this.#filled + Math.max(0, toScaled(qty, this.#decimals));
    if (this.#qty <= most) return false;
    this.#qty = most;
    return true;
  }

  /** Changes what is named; false, and nothing changed, where no units would be left. */
  replace(change: OrderChange): boolean {
    const qty = change.qty === undefined ? this.#qty : toScaled(change.qty, this.#decimals);
    if (!(qty > this.#filled)) return false;
    this.#qty = qty;
    this.#limitPrice = change.limitPrice ?? this.#limitPrice;
    this.#stopPrice = change.stopPrice ?? this.#stopPrice;
    return true;
  }

  /** The price at which it trades now; NaN where it does not. A stop that was reached stays triggered, a trailing one follows. */
  priceAt(quote: Quote): number {
    const sign = this.order.side === 'buy' ? 1 : -1;
    const price = sign === 1 ? quote.ask : quote.bid;
    if (!Number.isFinite(price)) return Number.NaN;
    return this.#isReached(price, sign) && this.#isInside(price, sign) ? price : Number.NaN;
  }

  /** Whether a stop was reached, now or before; what is no stop always is. */
  #isReached(price: number, sign: number): boolean {
    const { orderType, trail } = this.order;
    if (orderType === 'market' || orderType === 'limit') return true;
    if (orderType === 'trailing-stop' && !this.#isTriggered) {
      const level = price + sign * trail;
      if (!(sign * (level - this.#stopPrice) >= 0)) this.#stopPrice = level;
    }
    this.#isTriggered ||= sign * (price - this.#stopPrice) >= 0;
    return this.#isTriggered;
  }

  #isInside(price: number, sign: number): boolean {
    const { orderType } = this.order;
    return (orderType !== 'limit' && orderType !== 'stop-limit') || sign * (this.#limitPrice - price) >= 0;
  }

  /** As a snapshot lists it. */
  toOpenOrder(): VenueOpenOrder {
    const { clientOrderId, symbol, account, tag, side, orderType } = this.order;
    const { venueOrderId, qty, leavesQty, limitPrice, stopPrice } = this;
    return {
      clientOrderId,
      symbol,
      account,
      venueOrderId,
      tag,
      side,
      orderType,
      qty,
      leavesQty,
      limitPrice,
      stopPrice,
    };
  }
}
