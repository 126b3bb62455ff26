import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { WindowMinimum } from './kernels/window-minimum.js';
import { checkLength } from './parameters.js';
import { isSeries, toSeries, toSeriesOfLength } from './series.js';
import type { Series } from './series.js';
import { fieldColumn } from './source.js';

/** Outputs of {@link donchian}. */
export type DonchianOutput = 'upper' | 'lower' | 'middle';

const OUTPUTS: readonly DonchianOutput[] = ['upper', 'lower', 'middle'];

class DonchianState extends KernelState {
  private readonly negatedHigh: WindowMinimum;
  private readonly low: WindowMinimum;

  constructor(length: number) {
    const negatedHigh = new WindowMinimum(length);
    const low = new WindowMinimum(length);
    super([negatedHigh, low]);
    this.negatedHigh = negatedHigh;
    this.low = low;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    const { high, low } = bar;
    const isFinite = high - low - (high - low) === 0;
    const upper = 0 - this.negatedHigh.next(isFinite ? 0 - high : Number.NaN);
    const lower = this.low.next(isFinite ? low : Number.NaN);
    out[offset] = upper;
    out[offset + 1] = lower;
    out[offset + 2] = (upper + lower) / 2;
  }

  column(high: Float64Array, low: Float64Array): readonly [Float64Array, Float64Array, Float64Array] {
    const upper = new Float64Array(high.length);
    const lower = new Float64Array(high.length);
    const middle = new Float64Array(high.length);
    const bar = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
    const row = new Float64Array(3);
    for (let i = 0; i < high.length; i += 1) {
      bar.high = high[i]!;
      bar.low = low[i]!;
      this.update(bar, row, 0);
      upper[i] = row[0]!;
      lower[i] = row[1]!;
      middle[i] = row[2]!;
    }
    return [upper, lower, middle];
  }
}

/**
 * Donchian channel: `upper` the highest high and `lower` the lowest low of the last `length` bars, the newest included,
 * `middle` halfway between. In price units of the bar. To trade a break of the channel compare with the values of the bar before.
 * Warm-up: `length` bars.
 * Source: R. Donchian's channel breakout, as in C. Faith, "Way of the Turtle", 2007.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function donchian(length: number): Feature<DonchianOutput>;
/** The same over series of equal length: one value for each bar, NaN before the first. */
export function donchian(high: Series, low: Series, length: number): Readonly<Record<DonchianOutput, Float64Array>>;
export function donchian(
  first: number | Series,
  second?: Series,
  third?: number,
): Feature<DonchianOutput> | Readonly<Record<DonchianOutput, Float64Array>> {
  if (isSeries(first)) {
    const length = checkLength('donchian', third);
    const high = toSeries('donchian', first);
    const low = toSeriesOfLength('donchian', second, high.length);
    const [upper, lower, middle] = new DonchianState(length).column(high, low);
    return { upper, lower, middle };
  }
  const length = checkLength('donchian', first);
  return defineFeature({
    name: `donchian(${length})`,
    outputs: OUTPUTS,
    warmup: length,
    create: () => new DonchianState(length),
    column: (bars) => new DonchianState(length).column(fieldColumn(bars, 'high'), fieldColumn(bars, 'low')),
  });
}
