import type { EpochMs, OrderType } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { FeeProgress } from './fee-model.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { VenueAccount } from './venue-account.js';

/**
 * The venue's own state of one working order, beside the kernel's record, which it never changes. Quantities are integers at
 * the instrument's `quantityDecimals`. Pooled: valid until the order is done and the venue's method has returned.
 */
export class RestingOrder implements FeeProgress {
  order: OrderRecord;
  account: VenueAccount;
  slot: InstrumentSlot;
  direction: 1 | -1 = 1;
  orderType: OrderType = 'market';
  /** Ordered quantity after replaces and OCO reductions. */
  qty = 0;
  filled = 0;
  /** How much may be filled in total by now: `qty`, or less for a bracket child whose parent has not filled whole. */
  active = 0;
  limitPrice = Number.NaN;
  /** Trigger price; for a trailing stop the level it has been ratcheted to. */
  stopPrice = Number.NaN;
  expiresAt: EpochMs = Number.POSITIVE_INFINITY;
  /** From when on the market could have filled it. */
  workingSince: EpochMs = Number.NaN;
  /** Market event in which it began; it fills in a later one. */
  bornEvent = 0;
  /** Began through a fill inside the range of the bar under way, at `reference`. */
  isBornInRange = false;
  /** Market price when it began. */
  reference = Number.NaN;
  /** A stop whose price was reached. */
  isTriggered = false;
  /** Market event in which it was triggered. */
  triggeredEvent = 0;
  /** Has seen a market price without filling whole: from now on a limit gives liquidity. */
  hasRested = false;
  isImmediate = false;
  isFillOrKill = false;
  /** Lives to the end of its trading day. */
  isDay = false;
  isExpiryDue = false;
  isDone = false;

  // Set for each order; begun as doubles, which they become.
  feeQty = Number.NaN;
  feeValue = Number.NaN;
  feeCharged = Number.NaN;
  /** Units and value of the fill under way. */
  feeFillQty = Number.NaN;
  feeFillValue = Number.NaN;

  /** Ring of the orders of one OCO group. */
  ocoNext: RestingOrder | undefined = undefined;
  parent: RestingOrder | undefined = undefined;
  firstChild: RestingOrder | undefined = undefined;
  nextSibling: RestingOrder | undefined = undefined;
  /** Of an order that is done, and of an object that no order uses: the next such. */
  next: RestingOrder | undefined = undefined;
  /** Ordered quantity without OCO reductions: what shares of a bracket are measured on. */
  baseQty = 0;
  /** Part of `baseQty` that the parent's fills have released. */
  released = 0;

  constructor(order: OrderRecord, account: VenueAccount, slot: InstrumentSlot) {
    this.order = order;
    this.account = account;
    this.slot = slot;
  }

  /** Takes on another order, as if new. */
  reset(order: OrderRecord, account: VenueAccount, slot: InstrumentSlot): void {
    const { tif } = order;
    this.order = order;
    this.account = account;
    this.slot = slot;
    this.direction = order.side === 'buy' ? 1 : -1;
    this.orderType = order.orderType;
    this.qty = order.qtyScaled;
    this.baseQty = order.qtyScaled;
    this.active = order.qtyScaled;
    this.filled = 0;
    this.released = 0;
    this.limitPrice = order.limitPrice;
    this.stopPrice = order.stopPrice;
    this.isDay = tif === 'DAY';
    // Nearly every other order is good till cancelled, and is asked no further.
    const isLasting = this.isDay || tif === 'GTC';
    this.isFillOrKill = !isLasting && tif === 'FOK';
    this.isImmediate = !isLasting && (this.isFillOrKill || tif === 'IOC');
    this.isBornInRange = false;
    this.isTriggered = false;
    this.triggeredEvent = 0;
    this.hasRested = false;
    this.isExpiryDue = false;
    this.isDone = false;
    this.feeQty = 0;
    this.feeValue = 0;
    this.feeCharged = 0;
  }

  /** Whether it is bound by a limit price: never filled beyond it. */
  get isLimited(): boolean {
    return this.orderType === 'limit' || this.orderType === 'stop-limit';
  }

  /** Whether a price has reached the trigger from the right side. */
  isReached(price: number): boolean {
    return this.direction * (price - this.stopPrice) >= 0;
  }

  /** Whether a price is as good as the limit or better. */
  isMarketable(price: number): boolean {
    return this.direction * (this.limitPrice - price) >= 0;
  }

  /** Whether anything binds it to other orders. */
  get isLinked(): boolean {
    return this.ocoNext !== undefined || this.parent !== undefined || this.firstChild !== undefined;
  }
}
