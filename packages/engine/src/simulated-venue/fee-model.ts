import { toScaled, type Instrument } from '@bookrunner/sdk';
import type { FeeOptions } from './options.js';

/** Decimal places of fees, financing and other cash the venue books. */
export const CASH_DECIMALS = 8;

const BPS = 1e-4;

/** What an order has filled and paid so far, so that a minimum or maximum holds once per order. */
export interface FeeProgress {
  /** Units filled, this fill included. */
  feeQty: number;
  /** Value filled in the quote currency, this fill included. */
  feeValue: number;
  /** Fees so far as an integer at 8 decimals, this fill excluded. */
  feeCharged: number;
  /** Units and value of this fill. */
  feeFillQty: number;
  feeFillValue: number;
}

/**
 * Fee of the fill described by `progress`, as an integer at 8 decimals of the quote currency; negative is a rebate. Changes nothing.
 * Errors: NUMBER_OUT_OF_RANGE.
 */
export type FeeModel = (progress: Readonly<FeeProgress>, isMaker: boolean) => number;

/** The fees of one instrument. Which model it is, is asked here and not at each fill. */
export function makeFeeModel(options: FeeOptions, instrument: Instrument): FeeModel {
  switch (options.model) {
    case 'none':
      return () => 0;
    case 'per-unit': {
      const { amount } = options;
      return ({ feeFillQty }) => toScaled(amount * feeFillQty, CASH_DECIMALS);
    }
    case 'per-lot': {
      const lotSize = options.lotSize ?? instrument.lotStep;
      return ({ feeFillQty }) => toScaled((options.amount * feeFillQty) / lotSize, CASH_DECIMALS);
    }
    case 'maker-taker':
      return ({ feeFillValue }, isMaker) =>
        toScaled((isMaker ? options.makerBps : options.takerBps) * BPS * feeFillValue, CASH_DECIMALS);
    case 'bps':
      return ({ feeValue, feeCharged }) => {
        const total = Math.max(options.minimum, options.bps * BPS * feeValue);
        return toScaled(total, CASH_DECIMALS) - feeCharged;
      };
    case 'per-share':
      return ({ feeQty, feeValue, feeCharged }) => {
        const least = Math.max(options.minimum, options.amount * feeQty);
        const most = options.maximumPct === undefined ? Infinity : (options.maximumPct / 100) * feeValue;
        return toScaled(Math.min(least, most), CASH_DECIMALS) - feeCharged;
      };
  }
}
