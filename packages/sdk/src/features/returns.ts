import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { Lag } from './kernels/lag.js';
import { checkBoolean, checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

/** Options of {@link returns} over a series. */
export interface ReturnsSeriesOptions {
  /** `ln(value / past)` in place of `value / past − 1`; default false. */
  readonly log?: boolean;
}

/** Options of {@link returns} over bars. */
export interface ReturnsOptions extends ReturnsSeriesOptions, SourceOptions {}

const SERIES_DEFAULTS = { log: false } as const;
const DEFAULTS = { ...SERIES_DEFAULTS, source: 'close' } as const;

class ReturnsState extends KernelState {
  private readonly isLog: boolean;
  private readonly source: Source;
  private readonly past: Lag;

  constructor(length: number, isLog: boolean, source: Source) {
    const past = new Lag(length);
    super([past]);
    this.isLog = isLog;
    this.source = source;
    this.past = past;
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
    const past = this.past.next(value);
    if (!(past > 0)) return Number.NaN;
    if (!this.isLog) return value / past - 1;
    return value > 0 ? Math.log(value / past) : Number.NaN;
  }
}

/**
 * Return over `length` bars (default 1): `value / past − 1`, or `ln(value / past)` with `log`. A fraction: 0.01 is 1 %. NaN where
 * the past value, or with `log` either value, is not above 0: such a return has no meaning.
 * Warm-up: `length + 1` bars.
 * Source: J. Y. Campbell, A. W. Lo, A. C. MacKinlay, "The Econometrics of Financial Markets", 1997, section 1.4.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function returns(length?: number, options?: ReturnsOptions): Feature<'value'>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function returns(series: Series, length?: number, options?: ReturnsSeriesOptions): Float64Array;
export function returns(
  first: number | Series = 1,
  second?: number | ReturnsOptions,
  third?: ReturnsSeriesOptions,
): Feature<'value'> | Float64Array {
  if (isSeries(first)) {
    const length = checkLength('returns', second ?? 1);
    const { log } = checkOptions('returns', third, SERIES_DEFAULTS);
    return new ReturnsState(length, checkBoolean('returns', 'log', log), CLOSE).column(toSeries('returns', first));
  }
  const length = checkLength('returns', first);
  const options = checkOptions('returns', second, DEFAULTS);
  const isLog = checkBoolean('returns', 'log', options.log);
  const source = sourceOf('returns', options.source);
  return defineFeature({
    name: featureName('returns', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: length + 1,
    create: () => new ReturnsState(length, isLog, source),
    column: (bars) => [new ReturnsState(length, isLog, source).column(source.column(bars))],
  });
}
