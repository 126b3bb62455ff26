import type { BarBuilderContext } from '@bookrunner/sdk';
import type { VolumeBarOptions } from './bar-options.js';
import { QuantityBarBuilder } from './quantity-bar-builder.js';

/** Bars of an equal number of units traded. */
export class VolumeBarBuilder extends QuantityBarBuilder {
  constructor(options: VolumeBarOptions, context: BarBuilderContext) {
    super(options.units, options.vwap, context);
  }

  protected override measure(): number {
    return 1;
  }
}
