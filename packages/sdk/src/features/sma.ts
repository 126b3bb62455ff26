import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowSum } from './kernels/window-sum.js';
import { checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

const DEFAULTS = { source: 'close' } as const;

class SmaState extends KernelState {
  private readonly length: number = 0;
  private readonly source: Source;
  private readonly sum: WindowSum;

  constructor(length: number, source: Source) {
    const sum = new WindowSum(length);
    super([sum]);
    this.length = length;
    this.source = source;
    this.sum = sum;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    const { sum } = this;
    out[offset] = sum.add(this.source.read(bar)) / this.length;
    if (sum.isBlockFull) this.#endBlock(out, offset);
  }

  // Rare, the last step and not inlined: what the common way has at hand need not be kept over a call, nor looked at anew after it.
  #endBlock(out: Float64Array, offset: number): void {
    const { sum } = this;
    sum.endBlock();
    out[offset] = sum.ofBlock / this.length;
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.sum.next(series[i]!) / this.length;
    return out;
  }
}

/**
 * Simple moving average: the sum of the last `length` values divided by `length`. In the unit of its source.
 * Warm-up: `length` bars. Prices that are multiples of a power of two (0.25) are summed exactly.
 * Source: J. J. Murphy, "Technical Analysis of the Financial Markets", 1999, chapter 9.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function sma(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function sma(series: Series, length: number): Float64Array;
export function sma(first: number | Series, second?: number | SourceOptions): Feature<'value'> | Float64Array {
  if (isSeries(first)) return new SmaState(checkLength('sma', second), CLOSE).column(toSeries('sma', first));
  const length = checkLength('sma', first);
  const options = checkOptions('sma', second, DEFAULTS);
  const source = sourceOf('sma', options.source);
  return defineFeature({
    name: featureName('sma', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new SmaState(length, source),
    column: (bars) => [new SmaState(length, source).column(source.column(bars))],
  });
}
