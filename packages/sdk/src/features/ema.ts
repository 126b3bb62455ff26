import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { ExponentialAverage } from './kernels/exponential-average.js';
import { checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

const DEFAULTS = { source: 'close' } as const;

class EmaState extends KernelState {
  private readonly source: Source;
  private readonly average: ExponentialAverage;

  constructor(span: number, source: Source) {
    const average = new ExponentialAverage(span, 2 / (span + 1));
    super([average]);
    this.source = source;
    this.average = average;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.average.next(this.source.read(bar));
  }

  column(series: Float64Array): Float64Array {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.average.next(series[i]!);
    return out;
  }
}

/**
 * Exponential moving average: `ema += 2 / (span + 1) × (value − ema)`. In the unit of its source.
 * Seeding: the simple average of the first `span` values, as in most charting packages. Warm-up: `span` bars.
 * Source: J. J. Murphy, "Technical Analysis of the Financial Markets", 1999, chapter 9.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function ema(span: number, options?: SourceOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function ema(series: Series, span: number): Float64Array;
export function ema(first: number | Series, second?: number | SourceOptions): Feature<'value'> | Float64Array {
  if (isSeries(first)) return new EmaState(checkLength('ema', second), CLOSE).column(toSeries('ema', first));
  const span = checkLength('ema', first);
  const options = checkOptions('ema', second, DEFAULTS);
  const source = sourceOf('ema', options.source);
  return defineFeature({
    name: featureName('ema', [span], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: span,
    create: () => new EmaState(span, source),
    column: (bars) => [new EmaState(span, source).column(source.column(bars))],
  });
}
