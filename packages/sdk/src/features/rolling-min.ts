import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowMinimum } from './kernels/window-minimum.js';
import { checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

const DEFAULTS = { source: 'close' } as const;

class RollingMinState extends KernelState {
  private readonly source: Source;
  private readonly minimum: WindowMinimum;

  constructor(length: number, source: Source) {
    const minimum = new WindowMinimum(length);
    super([minimum]);
    this.source = source;
    this.minimum = minimum;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.minimum.next(this.source.read(bar));
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.minimum.next(series[i]!);
    return out;
  }
}

/**
 * Smallest of the last `length` values (of the low: `{ source: 'low' }`), in the unit of its source; exact.
 * Warm-up: `length` bars.
 * Source: plain definition; see `WindowMinimum` for the method.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function rollingMin(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function rollingMin(series: Series, length: number): Float64Array;
export function rollingMin(first: number | Series, second?: number | SourceOptions): Feature<'value'> | Float64Array {
  if (isSeries(first))
    return new RollingMinState(checkLength('rollingMin', second), CLOSE).column(toSeries('rollingMin', first));
  const length = checkLength('rollingMin', first);
  const options = checkOptions('rollingMin', second, DEFAULTS);
  const source = sourceOf('rollingMin', options.source);
  return defineFeature({
    name: featureName('rollingMin', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new RollingMinState(length, source),
    column: (bars) => [new RollingMinState(length, source).column(source.column(bars))],
  });
}
