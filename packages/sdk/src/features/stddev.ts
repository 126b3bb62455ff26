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

/** Options of {@link stddev} over a series. */
export interface StddevSeriesOptions {
  /** Divide the squared deviations by `length` (true) or by `length − 1` (false, the default: an unbiased sample variance). */
  readonly population?: boolean;
}

/** Options of {@link stddev} over bars. */
export interface StddevOptions extends StddevSeriesOptions, SourceOptions {}

const SERIES_DEFAULTS = { population: false } as const;
const DEFAULTS = { ...SERIES_DEFAULTS, source: 'close' } as const;

class StddevState extends KernelState {
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
    this.moments.next(this.source.read(bar));
    out[offset] = Math.sqrt(this.moments.squares / this.divisor);
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) {
      this.moments.next(series[i]!);
      out[i] = Math.sqrt(this.moments.squares / this.divisor);
    }
    return out;
  }
}

/**
 * Standard deviation of the last `length` values: `√(Σ(value − mean)² / (length − 1))`, or divided by `length` with
 * `population`. In the unit of its source; exactly 0 where all values are equal.
 * Warm-up: `length` bars, at least 2.
 * Source: plain definition; B. P. Welford, Technometrics 4 (1962), for the method (see `WindowMoments`).
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function stddev(length: number, options?: StddevOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function stddev(series: Series, length: number, options?: StddevSeriesOptions): Float64Array;
export function stddev(
  first: number | Series,
  second?: number | StddevOptions,
  third?: StddevSeriesOptions,
): Feature<'value'> | Float64Array {
  if (isSeries(first)) {
    const length = checkLength('stddev', second, 2);
    const { population } = checkOptions('stddev', third, SERIES_DEFAULTS);
    return new StddevState(length, checkBoolean('stddev', 'population', population), CLOSE).column(
      toSeries('stddev', first),
    );
  }
  const length = checkLength('stddev', first, 2);
  const options = checkOptions('stddev', second, DEFAULTS);
  const population = checkBoolean('stddev', 'population', options.population);
  const source = sourceOf('stddev', options.source);
  return defineFeature({
    name: featureName('stddev', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new StddevState(length, population, source),
    column: (bars) => [new StddevState(length, population, source).column(source.column(bars))],
  });
}
