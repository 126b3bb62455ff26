import type { EpochMs, Side } from '@bookrunner/sdk';
import type { VenueFill, VenueListener } from './venue-listener.js';

/** An execution the venue makes by itself to close a position after a margin call; the venue's reused object. */
export interface VenueLiquidation {
  readonly account: string;
  readonly instrumentIndex: number;
  readonly side: Side;
  /** `leavesQty` is what remains of the position, unsigned. */
  readonly fill: VenueFill;
}

/** A listener that also hears of executions without an order of ours. Needed where `margin.onCall` is `liquidate`. */
export interface LiquidationListener extends VenueListener {
  liquidated(liquidation: VenueLiquidation, ts: EpochMs): void;
}

/** Whether a listener hears of liquidations. */
export function hearsLiquidations(listener: VenueListener): listener is LiquidationListener {
  return 'liquidated' in listener && typeof listener.liquidated === 'function';
}
