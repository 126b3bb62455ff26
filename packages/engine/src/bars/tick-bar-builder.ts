import type { BarBuilderContext, EmitBar, Tick } from '@bookrunner/sdk';
import type { TickBarOptions } from './bar-options.js';
import { EventBarBuilder } from './event-bar-builder.js';

/** Bars of an equal number of ticks: each closes with its last tick. */
export class TickBarBuilder extends EventBarBuilder {
  private readonly ticks: number;

  constructor(options: TickBarOptions, context: BarBuilderContext) {
    super(options, context);
    this.ticks = options.ticks;
  }

  protected override take(tick: Tick, price: number, emit: EmitBar): void {
    this.openBar(price);
    this.bar.add(price);
    this.bar.trade(tick.last, tick.size);
    if (this.bar.nTicks >= this.ticks) this.closeBar(emit);
  }
}
