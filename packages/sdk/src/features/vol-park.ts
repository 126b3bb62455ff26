import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowSum } from './kernels/window-sum.js';
import { checkLength, checkOptions, checkPositive, featureName } from './parameters.js';
import { isSeries, toSeries, toSeriesOfLength } from './series.js';
import type { Series } from './series.js';
import { fieldColumn } from './source.js';

/** Options of {@link volPark}. */
export interface VolParkOptions {
  /** Bars in a year, to state the volatility per year; left out (1), it is per bar. */
  readonly periodsPerYear?: number;
}

const DEFAULTS = { periodsPerYear: 1 } as const;

class VolParkState extends KernelState {
  private readonly sum: WindowSum;
  /** Turns the sum of squared log ranges into a variance. */
  private readonly scale: number;

  constructor(length: number, periodsPerYear: number) {
    const sum = new WindowSum(length);
    super([sum]);
    this.sum = sum;
    this.scale = periodsPerYear / (4 * Math.LN2 * length);
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.#next(bar.high, bar.low);
  }

  column(high: Float64Array, low: Float64Array): Float64Array {
    const out = new Float64Array(high.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.#next(high[i]!, low[i]!);
    return out;
  }

  #next(high: number, low: number): number {
    // The logarithm of two negative prices would exist, and mean nothing.
    const range = low > 0 ? Math.log(high / low) : Number.NaN;
    return Math.sqrt(this.sum.next(range * range) * this.scale);
  }
}

/**
 * Parkinson's volatility from the bars' ranges: `√(Σ ln(high / low)² / (4 ln 2 × length))` over the last `length` bars. A
 * fraction (0.01 is 1 %) per bar, or per year with `periodsPerYear`. Prices have to be above 0; a bar with others counts as a gap.
 * Warm-up: `length` bars.
 * Source: M. Parkinson, "The extreme value method for estimating the variance of the rate of return", Journal of Business 53 (1980).
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function volPark(length: number, options?: VolParkOptions): Feature<'value'>;
/** The same over series of equal length: one value for each bar, NaN before the first. */
export function volPark(high: Series, low: Series, length: number, options?: VolParkOptions): Float64Array;
export function volPark(
  first: number | Series,
  second?: Series | VolParkOptions,
  third?: number,
  fourth?: VolParkOptions,
): Feature<'value'> | Float64Array {
  const length = checkLength('volPark', isSeries(first) ? third : first);
  const options = checkOptions('volPark', isSeries(first) ? fourth : second, DEFAULTS);
  const periodsPerYear = checkPositive('volPark', 'periodsPerYear', options.periodsPerYear);
  if (isSeries(first)) {
    const high = toSeries('volPark', first);
    return new VolParkState(length, periodsPerYear).column(high, toSeriesOfLength('volPark', second, high.length));
  }
  return defineFeature({
    name: featureName('volPark', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new VolParkState(length, periodsPerYear),
    column: (bars) => [
      new VolParkState(length, periodsPerYear).column(fieldColumn(bars, 'high'), fieldColumn(bars, 'low')),
    ],
  });
}
