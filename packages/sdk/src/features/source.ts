import type { BarColumns, BarValues } from '../model/bar.js';
import { featureInvalid } from './parameters.js';

/** Which number of a bar a feature reads: a field, or `hl2` (high + low) / 2, `hlc3` (high + low + close) / 3, `ohlc4` the mean of four. */
export type BarSource = 'close' | 'open' | 'high' | 'low' | 'volume' | 'hl2' | 'hlc3' | 'ohlc4';

/** Options of features that read one number of each bar. */
export interface SourceOptions {
  /** Default `close`. */
  readonly source?: BarSource;
}

/** What a feature reads of each bar. A method and no function: what a module imports is looked up anew at each use. */
export class Source {
  readonly name: BarSource;
  /** The name as a small integer, so that the hot path compares no strings. */
  private readonly code: number;

  constructor(name: BarSource, code: number) {
    this.name = name;
    this.code = code;
  }

  /** The number of a bar. The fields are read here and not in {@link readMean}, which may not be inlined. */
  read(bar: BarValues): number {
    switch (this.code) {
      case 0:
        return bar.close;
      case 1:
        return bar.open;
      case 2:
        return bar.high;
      case 3:
        return bar.low;
      case 4:
        return bar.volume;
      default:
        return readMean(bar, this.code);
    }
  }

  /** The same over columns: the column itself for a field, a new one for a mean. */
  column(bars: BarColumns): Float64Array {
    const { name } = this;
    switch (name) {
      case 'hl2':
      case 'hlc3':
      case 'ohlc4':
        return meanColumn(bars, this.code);
      default:
        return fieldColumn(bars, name);
    }
  }
}

const NAMES: readonly BarSource[] = ['close', 'open', 'high', 'low', 'volume', 'hl2', 'hlc3', 'ohlc4'];
const SOURCES: readonly Source[] = NAMES.map((name, code) => new Source(name, code));

/** The commonest source. */
export const CLOSE: Source = SOURCES[0]!;

/** The source of a name; throws FEATURE_INVALID for an unknown one. */
export function sourceOf(feature: string, name: unknown): Source {
  const source = SOURCES.find((known) => known.name === name);
  if (source === undefined)
    throw featureInvalid(feature, `the source has to be one of ${NAMES.join(', ')} and is ${String(name)}`);
  return source;
}

function readMean(bar: BarValues, code: number): number {
  if (code === 5) return (bar.high + bar.low) / 2;
  if (code === 6) return (bar.high + bar.low + bar.close) / 3;
  return (bar.open + bar.high + bar.low + bar.close) / 4;
}

/** A column of the bars; throws FEATURE_INVALID where its length is not `bars.length`. */
export function fieldColumn(bars: BarColumns, field: keyof BarValues): Float64Array {
  const column = bars[field];
  if (column.length !== bars.length) {
    throw featureInvalid('bars', `column ${field} holds ${column.length} values where length says ${bars.length}`);
  }
  return column;
}

function meanColumn(bars: BarColumns, code: number): Float64Array {
  const open = fieldColumn(bars, 'open');
  const high = fieldColumn(bars, 'high');
  const low = fieldColumn(bars, 'low');
  const close = fieldColumn(bars, 'close');
  const out = new Float64Array(bars.length);
  // One bar object refilled, so that the arithmetic exists once.
  const bar = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
  for (let i = 0; i < out.length; i += 1) {
    bar.open = open[i]!;
    bar.high = high[i]!;
    bar.low = low[i]!;
    bar.close = close[i]!;
    out[i] = readMean(bar, code);
  }
  return out;
}
