import type { BarBuilderContext, BarBuilderState, EmitBar, Tick } from '@bookrunner/sdk';
import { readState } from './builder-state.js';
import { EventBarBuilder } from './event-bar-builder.js';

/** Bars one tick may fill; a tick worth more puts its whole rest into the last of them. Bounds the work of one tick. */
export const MAX_BARS_PER_TICK = 1_000;

/** Relative difference below which a bar counts as full: sums of decimal sizes are not exact. */
const FULL = 1e-9;

/**
 * Bars of an equal traded quantity, in units or in money. A trade larger than what the running bar lacks is split: the bar takes
 * what it lacks and closes, the rest opens the next at the same price, so no unit is lost or counted twice. The tick itself is
 * counted (`nTicks`) in the bar it enters first; a bar made only of a rest has `nTicks` 0.
 */
export abstract class QuantityBarBuilder extends EventBarBuilder {
  private readonly target: number;
  // Measured quantity in the running bar.
  #filled = 0;

  protected constructor(target: number, vwap: boolean, context: BarBuilderContext) {
    super({ price: 'last', vwap }, context);
    this.target = target;
  }

  /** What one unit traded at a price counts for; at least 0. */
  protected abstract measure(price: number): number;

  override save(): BarBuilderState {
    return { ...super.save(), filled: this.#filled };
  }

  override load(state: BarBuilderState): void {
    super.load(state);
    this.#filled = readState(state, 'filled');
  }

  protected override take(tick: Tick, price: number, emit: EmitBar): void {
    const size = tick.size;
    let rest = size > 0 && size < Number.POSITIVE_INFINITY ? size : 0;
    const perUnit = this.measure(price);
    this.openBar(price);
    this.bar.add(price);
    for (let bars = 1; rest > 0; bars += 1) {
      const room = (this.target - this.#filled) / perUnit;
      const isLastAllowed = bars === MAX_BARS_PER_TICK;
      // What is left beyond a full bar is a rest only if it is more than rounding noise.
      const units = isLastAllowed || rest <= room * (1 + FULL) ? rest : room;
      this.openBar(price);
      this.bar.trade(price, units);
      this.#filled += units * perUnit;
      rest -= units;
      if (this.#filled >= this.target * (1 - FULL)) this.closeBar(emit);
    }
  }

  protected override closeBar(emit: EmitBar): void {
    this.#filled = 0;
    super.closeBar(emit);
  }
}
