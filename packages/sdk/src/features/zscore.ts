import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowMoments } from './kernels/window-moments.js';
import { checkBoolean, checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

/** Options of {@link zscore} over a series. */
export interface ZscoreSeriesOptions {
  /** Divide the squared deviations by `length` (true) or by `length − 1` (false, the default: an unbiased sample variance). */
  readonly population?: boolean;
}

/** Options of {@link zscore} over bars. */
export interface ZscoreOptions extends ZscoreSeriesOptions, SourceOptions {}

const SERIES_DEFAULTS = { population: false } as const;
const DEFAULTS = { ...SERIES_DEFAULTS, source: 'close' } as const;

class ZscoreState extends KernelState {
  private readonly divisor: number;
  private readonly source: Source;
  private readonly moments: WindowMoments;

  constructor(length: number, population: boolean, source: Source) {
    const moments = new WindowMoments(length);
    super([moments]);
    this.divisor = population ? length : length - 1;
    this.source = source;
    this.moments = moments;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    const value = this.source.read(bar);
    this.moments.next(value);
    out[offset] = standardised(value, this.moments.mean, this.moments.squares / this.divisor);
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) {
      const value = series[i]!;
      this.moments.next(value);
      out[i] = standardised(value, this.moments.mean, this.moments.squares / this.divisor);
    }
    return out;
  }
}

function standardised(value: number, mean: number, variance: number): number {
  return variance === 0 ? 0 : (value - mean) / Math.sqrt(variance);
}

/**
 * Distance of the newest value from the mean of the last `length` (itself included) in standard deviations of the same
 * window: `(value − mean) / stddev`. No unit; 0 where all values are equal.
 * Warm-up: `length` bars, at least 2. Sample deviation unless `population`.
 * Source: E. P. Chan, "Algorithmic Trading", 2013, chapter 2 (moving average and moving standard deviation).
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function zscore(length: number, options?: ZscoreOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function zscore(series: Series, length: number, options?: ZscoreSeriesOptions): Float64Array;
export function zscore(
  first: number | Series,
  second?: number | ZscoreOptions,
  third?: ZscoreSeriesOptions,
): Feature<'value'> | Float64Array {
  if (isSeries(first)) {
    const length = checkLength('zscore', second, 2);
    const { population } = checkOptions('zscore', third, SERIES_DEFAULTS);
    return new ZscoreState(length, checkBoolean('zscore', 'population', population), CLOSE).column(
      toSeries('zscore', first),
    );
  }
  const length = checkLength('zscore', first, 2);
  const options = checkOptions('zscore', second, DEFAULTS);
  const population = checkBoolean('zscore', 'population', options.population);
  const source = sourceOf('zscore', options.source);
  return defineFeature({
    name: featureName('zscore', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new ZscoreState(length, population, source),
    column: (bars) => [new ZscoreState(length, population, source).column(source.column(bars))],
  });
}
