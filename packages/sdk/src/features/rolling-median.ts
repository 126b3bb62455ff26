import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowMedian } from './kernels/window-median.js';
import { checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

const DEFAULTS = { source: 'close' } as const;

class RollingMedianState extends KernelState {
  private readonly source: Source;
  private readonly median: WindowMedian;

  constructor(length: number, source: Source) {
    const median = new WindowMedian(length);
    super([median]);
    this.source = source;
    this.median = median;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.median.next(this.source.read(bar));
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.median.next(series[i]!);
    return out;
  }
}

/**
 * Median of the last `length` values, the mean of the middle two where `length` is even; in the unit of its source.
 * Warm-up: `length` bars. Cost grows with `length`: meant for windows up to a few hundred bars.
 * Source: J. W. Tukey, "Exploratory Data Analysis", 1977, chapter 7 (running medians).
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function rollingMedian(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function rollingMedian(series: Series, length: number): Float64Array;
export function rollingMedian(
  first: number | Series,
  second?: number | SourceOptions,
): Feature<'value'> | Float64Array {
  if (isSeries(first))
    return new RollingMedianState(checkLength('rollingMedian', second), CLOSE).column(toSeries('rollingMedian', first));
  const length = checkLength('rollingMedian', first);
  const options = checkOptions('rollingMedian', second, DEFAULTS);
  const source = sourceOf('rollingMedian', options.source);
  return defineFeature({
    name: featureName('rollingMedian', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new RollingMedianState(length, source),
    column: (bars) => [new RollingMedianState(length, source).column(source.column(bars))],
  });
}
