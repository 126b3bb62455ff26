import type { EpochMs, Liquidity, Side } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';
import { BLANK_REPORT } from './blank-report.js';
import type { TargetSlot } from './target-slot.js';

/** What is paid besides a fill, or given back where it is negative. */
export interface FeeChange {
  readonly feeChange: number;
  readonly feeCurrency: string;
  readonly at: EpochMs;
}

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
  const terms = { at, sequence, instrumentIndex, qty, price, fee, feeCurrency, liquidity, executionId };
  return { ...BLANK_REPORT, report: 'filled', ...terms };
}

/** Whether a strategy holds more than it wants; what is under way for that may come to nothing, or be too much by now. */
export function isExcess({ measure, heldScaled, targetScaled }: TargetSlot): boolean {
  const delta = targetScaled - heldScaled;
  if (measure === 'none' || heldScaled === 0 || delta === 0 || delta !== delta) return false;
  return delta > 0 !== heldScaled > 0;
}
