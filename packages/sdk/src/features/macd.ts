import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { ExponentialAverage } from './kernels/exponential-average.js';
import { checkLength, checkOptions, featureInvalid, featureName } from './parameters.js';
import { isSeries, toSeries } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { Source, SourceOptions } from './source.js';

/** Options of {@link macd} over a series: spans of the three averages in bars, `fast` below `slow`. */
export interface MacdSeriesOptions {
  /** Default 12. */
  readonly fast?: number;
  /** Default 26. */
  readonly slow?: number;
  /** Default 9. */
  readonly signal?: number;
}

/** Options of {@link macd} over bars. */
export interface MacdOptions extends MacdSeriesOptions, SourceOptions {}

/** Outputs of {@link macd}. */
export type MacdOutput = 'macd' | 'signal' | 'histogram';

const OUTPUTS: readonly MacdOutput[] = ['macd', 'signal', 'histogram'];
const SPANS = { fast: 12, slow: 26, signal: 9 } as const;
const SOURCE = { source: 'close' } as const;

/** Checked spans. */
interface Spans {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

class MacdState extends KernelState {
  private readonly source: Source;
  readonly #fast: ExponentialAverage;
  readonly #slow: ExponentialAverage;
  readonly #signal: ExponentialAverage;

  constructor(spans: Spans, source: Source) {
    const fast = new ExponentialAverage(spans.fast, 2 / (spans.fast + 1));
    const slow = new ExponentialAverage(spans.slow, 2 / (spans.slow + 1));
    const signal = new ExponentialAverage(spans.signal, 2 / (spans.signal + 1));
    super([fast, slow, signal]);
    this.source = source;
    this.#fast = fast;
    this.#slow = slow;
    this.#signal = signal;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    this.#next(this.source.read(bar), out, offset);
  }

  column(series: Float64Array): readonly [Float64Array, Float64Array, Float64Array] {
    const line = new Float64Array(series.length);
    const signal = new Float64Array(series.length);
    const histogram = new Float64Array(series.length);
    const row = new Float64Array(3);
    for (let i = 0; i < series.length; i += 1) {
      this.#next(series[i]!, row, 0);
      line[i] = row[0]!;
      signal[i] = row[1]!;
      histogram[i] = row[2]!;
    }
    return [line, signal, histogram];
  }

  #next(value: number, out: Float64Array, offset: number): void {
    const fast = this.#fast.next(value);
    const line = fast - this.#slow.next(value);
    const signal = this.#signal.next(line);
    const histogram = line - signal;
    // The line alone is known earlier; all three start together.
    out[offset] = signal === signal ? line : Number.NaN;
    out[offset + 1] = signal;
    out[offset + 2] = histogram;
  }
}

/**
 * Moving average convergence divergence: `macd = ema(fast) − ema(slow)`, `signal = ema(signal)` of that line,
 * `histogram = macd − signal`. In the unit of its source.
 * Seeding: each average with the mean of its own first values, see {@link ema}. Warm-up: `slow + signal − 1` bars, of all three.
 * Source: G. Appel, "The Moving Average Convergence Divergence Trading Method", 1979; histogram: T. Aspray, 1986.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function macd(options?: MacdOptions): Feature<MacdOutput>;
/** The same over a series: one value for each of its values, NaN before the first. */
export function macd(series: Series, options?: MacdSeriesOptions): Readonly<Record<MacdOutput, Float64Array>>;
export function macd(
  first?: Series | MacdOptions,
  second?: MacdSeriesOptions,
): Feature<MacdOutput> | Readonly<Record<MacdOutput, Float64Array>> {
  if (isSeries(first)) {
    const spans = checkSpans(checkOptions('macd', second, SPANS));
    const [line, signal, histogram] = new MacdState(spans, CLOSE).column(toSeries('macd', first));
    return { macd: line, signal, histogram };
  }
  const options = checkOptions('macd', first, { ...SPANS, ...SOURCE });
  const spans = checkSpans(options);
  const source = sourceOf('macd', options.source);
  return defineFeature({
    name: featureName('macd', [spans.fast, spans.slow, spans.signal], { options, defaults: SOURCE }),
    outputs: OUTPUTS,
    warmup: spans.slow + spans.signal - 1,
    create: () => new MacdState(spans, source),
    column: (bars) => new MacdState(spans, source).column(source.column(bars)),
  });
}

function checkSpans(options: Readonly<Record<keyof Spans, unknown>>): Spans {
  const fast = checkLength('macd', options.fast);
  const slow = checkLength('macd', options.slow);
  const signal = checkLength('macd', options.signal);
  if (fast >= slow) throw featureInvalid('macd', `fast has to be below slow; they are ${fast} and ${slow}`);
  return { fast, slow, signal };
}
