import type { BarBuilderContext, EmitBar, Tick } from '@bookrunner/sdk';
import type { RangeBarOptions } from './bar-options.js';
import { EventBarBuilder } from './event-bar-builder.js';

/** Part of a price step below which two ranges are equal: differences of decimal prices are not exact. */
const EQUAL_STEPS = 1e-6;

/**
 * Bars of an equal price range. A tick that completes the range closes the bar it is in. A tick that would go beyond the range
 * closes the bar as it stands and opens the next at its own price: no bar is wider than the range, a jump of many ranges makes no
 * bars of its own, and no price is invented.
 */
export class RangeBarBuilder extends EventBarBuilder {
  private readonly range: number;
  private readonly tolerance: number;

  constructor(options: RangeBarOptions, context: BarBuilderContext) {
    super(options, context);
    const step = context.instrument.priceStep;
    this.range = options.range ?? (options.steps ?? 1) * step;
    this.tolerance = Math.min(step, this.range) * EQUAL_STEPS;
  }

  protected override take(tick: Tick, price: number, emit: EmitBar): void {
    this.openBar(price);
    const { high, low } = this.bar;
    if (Math.max(high, price) - Math.min(low, price) > this.range + this.tolerance) {
      this.closeBar(emit);
      this.openBar(price);
    }
    this.bar.add(price);
    this.bar.trade(tick.last, tick.size);
    if (this.bar.high - this.bar.low >= this.range - this.tolerance) this.closeBar(emit);
  }
}
