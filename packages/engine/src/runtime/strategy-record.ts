import type { EpochMs } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { DayFill } from '../portfolio/daily-rollup.js';
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

  /** Money of one fill, and the position after it. */
  filled(money: DayFill, at: EpochMs): void {
    this.realised += money.realised;
    this.fees += money.fee;
    this.turnover += money.turnover;
    this.fills += 1;
    this.onFill(at);
  }

  /** Follows the holding time after a fill. */
  onFill(at: EpochMs): void {
    const isHolding = this.#isHolding();
    const wasHolding = this.heldSince === this.heldSince;
    if (isHolding === wasHolding) return;
    if (wasHolding) this.heldMs += at - this.heldSince;
    this.heldSince = isHolding ? at : Number.NaN;
  }

  #isHolding(): boolean {
    const { slots } = this;
    for (let i = 0; i < slots.length; i++) if ((slots[i] as TargetSlot).position.holding.qtyScaled !== 0) return true;
    return false;
  }
}
