import type { TargetSlot } from '../execution/target-slot.js';
import { TradeStatistics } from '../portfolio/trade-statistics.js';

/** What a run remembers of one strategy, in the base currency of its book. */
export class StrategyRecord {
  readonly name: string;
  readonly slots: readonly TargetSlot[];
  readonly trades = new TradeStatistics();
  realised = 0;
  fees = 0;
  turnover = 0;
  fills = 0;
  /** Time with a position, and since when one is held; NaN while flat. */
  heldMs = 0;
  heldSince = Number.NaN;

  constructor(name: string, slots: readonly TargetSlot[]) {
    this.name = name;
    this.slots = slots;
  }

  /** Follows the holding time after a fill. */
  onFill(at: number): void {
    const isHolding = this.slots.some((slot) => slot.heldScaled !== 0);
    if (isHolding && Number.isNaN(this.heldSince)) this.heldSince = at;
    if (!isHolding && !Number.isNaN(this.heldSince)) {
      this.heldMs += at - this.heldSince;
      this.heldSince = Number.NaN;
    }
  }
}
