import type { EpochMs, Liquidity, Side } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';

/** An execution to be booked without an order of ours. */
export interface OutsideFill {
  readonly at: EpochMs;
  readonly side: Side;
  /** Unsigned units. */
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** Empty for one that the broker never tells of. */
  readonly executionId: string;
}

/** The fill as if it had been reported of an order. */
export function reportOfFill(fill: OutsideFill, sequence: number, instrumentIndex: number): VenueReportEvent {
  const { at, qty, price, fee, feeCurrency, liquidity, executionId } = fill;
  return {
    kind: 'venue-report',
    report: 'filled',
    ...{ at, sequence, instrumentIndex, qty, price, fee, feeCurrency, liquidity, executionId },
    venueOrderId: '',
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    reason: '',
    message: '',
  };
}
