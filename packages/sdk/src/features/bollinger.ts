import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowMoments } from './kernels/window-moments.js';
import { WindowSum } from './kernels/window-sum.js';
import { checkLength, checkOptions, checkPositive, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

/** Options of {@link bollinger} over a series. */
export interface BollingerSeriesOptions {
  /** Standard deviations from the middle to either band; default 2. */
  readonly deviations?: number;
}

/** Options of {@link bollinger} over bars. */
export interface BollingerOptions extends BollingerSeriesOptions, SourceOptions {}

/** Outputs of {@link bollinger}. */
export type BollingerOutput = 'middle' | 'upper' | 'lower';

const OUTPUTS: readonly BollingerOutput[] = ['middle', 'upper', 'lower'];
const SERIES_DEFAULTS = { deviations: 2 } as const;
const DEFAULTS = { ...SERIES_DEFAULTS, source: 'close' } as const;

class BollingerState extends KernelState {
  readonly #length: number;
  readonly #deviations: number;
  private readonly source: Source;
  /** Apart from the moments, so that the middle is the sma to the last bit. */
  private readonly sum: WindowSum;
  private readonly moments: WindowMoments;

  constructor(length: number, deviations: number, source: Source) {
    const sum = new WindowSum(length);
    const moments = new WindowMoments(length);
    super([sum, moments]);
    this.#length = length;
    this.#deviations = deviations;
    this.source = source;
    this.sum = sum;
    this.moments = moments;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    this.#next(this.source.read(bar), out, offset);
  }

  column(series: Float64Array): readonly [Float64Array, Float64Array, Float64Array] {
    const middle = new Float64Array(series.length);
    const upper = new Float64Array(series.length);
    const lower = new Float64Array(series.length);
    const row = new Float64Array(3);
    for (let i = 0; i < series.length; i += 1) {
      this.#next(series[i]!, row, 0);
      middle[i] = row[0]!;
      upper[i] = row[1]!;
      lower[i] = row[2]!;
    }
    return [middle, upper, lower];
  }

  #next(value: number, out: Float64Array, offset: number): void {
    const middle = this.sum.next(value) / this.#length;
    this.moments.next(value);
    const width = this.#deviations * Math.sqrt(this.moments.squares / this.#length);
    out[offset] = middle;
    out[offset + 1] = middle + width;
    out[offset + 2] = middle - width;
  }
}

/**
 * Bollinger bands: `middle` is {@link sma} of the last `length` values (default 20), `upper` and `lower` lie `deviations` (default
 * 2) population standard deviations of the same window from it. In the unit of its source; equal values give three equal lines.
 * Warm-up: `length` bars.
 * Source: J. Bollinger, "Bollinger on Bollinger Bands", 2001.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function bollinger(length?: number, options?: BollingerOptions): Feature<BollingerOutput>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function bollinger(
  series: Series,
  length?: number,
  options?: BollingerSeriesOptions,
): Readonly<Record<BollingerOutput, Float64Array>>;
export function bollinger(
  first: number | Series = 20,
  second?: number | BollingerOptions,
  third?: BollingerSeriesOptions,
): Feature<BollingerOutput> | Readonly<Record<BollingerOutput, Float64Array>> {
  if (isSeries(first)) {
    const length = checkLength('bollinger', second ?? 20);
    const options = checkOptions('bollinger', third, SERIES_DEFAULTS);
    const deviations = checkPositive('bollinger', 'deviations', options.deviations);
    const [middle, upper, lower] = new BollingerState(length, deviations, CLOSE).column(toSeries('bollinger', first));
    return { middle, upper, lower };
  }
  const length = checkLength('bollinger', first);
  const options = checkOptions('bollinger', second, DEFAULTS);
  const deviations = checkPositive('bollinger', 'deviations', options.deviations);
  const source = sourceOf('bollinger', options.source);
  return defineFeature({
    name: featureName('bollinger', [length], { options, defaults: DEFAULTS }),
    outputs: OUTPUTS,
    warmup: length,
    create: () => new BollingerState(length, deviations, source),
    column: (bars) => new BollingerState(length, deviations, source).column(source.column(bars)),
  });
}
