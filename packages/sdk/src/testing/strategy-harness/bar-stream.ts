import type { FeatureSet, FeatureState } from '../../interfaces/feature.js';
import type { BarWindow } from '../../interfaces/signal.js';
import type { Bar, BarColumns } from '../../model/bar.js';
import type { EpochMs } from '../../model/time.js';
import { testingError } from '../errors.js';

/** A strategy's features by name, as it reads them. */
export type FeatureView = Record<string, number | Record<string, number>>;

/** How a {@link BarStream} is made. */
export interface BarStreamOptions {
  readonly columns: BarColumns;
  readonly timeframe: number;
  readonly features: FeatureSet;
  /** Bars in the window. */
  readonly lookback: number;
  /** Length of a bar where the columns do not carry `endTs`. */
  readonly barMs: number;
}

interface FeatureSlot {
  readonly name: string;
  readonly outputs: readonly string[];
  readonly state: FeatureState;
}

/** The bars of one symbol and timeframe, read one after the other, with the window and features over those already read. */
export class BarStream implements BarWindow {
  readonly symbol: string;
  readonly timeframe: number;
  /** The latest bar read; one object, refilled. */
  readonly bar: { -readonly [Key in keyof Bar]: Bar[Key] };
  /** Values of the features after the latest bar; one object, refilled. */
  readonly features: FeatureView = {};
  readonly #columns: BarColumns;
  readonly #lookback: number;
  readonly #barMs: number;
  readonly #slots: readonly FeatureSlot[];
  readonly #out: Float64Array;
  #index = -1;
  #start = 0;

  constructor(options: BarStreamOptions) {
    this.symbol = options.columns.symbol;
    this.timeframe = options.timeframe;
    this.#columns = options.columns;
    this.#lookback = options.lookback;
    this.#barMs = options.barMs;
    const entries = Object.entries(options.features);
    this.#slots = entries.map(([name, feature]) => ({ name, outputs: feature.outputs, state: feature.create() }));
    this.#out = new Float64Array(Math.max(1, ...entries.map(([, feature]) => feature.outputs.length)));
    const nan = Number.NaN;
    const prices = { open: nan, high: nan, low: nan, close: nan, volume: nan, nTicks: nan, vwap: nan };
    this.bar = { ts: nan, endTs: nan, symbol: this.symbol, ...prices };
    for (const slot of this.#slots) this.#publish(slot, nan);
    this.#checkEnds();
  }

  /** Bars at hand in the window. */
  get length(): number {
    return Math.min(this.count, this.#lookback);
  }

  /** Bars read since the start or the last {@link restart}. */
  get count(): number {
    return this.#index - this.#start + 1;
  }

  /** Index of the latest bar read, -1 before the first. */
  get index(): number {
    return this.#index;
  }

  /** End of the next bar; infinity when all are read. */
  get nextEnd(): EpochMs {
    return this.#index + 1 < this.#columns.length ? this.#endOf(this.#index + 1) : Number.POSITIVE_INFINITY;
  }

  /** Reads the next bar and updates the features. */
  next(): void {
    this.#index += 1;
    const [bar, columns, i] = [this.bar, this.#columns, this.#index];
    bar.ts = columns.ts[i]!;
    bar.endTs = this.#endOf(i);
    bar.open = columns.open[i]!;
    bar.high = columns.high[i]!;
    bar.low = columns.low[i]!;
    bar.close = columns.close[i]!;
    bar.volume = columns.volume[i]!;
    bar.nTicks = columns.nTicks?.[i] ?? Number.NaN;
    bar.vwap = columns.vwap?.[i] ?? Number.NaN;
    for (const slot of this.#slots) {
      slot.state.update(bar, this.#out, 0);
      this.#publish(slot);
    }
  }

  /** Forgets window and features, as after a gap; the bars go on where they are. */
  restart(): void {
    this.#start = this.#index + 1;
    for (const slot of this.#slots) {
      slot.state.reset();
      this.#publish(slot, Number.NaN);
    }
  }

  ts(ago = 0): EpochMs {
    return this.#read(this.#columns.ts, ago);
  }
  open(ago = 0): number {
    return this.#read(this.#columns.open, ago);
  }
  high(ago = 0): number {
    return this.#read(this.#columns.high, ago);
  }
  low(ago = 0): number {
    return this.#read(this.#columns.low, ago);
  }
  close(ago = 0): number {
    return this.#read(this.#columns.close, ago);
  }
  volume(ago = 0): number {
    return this.#read(this.#columns.volume, ago);
  }

  #checkEnds(): void {
    let before = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.#columns.length; i += 1) {
      const end = this.#endOf(i);
      if (!(end > before && end < Number.POSITIVE_INFINITY)) {
        throw testingError(
          'TESTING_INPUT_INVALID',
          `Bar ${i} of '${this.symbol}' ends at ${end}, not after the bar before.`,
        );
      }
      before = end;
    }
  }

  #endOf(index: number): EpochMs {
    const end = this.#columns.endTs?.[index] ?? Number.NaN;
    return Number.isNaN(end) ? this.#columns.ts[index]! + this.#barMs : end;
  }

  #publish(slot: FeatureSlot, value?: number): void {
    if (slot.outputs.length === 1 && slot.outputs[0] === 'value') {
      this.features[slot.name] = value ?? this.#out[0]!;
      return;
    }
    const values: Record<string, number> = {};
    slot.outputs.forEach((output, k) => {
      values[output] = value ?? this.#out[k]!;
    });
    this.features[slot.name] = values;
  }

  #read(column: Float64Array, ago: number): number {
    return ago >= 0 && ago < this.length ? column[this.#index - ago]! : Number.NaN;
  }
}
