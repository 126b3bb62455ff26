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

/** Computes fees of fills from the options of one instrument. */
export class FeeModel {
  readonly #options: FeeOptions;
  readonly #lotSize: number;

  constructor(options: FeeOptions, instrument: Instrument) {
    this.#options = options;
    this.#lotSize = (options.model === 'per-lot' ? options.lotSize : undefined) ?? instrument.lotStep;
  }

  /**
   * Fee of the fill described by `progress`, as an integer at 8 decimals of the quote currency; negative is a rebate. Changes
   * nothing. Errors: NUMBER_OUT_OF_RANGE.
   */
  charge(progress: Readonly<FeeProgress>, isMaker: boolean): number {
    const options = this.#options;
    switch (options.model) {
      case 'none':
        return 0;
      case 'per-unit':
        return toScaled(options.amount * progress.feeFillQty, CASH_DECIMALS);
      case 'per-lot':
        return toScaled((options.amount * progress.feeFillQty) / this.#lotSize, CASH_DECIMALS);
      case 'maker-taker':
        return toScaled((isMaker ? options.makerBps : options.takerBps) * BPS * progress.feeFillValue, CASH_DECIMALS);
      case 'bps': {
        const total = Math.max(options.minimum, options.bps * BPS * progress.feeValue);
        return toScaled(total, CASH_DECIMALS) - progress.feeCharged;
      }
      case 'per-share': {
        const least = Math.max(options.minimum, options.amount * progress.feeQty);
        const most = options.maximumPct === undefined ? Infinity : (options.maximumPct / 100) * progress.feeValue;
        return toScaled(Math.min(least, most), CASH_DECIMALS) - progress.feeCharged;
      }
    }
  }
}
