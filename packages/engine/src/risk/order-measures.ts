import type { OrderRequest, PortfolioView } from '@bookrunner/sdk';
import type { SymbolLimits } from './symbol-limits.js';
import type { RiskReason } from './reasons.js';
import type { StandardRiskOptions } from './standard-risk-options.js';

/** The caps that leave room for a part of an order. */
export class OrderCaps {
  // Fractions first, as in SymbolLimits.
  readonly maxLeverage: number = 0.5;
  readonly maxOrderValue: number = 0.5;
  /** No positions below 0. Named so that it is nearly always false: of a flag that is true V8 asks more than of one that is false. */
  readonly isLongOnly: boolean;

  constructor({ maxLeverage, maxOrderValue = Number.POSITIVE_INFINITY, shortAllowed }: StandardRiskOptions) {
    this.maxLeverage = maxLeverage;
    this.maxOrderValue = maxOrderValue;
    this.isLongOnly = !shortAllowed;
  }
}

/** A view of the engine's own, which knows more than policies of others may ask for. */
export interface BoundedView extends PortfolioView {
  /** What `grossExposure` is surely not above, and cheap; NaN or absent where that is not known. */
  readonly exposureBound?: number;
}

/**
 * What one check measures an order by: one object per policy, filled anew for each order, so that a check allocates nothing.
 * Quantities are units along the order's direction. Working orders against that direction are taken not to fill.
 */
export class OrderMeasures {
  qty = Number.NaN;
  direction = Number.NaN;
  /** Position and working orders along the order's direction; negative where they point the other way. */
  along = Number.NaN;
  /** Units the order may close before it adds any. */
  closing = Number.NaN;
  /** Units held or working along the order's direction already. */
  held = Number.NaN;
  /** Money of one unit at the last price, and at the worst of the last price and the order's own. */
  unitMoney = Number.NaN;
  orderUnitMoney = Number.NaN;
  equity = Number.NaN;
  /** That of the scope, or what it is not above where {@link isBounded}. */
  grossExposure = Number.NaN;
  isBounded = false;
  /** Largest quantity the caps allow, and the cap that says so where it is less than was asked. */
  room = Number.NaN;
  reason: RiskReason = 'RISK_UNITS';

  /** The part of the order that only closes what is held; it passes every cap. */
  get reducing(): number {
    return Math.min(this.qty, this.closing);
  }

  read(order: OrderRequest, view: BoundedView): void {
    const { symbol, limitPrice, stopPrice } = order;
    const direction = order.side === 'buy' ? 1 : -1;
    const working = direction * view.working(symbol);
    const along = direction * view.position(symbol) + (working < 0 ? 0 : working);
    const price = view.price(symbol);
    const unitValue = view.unitValue(symbol);
    let worst = Math.abs(price);
    if (limitPrice > worst) worst = limitPrice;
    if (stopPrice > worst) worst = stopPrice;
    this.qty = order.qty;
    this.direction = direction;
    this.along = along;
    this.closing = along < 0 ? -along : 0;
    this.held = along > 0 ? along : 0;
    this.unitMoney = Math.abs(price) * unitValue;
    this.orderUnitMoney = worst * unitValue;
    this.equity = view.equity;
    const bound = view.exposureBound ?? Number.NaN;
    this.isBounded = bound === bound;
    this.grossExposure = bound === bound ? bound : view.grossExposure;
  }

  /** Takes the exposure itself, where a bound of it does not say enough. */
  readExposure(view: PortfolioView): void {
    this.isBounded = false;
    this.grossExposure = view.grossExposure;
  }

  /**
   * Finds `room`, and `reason` where it is less than the order; the numbers read have to be known. Of equal caps the first named here
   * wins. Written out, because doubles handed to a call that is not inlined are allocated.
   */
  findRoom(caps: OrderCaps, limits: SymbolLimits): void {
    const { closing, held, orderUnitMoney, equity } = this;
    const heldMoney = held * this.unitMoney;
    const otherExposure = Math.max(0, this.grossExposure - closing * this.unitMoney);
    const byUnits = closing + limits.maxUnits - held;
    const byValue = closing + (limits.maxValue - heldMoney) / orderUnitMoney;
    const byWeight = closing + (limits.maxWeight * equity - heldMoney) / orderUnitMoney;
    const byLeverage = closing + (caps.maxLeverage * equity - otherExposure) / orderUnitMoney;
    const byOrder = caps.maxOrderValue / orderUnitMoney;
    const byShort = caps.isLongOnly && this.direction < 0 ? closing - held : Number.POSITIVE_INFINITY;
    const room = Math.min(byShort, byUnits, byValue, byWeight, byLeverage, byOrder);
    this.room = room;
    if (room >= this.qty) return;
    if (room === byShort) this.reason = 'RISK_SHORT';
    else if (room === byUnits) this.reason = 'RISK_UNITS';
    else if (room === byValue) this.reason = 'RISK_VALUE';
    else if (room === byWeight) this.reason = 'RISK_WEIGHT';
    else this.reason = room === byLeverage ? 'RISK_LEVERAGE' : 'RISK_ORDER_VALUE';
  }
}
