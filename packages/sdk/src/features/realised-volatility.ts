import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { Lag } from './kernels/lag.js';
import { WindowMoments } from './kernels/window-moments.js';
import { checkChoice, checkLength, checkOptions, checkPositive, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { fieldColumn } from './source.js';

/** Options of {@link realisedVolatility}. */
export interface RealisedVolatilityOptions {
  /** Bars in a year, to state the volatility per year; left out (1), it is per bar. */
  readonly periodsPerYear?: number;
  /** `sample`: deviations from the window's mean, divided by `length − 1`. `zero`: squared returns divided by `length`. */
  readonly mean?: 'sample' | 'zero';
}

const DEFAULTS = { periodsPerYear: 1, mean: 'sample' } as const;

/** Checked parameters. */
interface Parameters {
  readonly length: number;
  readonly periodsPerYear: number;
  readonly isZeroMean: boolean;
}

class RealisedVolatilityState extends KernelState {
  readonly #length: number;
  readonly #isZeroMean: boolean;
  /** Turns squared returns into a variance. */
  private readonly scale: number;
  private readonly previous: Lag;
  private readonly moments: WindowMoments;

  constructor({ length, periodsPerYear, isZeroMean }: Parameters) {
    const previous = new Lag(1);
    const moments = new WindowMoments(length);
    super([previous, moments]);
    this.#length = length;
    this.#isZeroMean = isZeroMean;
    this.scale = periodsPerYear / (isZeroMean ? length : length - 1);
    this.previous = previous;
    this.moments = moments;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.#next(bar.close);
  }

  column(close: Float64Array): Float64Array {
    const out = new Float64Array(close.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.#next(close[i]!);
    return out;
  }

  #next(close: number): number {
    const previous = this.previous.next(close);
    // The logarithm of two negative prices would exist, and mean nothing.
    const moments = this.moments;
    moments.next(previous > 0 ? Math.log(close / previous) : Number.NaN);
    const aroundZero = this.#isZeroMean ? this.#length * moments.mean * moments.mean : 0;
    return Math.sqrt((moments.squares + aroundZero) * this.scale);
  }
}

/**
 * Volatility realised from close to close: the standard deviation of the last `length` log returns `ln(close / previous)`. A
 * fraction (0.01 is 1 %) per bar, or per year with `periodsPerYear`. Prices have to be above 0; others count as a gap.
 * Warm-up: `length + 1` bars; `length` is at least 2.
 * Source: J. C. Hull, "Options, Futures, and Other Derivatives", chapter on the Black-Scholes-Merton model, "Estimating
 * volatility from historical data"; with `mean: 'zero'`, T. G. Andersen and T. Bollerslev, International Economic Review 39 (1998).
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function realisedVolatility(length: number, options?: RealisedVolatilityOptions): Feature<'value'>;
/** The same over a series of closes: one value for each, NaN before the first. */
export function realisedVolatility(close: Series, length: number, options?: RealisedVolatilityOptions): Float64Array;
export function realisedVolatility(
  first: number | Series,
  second?: number | RealisedVolatilityOptions,
  third?: RealisedVolatilityOptions,
): Feature<'value'> | Float64Array {
  const options = checkOptions('realisedVolatility', isSeries(first) ? third : second, DEFAULTS);
  const length = checkLength('realisedVolatility', isSeries(first) ? second : first, 2);
  const periodsPerYear = checkPositive('realisedVolatility', 'periodsPerYear', options.periodsPerYear);
  const mean = checkChoice('realisedVolatility', 'mean', { value: options.mean, of: ['sample', 'zero'] });
  const parameters: Parameters = { length, periodsPerYear, isZeroMean: mean === 'zero' };
  if (isSeries(first)) return new RealisedVolatilityState(parameters).column(toSeries('realisedVolatility', first));
  return defineFeature({
    name: featureName('realisedVolatility', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length + 1,
    create: () => new RealisedVolatilityState(parameters),
    column: (bars) => [new RealisedVolatilityState(parameters).column(fieldColumn(bars, 'close'))],
  });
}
