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

class RollingSumState extends KernelState {
  private readonly source: Source;
  private readonly sum: WindowSum;

  constructor(length: number, source: Source) {
    const sum = new WindowSum(length);
    super([sum]);
    this.source = source;
    this.sum = sum;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.sum.next(this.source.read(bar));
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.sum.next(series[i]!);
    return out;
  }
}

/**
 * Sum of the last `length` values, in the unit of its source.
 * Warm-up: `length` bars. The error is that of adding up one window: at most `length` × 2^-53 of the sum of magnitudes.
 * Source: plain definition; see `WindowSum` for the method.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function rollingSum(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function rollingSum(series: Series, length: number): Float64Array;
export function rollingSum(first: number | Series, second?: number | SourceOptions): Feature<'value'> | Float64Array {
  if (isSeries(first))
    return new RollingSumState(checkLength('rollingSum', second), CLOSE).column(toSeries('rollingSum', first));
  const length = checkLength('rollingSum', first);
  const options = checkOptions('rollingSum', second, DEFAULTS);
  const source = sourceOf('rollingSum', options.source);
  return defineFeature({
    name: featureName('rollingSum', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new RollingSumState(length, source),
    column: (bars) => [new RollingSumState(length, source).column(source.column(bars))],
  });
}
