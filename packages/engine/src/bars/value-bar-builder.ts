import type { BarBuilderContext } from '@bookrunner/sdk';
import type { ValueBarOptions } from './bar-options.js';
import { QuantityBarBuilder } from './quantity-bar-builder.js';

/** Bars of equal money traded: price × size × point value, in the quote currency. A negative price counts by its amount. */
export class ValueBarBuilder extends QuantityBarBuilder {
  private readonly pointValue: number;

  constructor(options: ValueBarOptions, context: BarBuilderContext) {
    super(options.value, options.vwap, context);
    this.pointValue = context.instrument.pointValue;
  }

  protected override measure(price: number): number {
    return Math.abs(price) * this.pointValue;
  }
}
