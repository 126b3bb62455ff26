// What the sizers share: the answers, and the questions every one of them asks first.
import type { Sizer, SizingDecision, SizingRequest } from '@bookrunner/sdk';
import { reasonText, type RiskReason } from '../reasons.js';

/** Flat: needs no price, no equity and no feature, so an exit is never refused. */
const FLAT: SizingDecision = Object.freeze({ kind: 'sized', units: 0 });

/** A refusal with both numbers compared. */
export function refuseSize(reason: RiskReason, value: number, limit: number): SizingDecision {
  return Object.freeze({ kind: 'refused', reason, message: reasonText(reason, value, limit) });
}

/** Signed units from a share and the units a full share stands for. */
export function sizeOf(share: number, units: number): SizingDecision {
  return { kind: 'sized', units: share * units };
}

/** A sizer from what it does with a share that is not 0. */
export function sizer(size: (request: SizingRequest) => SizingDecision): Sizer {
  return {
    size: (request) => {
      const { share } = request;
      if (share === 0) return FLAT;
      return Math.abs(share) <= 1 ? size(request) : refuseSize('RISK_SIZE_SHARE', share, 1);
    },
  };
}

/** A sizer that spends equity: refused where there is none. */
export function equitySizer(size: (request: SizingRequest) => SizingDecision): Sizer {
  return sizer((request) => (request.equity > 0 ? size(request) : refuseSize('RISK_SIZE_EQUITY', request.equity, 0)));
}

/** The share of an amount of money, in units at the current price. */
export function sizeMoney(request: SizingRequest, money: number): SizingDecision {
  const { price, unitValue, share } = request;
  const unitMoney = Math.abs(price) * unitValue;
  if (!(unitMoney > 0 && unitMoney < Number.POSITIVE_INFINITY)) return refuseSize('RISK_SIZE_PRICE', price, unitValue);
  return sizeOf(share, money / unitMoney);
}

/** Whether a volatility can be divided by, and if not, why. `bars` are those the feature needs. */
export function refuseVolatility(value: number, bars: number): SizingDecision | undefined {
  if (Number.isNaN(value)) return refuseSize('RISK_SIZE_NOT_WARM', value, bars);
  return value > 0 && value < Number.POSITIVE_INFINITY ? undefined : refuseSize('RISK_SIZE_VOLATILITY', value, 0);
}
