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

class RollingMaxState extends KernelState {
  private readonly source: Source;
  private readonly negatedMinimum: WindowMinimum;

  constructor(length: number, source: Source) {
    const negatedMinimum = new WindowMinimum(length);
    super([negatedMinimum]);
    this.source = source;
    this.negatedMinimum = negatedMinimum;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = 0 - this.negatedMinimum.next(0 - this.source.read(bar));
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = 0 - this.negatedMinimum.next(0 - series[i]!);
    return out;
  }
}

/**
 * Largest of the last `length` values (of the high: `{ source: 'high' }`), in the unit of its source; exact.
 * Warm-up: `length` bars.
 * Source: plain definition; see `WindowMinimum` for the method.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function rollingMax(length: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function rollingMax(series: Series, length: number): Float64Array;
export function rollingMax(first: number | Series, second?: number | SourceOptions): Feature<'value'> | Float64Array {
  if (isSeries(first))
    return new RollingMaxState(checkLength('rollingMax', second), CLOSE).column(toSeries('rollingMax', first));
  const length = checkLength('rollingMax', first);
  const options = checkOptions('rollingMax', second, DEFAULTS);
  const source = sourceOf('rollingMax', options.source);
  return defineFeature({
    name: featureName('rollingMax', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new RollingMaxState(length, source),
    column: (bars) => [new RollingMaxState(length, source).column(source.column(bars))],
  });
}
