import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { ExponentialAverage } from './kernels/exponential-average.js';
import { Lag } from './kernels/lag.js';
import { checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

const DEFAULTS = { source: 'close' } as const;

class RsiState extends KernelState {
  private readonly source: Source;
  private readonly previous: Lag;
  private readonly gain: ExponentialAverage;
  private readonly loss: ExponentialAverage;

  constructor(length: number, source: Source) {
    const previous = new Lag(1);
    const gain = new ExponentialAverage(length, 1 / length);
    const loss = new ExponentialAverage(length, 1 / length);
    super([previous, gain, loss]);
    this.source = source;
    this.previous = previous;
    this.gain = gain;
    this.loss = loss;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.#next(this.source.read(bar));
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.#next(series[i]!);
    return out;
  }

  #next(value: number): number {
    const change = value - this.previous.next(value);
    // Math.max keeps NaN, which restarts both averages.
    const gain = this.gain.next(Math.max(change, 0));
    const loss = this.loss.next(Math.max(-change, 0));
    const moves = gain + loss;
    return moves === 0 ? 50 : (100 * gain) / moves;
  }
}

/**
 * Relative strength index: `100 × G / (G + L)`, G and L being Wilder's averages of gains and of losses from value to value,
 * the same as `100 − 100 / (1 + G / L)`. From 0 to 100; 50 where nothing has moved since the feature started.
 * Seeding: both averages with the mean of the first `length` changes, then `average += (change − average) / length`.
 * Warm-up: `length + 1` bars.
 * Source: J. W. Wilder, "New Concepts in Technical Trading Systems", 1978.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function rsi(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function rsi(series: Series, length: number): Float64Array;
export function rsi(first: number | Series, second?: number | SourceOptions): Feature<'value'> | Float64Array {
  if (isSeries(first)) return new RsiState(checkLength('rsi', second), CLOSE).column(toSeries('rsi', first));
  const length = checkLength('rsi', first);
  const options = checkOptions('rsi', second, DEFAULTS);
  const source = sourceOf('rsi', options.source);
  return defineFeature({
    name: featureName('rsi', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length + 1,
    create: () => new RsiState(length, source),
    column: (bars) => [new RsiState(length, source).column(source.column(bars))],
  });
}
