import { fromScaled, toScaled } from '../../model/rounding.js';
import type { Order, OrderChange } from '../../model/order.js';
import type { EpochMs } from '../../model/time.js';

/** The market of one instrument: best prices and the units at hand there; infinite where nobody limits them. */
export interface PaperQuote {
  readonly ts: EpochMs;
  readonly bid: number;
  readonly ask: number;
  bidSize: number;
  askSize: number;
}

/** One order at the paper venue, from acceptance to its final report. Quantities are integers at the instrument's decimals. */
export class PaperOrder {
  readonly order: Order;
  readonly venueOrderId: string;
  readonly #decimals: number;
  #limitPrice: number;
  #stopPrice: number;
  #isTriggered = false;
  #leaves: number;
  #filled = 0;
  /** A child that waits for its parent's fill is held, and does not match. */
  isHeld: boolean;
  /** Cancels the timer of its expiry. */
  cancelExpiry: () => void = () => {};

  constructor(order: Order, options: { readonly venueOrderId: string; readonly quantityDecimals: number }) {
    this.order = order;
    this.venueOrderId = options.venueOrderId;
    this.#decimals = options.quantityDecimals;
    this.#limitPrice = order.limitPrice;
    this.#stopPrice = order.stopPrice;
    this.#leaves = toScaled(order.qty, this.#decimals);
    this.isHeld = order.parentId !== '';
  }

  /** Units still to fill. */
  get leavesQty(): number {
    return fromScaled(this.#leaves, this.#decimals);
  }

  /** Units of the order as they stand: filled and still to fill. */
  get qty(): number {
    return fromScaled(this.#leaves + this.#filled, this.#decimals);
  }

  get limitPrice(): number {
    return this.#limitPrice;
  }

  get stopPrice(): number {
    return this.#stopPrice;
  }

  /** Price at which it trades against a quote now; NaN where it does not. Moves a trailing stop, arms a stop-limit. */
  priceAgainst(quote: PaperQuote): number {
    const isBuy = this.order.side === 'buy';
    const price = isBuy ? quote.ask : quote.bid;
    const sign = isBuy ? 1 : -1;
    switch (this.order.orderType) {
      case 'market':
        return price;
      case 'limit':
        return this.#withinLimit(price, sign);
      case 'trailing-stop':
        this.#trail(price, sign);
        return sign * (price - this.#stopPrice) >= 0 ? price : Number.NaN;
      case 'stop':
        return sign * (price - this.#stopPrice) >= 0 ? price : Number.NaN;
      case 'stop-limit':
        this.#isTriggered ||= sign * (price - this.#stopPrice) >= 0;
        return this.#isTriggered ? this.#withinLimit(price, sign) : Number.NaN;
    }
  }

  /** Takes units off what is left. */
  fill(qty: number): void {
    const scaled = toScaled(qty, this.#decimals);
    this.#leaves -= scaled;
    this.#filled += scaled;
  }

  /** Lowers what is left by the units another order of its group filled; never below 0. */
  reduce(qty: number): void {
    this.#leaves = Math.max(0, this.#leaves - toScaled(qty, this.#decimals));
  }

  /** Applies a replace; false, and nothing changed, where the new quantity is not above what has filled. */
  change(change: OrderChange): boolean {
    const leaves = change.qty === undefined ? this.#leaves : toScaled(change.qty, this.#decimals) - this.#filled;
    if (!(leaves > 0)) return false;
    this.#leaves = leaves;
    this.#limitPrice = change.limitPrice ?? this.#limitPrice;
    this.#stopPrice = change.stopPrice ?? this.#stopPrice;
    return true;
  }

  #withinLimit(price: number, sign: number): number {
    return sign * (this.#limitPrice - price) >= 0 ? price : Number.NaN;
  }

  /** A buy's stop follows the ask down, a sell's the bid up. */
  #trail(price: number, sign: number): void {
    const stop = price + sign * this.order.trail;
    if (Number.isNaN(this.#stopPrice) || sign * (this.#stopPrice - stop) > 0) this.#stopPrice = stop;
  }
}
