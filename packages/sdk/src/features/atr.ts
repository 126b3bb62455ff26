import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { ExponentialAverage } from './kernels/exponential-average.js';
import { Lag } from './kernels/lag.js';
import { checkLength } from './parameters.js';
import { isSeries, toSeries, toSeriesOfLength } from './series.js';
import type { Series } from './series.js';
import { fieldColumn } from './source.js';

class AtrState extends KernelState {
  private readonly previousClose: Lag;
  private readonly average: ExponentialAverage;

  constructor(length: number) {
    const previousClose = new Lag(1);
    const average = new ExponentialAverage(length, 1 / length);
    super([previousClose, average]);
    this.previousClose = previousClose;
    this.average = average;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    out[offset] = this.#next(bar.high, bar.low, bar.close);
  }

  column(high: Float64Array, low: Float64Array, close: Float64Array): Float64Array {
    const out = new Float64Array(high.length);
    for (let i = 0; i < out.length; i += 1) out[i] = this.#next(high[i]!, low[i]!, close[i]!);
    return out;
  }

  #next(high: number, low: number, close: number): number {
    const all = high + low + close;
    if (all - all !== 0) {
      this.previousClose.next(Number.NaN);
      return this.average.next(Number.NaN);
    }
    const previous = this.previousClose.next(close);
    const isFirst = previous !== previous;
    const trueRange = isFirst ? high - low : Math.max(high, previous) - Math.min(low, previous);
    return this.average.next(trueRange);
  }
}

/**
 * Average true range: Wilder's average of `max(high, previous close) − min(low, previous close)`. In price units of the bar.
 * Seeding: the mean of the first `length` true ranges, then `atr += (range − atr) / length`; the first bar, which has no close
 * before it, counts with high − low. Warm-up: `length` bars.
 * Source: J. W. Wilder, "New Concepts in Technical Trading Systems", 1978.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function atr(length: number): Feature<'value'>;
/** The same over series of equal length: one value for each bar, NaN before the first. */
export function atr(high: Series, low: Series, close: Series, length: number): Float64Array;
export function atr(
  first: number | Series,
  low?: Series,
  close?: Series,
  last?: number,
): Feature<'value'> | Float64Array {
  if (isSeries(first)) {
    const length = checkLength('atr', last);
    const high = toSeries('atr', first);
    return new AtrState(length).column(
      high,
      toSeriesOfLength('atr', low, high.length),
      toSeriesOfLength('atr', close, high.length),
    );
  }
  const length = checkLength('atr', first);
  return defineFeature({
    name: `atr(${length})`,
    outputs: ONE_VALUE,
    warmup: length,
    create: () => new AtrState(length),
    column: (bars) => [
      new AtrState(length).column(fieldColumn(bars, 'high'), fieldColumn(bars, 'low'), fieldColumn(bars, 'close')),
    ],
  });
}
