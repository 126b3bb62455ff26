import type { Feature } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { defineFeature, ONE_VALUE } from './define-feature.js';
import { KernelState } from './kernel-state.js';
import { Lag } from './kernels/lag.js';
import { WindowCorrelation } from './kernels/window-correlation.js';
import { checkChoice, checkLength, checkOptions, featureName } from './parameters.js';
import { isSeries, toSeries, toSeriesOfLength } from './series.js';
import type { Series } from './series.js';
import { CLOSE, sourceOf } from './source.js';
import type { BarSource, Source } from './source.js';

/** Options of {@link correlation} over series. */
export interface CorrelationSeriesOptions {
  /** `values` as they are (default), or simple `returns` from one to the next. */
  readonly of?: 'values' | 'returns';
}

/** Options of {@link correlation} over bars. */
export interface CorrelationOptions extends CorrelationSeriesOptions {
  /** Default `close`. */
  readonly x?: BarSource;
  /** Default `volume`. */
  readonly y?: BarSource;
}

const SERIES_DEFAULTS = { of: 'values' } as const;
const DEFAULTS = { x: 'close', y: 'volume', ...SERIES_DEFAULTS } as const;

/** Checked parameters. */
interface Parameters {
  readonly length: number;
  readonly ofReturns: boolean;
  readonly x: Source;
  readonly y: Source;
}

class CorrelationState extends KernelState {
  readonly #ofReturns: boolean;
  private readonly x: Source;
  private readonly y: Source;
  /** The pair under way. */
  readonly #pair = new Float64Array(2);
  private readonly previousX: Lag;
  private readonly previousY: Lag;
  private readonly window: WindowCorrelation;

  constructor({ length, ofReturns, x, y }: Parameters) {
    const previousX = new Lag(1);
    const previousY = new Lag(1);
    const window = new WindowCorrelation(length);
    super([previousX, previousY, window]);
    this.#ofReturns = ofReturns;
    this.x = x;
    this.y = y;
    this.previousX = previousX;
    this.previousY = previousY;
    this.window = window;
  }

  override update(bar: BarValues, out: Float64Array, offset: number): void {
    this.#pair[0] = this.x.read(bar);
    this.#pair[1] = this.y.read(bar);
    this.#takePair();
    out[offset] = this.window.correlation;
  }

  column(x: Float64Array, y: Float64Array): Float64Array {
    const out = new Float64Array(x.length);
    for (let i = 0; i < out.length; i += 1) {
      this.#pair[0] = x[i]!;
      this.#pair[1] = y[i]!;
      this.#takePair();
      out[i] = this.window.correlation;
    }
    return out;
  }

  #takePair(): void {
    const pair = this.#pair;
    if (this.#ofReturns) {
      const x = pair[0]!;
      const y = pair[1]!;
      // One bad number spoils its own return now and next time; the window restarts at both, so the other needs no check.
      pair[0] = x / this.previousX.next(x) - 1;
      pair[1] = y / this.previousY.next(y) - 1;
    }
    this.window.next(pair);
  }
}

/**
 * Pearson's correlation of two sources of the bar over the last `length` bars, of their values or of their returns from bar to
 * bar: `Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² Σ(y − ȳ)²)`. From −1 to 1; 0 where one of them does not vary. A return from 0 counts as a gap.
 * Warm-up: `length` bars (at least 2), one more for returns.
 * Source: K. Pearson, Proceedings of the Royal Society 58 (1895); see `WindowCorrelation` for the method.
 * A bar whose numbers are not finite gives NaN and starts the warm-up anew.
 * Errors: FEATURE_INVALID.
 */
export function correlation(length: number, options?: CorrelationOptions): Feature<'value'>;
/** The same over two series of equal length: one value for each pair, NaN before the first. */
export function correlation(x: Series, y: Series, length: number, options?: CorrelationSeriesOptions): Float64Array;
export function correlation(
  first: number | Series,
  second?: Series | CorrelationOptions,
  third?: number,
  fourth?: CorrelationSeriesOptions,
): Feature<'value'> | Float64Array {
  if (isSeries(first)) {
    const { of } = checkOptions('correlation', fourth, SERIES_DEFAULTS);
    const length = checkLength('correlation', third, 2);
    const x = toSeries('correlation', first);
    const y = toSeriesOfLength('correlation', second, x.length);
    return new CorrelationState({ length, ofReturns: isOfReturns(of), x: CLOSE, y: CLOSE }).column(x, y);
  }
  const length = checkLength('correlation', first, 2);
  const options = checkOptions('correlation', second, DEFAULTS);
  const x = sourceOf('correlation', options.x);
  const y = sourceOf('correlation', options.y);
  const parameters: Parameters = { length, ofReturns: isOfReturns(options.of), x, y };
  return defineFeature({
    name: featureName('correlation', [length], { options, defaults: DEFAULTS }),
    outputs: ONE_VALUE,
    warmup: parameters.ofReturns ? length + 1 : length,
    create: () => new CorrelationState(parameters),
    column: (bars) => [new CorrelationState(parameters).column(x.column(bars), y.column(bars))],
  });
}

function isOfReturns(of: unknown): boolean {
  return checkChoice('correlation', 'of', { value: of, of: ['values', 'returns'] }) === 'returns';
}
