import type { HaltDecision, OrderRequest, PortfolioView, RiskDecision, RiskPolicy } from '@bookrunner/sdk';
import { lotFloor } from './lot-floor.js';
import { OrderCaps, OrderMeasures } from './order-measures.js';
import { collarDistanceBps, isBeyondCollar } from './price-collar.js';
import { reasonText, type RiskReason } from './reasons.js';
import type { StandardRiskOptions } from './standard-risk-options.js';
import { SymbolLimitTable, type SymbolLimits } from './symbol-limits.js';

/** The decision of nearly every check, shared so that approving allocates nothing. */
export const APPROVED: RiskDecision = Object.freeze({ kind: 'approve' });

/** The numbers a broken limit compared. */
type Compared = readonly [value: number, limit: number];

/** A broken limit. */
interface Breach {
  readonly reason: RiskReason;
  readonly compared: Compared;
}

/**
 * The limits of one scope: leverage, day loss, per-symbol caps, order value, order rate, working orders, shorts, price collar.
 *
 * An order that only reduces passes all of them but the collar. Of an order that crosses zero the reducing part always passes.
 * A cap trims what adds risk to what fits, rounded down to the lot; nothing left is a refusal. Of several caps the tightest is
 * named. Reaching a cap exactly is allowed; counts and the day loss stop at the limit. What is not known refuses new risk.
 */
export class StandardRiskPolicy implements RiskPolicy {
  readonly asksFromLossBps: number;
  private readonly options: StandardRiskOptions;
  private readonly limits: SymbolLimitTable;
  private readonly caps: OrderCaps;
  // Filled anew by every check; nothing in it outlives the call.
  private readonly measures = new OrderMeasures();

  constructor(options: StandardRiskOptions) {
    this.options = options;
    this.asksFromLossBps = options.maxLossDayBps;
    this.limits = new SymbolLimitTable(options);
    this.caps = new OrderCaps(options);
  }

  check(order: OrderRequest, view: PortfolioView): RiskDecision {
    if (!(order.qty > 0 && order.qty < Number.POSITIVE_INFINITY)) {
      return refused('RISK_QUANTITY_INVALID', [order.qty, 0]);
    }
    if (order.orderType !== 'market' && isBeyondCollar(order, view, this.options.priceCollarBps)) {
      return this.#collared(order, view);
    }
    return order.reduces ? APPROVED : this.#checkAdding(order, view);
  }

  #collared(order: OrderRequest, view: PortfolioView): RiskDecision {
    return refused('RISK_PRICE_COLLAR', [collarDistanceBps(order, view), this.options.priceCollarBps]);
  }

  onState(view: PortfolioView): HaltDecision | undefined {
    const limit = this.options.maxLossDayBps;
    if (!(view.dayPnlBps <= -limit)) return undefined;
    return { reason: 'RISK_LOSS_DAY', message: reasonText('RISK_LOSS_DAY', view.dayPnlBps, limit), until: 'next-day' };
  }

  #checkAdding(order: OrderRequest, view: PortfolioView): RiskDecision {
    const { measures } = this;
    measures.read(order, view);
    const decision = this.#judge(order, view);
    if (decision === APPROVED || !measures.isBounded) return decision;
    // Less exposure leaves no less room: what the bound lets pass passes, anything else is judged by the exposure itself.
    measures.readExposure(view);
    return this.#judge(order, view);
  }

  #judge(order: OrderRequest, view: PortfolioView): RiskDecision {
    const { measures } = this;
    const stop = this.#stopReason(view);
    if (stop !== undefined) return this.#stopped(order, view, stop);
    const limits = this.limits.of(order.symbol);
    measures.findRoom(this.caps, limits);
    return measures.room >= order.qty ? APPROVED : this.#trimmed(order, view, limits);
  }

  /** Why nothing that adds risk may go out at all, if so. Comparisons are written so that NaN stops. */
  #stopReason(view: PortfolioView): RiskReason | undefined {
    const { unitMoney, orderUnitMoney, along, grossExposure, equity } = this.measures;
    const options = this.options;
    if (!(unitMoney > 0 && orderUnitMoney < Number.POSITIVE_INFINITY)) return 'RISK_PRICE_UNKNOWN';
    if (Number.isNaN(along + grossExposure)) return 'RISK_POSITION_UNKNOWN';
    if (!(equity > 0)) return 'RISK_EQUITY';
    const start = view.dayStartEquity;
    // `view.dayPnlBps` of the equity that was read already.
    const pnlBps = start > 0 ? ((equity - start) / start) * 10_000 : Number.NaN;
    if (!(pnlBps > -options.maxLossDayBps)) return 'RISK_LOSS_DAY';
    const lastMinute = view.ordersLastMinute;
    // The minute holds the second: mostly it has not as many as a second may have.
    if (!(lastMinute < options.maxOrdersPerSecond || view.ordersLastSecond < options.maxOrdersPerSecond))
      return 'RISK_ORDERS_SECOND';
    if (!(lastMinute < options.maxOrdersPerMinute)) return 'RISK_ORDERS_MINUTE';
    return view.workingOrders < options.maxWorkingOrders ? undefined : 'RISK_WORKING_ORDERS';
  }

  #stopped(order: OrderRequest, view: PortfolioView, reason: RiskReason): RiskDecision {
    return limitedTo(order, this.measures.reducing, { reason, compared: this.#stopNumbers(reason, order, view) });
  }

  #trimmed(order: OrderRequest, view: PortfolioView, limits: SymbolLimits): RiskDecision {
    const { room, reducing, reason } = this.measures;
    const floored = lotFloor(Math.max(0, room), view.instrument(order.symbol));
    return limitedTo(order, Math.max(floored, reducing), { reason, compared: this.#capNumbers(reason, limits) });
  }

  #stopNumbers(reason: RiskReason, { symbol }: OrderRequest, view: PortfolioView): Compared {
    const { along, direction, grossExposure, equity } = this.measures;
    const options = this.options;
    switch (reason) {
      case 'RISK_PRICE_UNKNOWN':
        return [view.price(symbol), view.unitValue(symbol)];
      case 'RISK_POSITION_UNKNOWN':
        return [direction * along, grossExposure];
      case 'RISK_EQUITY':
        return [equity, 0];
      case 'RISK_LOSS_DAY':
        return [view.dayPnlBps, options.maxLossDayBps];
      case 'RISK_ORDERS_SECOND':
        return [view.ordersLastSecond, options.maxOrdersPerSecond];
      case 'RISK_ORDERS_MINUTE':
        return [view.ordersLastMinute, options.maxOrdersPerMinute];
      default:
        return [view.workingOrders, options.maxWorkingOrders];
    }
  }

  #capNumbers(reason: RiskReason, limits: SymbolLimits): Compared {
    const { qty, along, closing, held, direction, unitMoney, orderUnitMoney, equity, grossExposure } = this.measures;
    const after = along + qty;
    const addedMoney = (qty - closing) * orderUnitMoney;
    switch (reason) {
      case 'RISK_SHORT':
        return [direction * after, 0];
      case 'RISK_UNITS':
        return [direction * after, limits.maxUnits];
      case 'RISK_VALUE':
        return [held * unitMoney + addedMoney, limits.maxValue];
      case 'RISK_WEIGHT':
        return [(held * unitMoney + addedMoney) / equity, limits.maxWeight];
      case 'RISK_LEVERAGE': {
        const others = Math.max(0, grossExposure - closing * unitMoney);
        return [(others + addedMoney) / equity, this.caps.maxLeverage];
      }
      default:
        return [qty * orderUnitMoney, this.caps.maxOrderValue];
    }
  }
}

/** A trim to what is allowed, or a refusal where that is nothing. */
function limitedTo(order: OrderRequest, qty: number, { reason, compared }: Breach): RiskDecision {
  // Within rounding noise of the cap, or an order that only reduces in this scope.
  if (qty >= order.qty) return APPROVED;
  if (!(qty > 0)) return refused(reason, compared);
  return Object.freeze({ kind: 'trim', qty, reason, message: reasonText(reason, ...compared) });
}

function refused(reason: RiskReason, compared: Compared): RiskDecision {
  return Object.freeze({ kind: 'refuse', reason, message: reasonText(reason, ...compared) });
}
