import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowSum } from './kernels/window-sum.js';
import { checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries, toSeriesOfLength } from './series.js';
import type { Series } from './series.js';
import { CLOSE, fieldColumn, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

const DEFAULTS = { source: 'hlc3' } as const;

class VwapState extends KernelState {
  private readonly source: Source;
  private readonly traded: WindowSum;
  private readonly volume: WindowSum;

  constructor(length: number, source: Source) {
    const traded = new WindowSum(length);
    const volume = new WindowSum(length);
    super([traded, volume]);
    this.source = source;
    this.traded = traded;
    this.volume = volume;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.#next(this.source.read(bar), bar.volume);
  }

  column(price: Float64Array, volume: Float64Array): Float64Array {
    const out = new Float64Array(price.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.#next(price[i]!, volume[i]!);
    return out;
  }

  #next(price: number, volume: number): number {
    const value = price * volume;
    const traded = this.traded.next(value);
    const units = this.volume.next(value - value === 0 ? volume : Number.NaN);
    return units > 0 ? traded / units : Number.NaN;
  }
}

/**
 * Volume-weighted average price of the last `length` bars: `Σ(price × volume) / Σ volume`, the price of a bar being
 * (high + low + close) / 3 unless `source` says otherwise. In price units of the bar. NaN where the window has no volume: bars of
 * a feed of quotes have no such average.
 * Warm-up: `length` bars.
 * Source: S. A. Berkowitz, D. E. Logue, E. A. Noser, "The total cost of transactions on the NYSE", Journal of Finance 43 (1988).
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function vwap(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series of prices and one of volumes: one value for each pair, NaN before the first. */
export function vwap(price: Series, volume: Series, length: number): Float64Array;
export function vwap(
  first: number | Series,
  second?: Series | SourceOptions,
  third?: number,
): Feature<'value'> | Float64Array {
  if (isSeries(first)) {
    const price = toSeries('vwap', first);
    return new VwapState(checkLength('vwap', third), CLOSE).column(
      price,
      toSeriesOfLength('vwap', second, price.length),
    );
  }
  const length = checkLength('vwap', first);
  const options = checkOptions('vwap', second, DEFAULTS);
  const source = sourceOf('vwap', options.source);
  return defineFeature({
    name: featureName('vwap', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new VwapState(length, source),
    column: (bars) => [new VwapState(length, source).column(source.column(bars), fieldColumn(bars, 'volume'))],
  });
}
