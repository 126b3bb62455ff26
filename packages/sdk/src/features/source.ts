import type { BarColumns, BarValues } from '../model/bar.js';
import { featureInvalid } from './parameters.js';

/** Which number of a bar a feature reads: a field, or `hl2` (high + low) / 2, `hlc3` (high + low + close) / 3, `ohlc4` the mean of four. */
export type BarSource = 'close' | 'open' | 'high' | 'low' | 'volume' | 'hl2' | 'hlc3' | 'ohlc4';

/** Options of features that read one number of each bar. */
export interface SourceOptions {
  /** Default `close`. */
  readonly source?: BarSource;
}

/** A {@link BarSource} as a small integer, so that the hot path compares no strings. */
export type SourceCode = number;

const SOURCES: readonly BarSource[] = ['close', 'open', 'high', 'low', 'volume', 'hl2', 'hlc3', 'ohlc4'];

/** Code of `close`, the commonest source. */
export const CLOSE: SourceCode = 0;

/** Code of a source; throws FEATURE_INVALID for an unknown one. */
export function sourceCode(feature: string, source: unknown): SourceCode {
  const code = SOURCES.findIndex((known) => known === source);
  if (code < 0)
    throw featureInvalid(feature, `the source has to be one of ${SOURCES.join(', ')} and is ${String(source)}`);
  return code;
}

/** Name of a source code. */
export function sourceName(code: SourceCode): BarSource {
  return SOURCES[code] ?? 'close';
}

/** The number of a bar that `code` names. The fields are read here and not in {@link readMean}, which may not be inlined. */
export function readSource(bar: BarValues, code: SourceCode): number {
  switch (code) {
    // A number and not CLOSE: what a module exports is looked up anew at each use.
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
      return readMean(bar, code);
  }
}

function readMean(bar: BarValues, code: SourceCode): number {
  if (code === 5) return (bar.high + bar.low) / 2;
  if (code === 6) return (bar.high + bar.low + bar.close) / 3;
  return (bar.open + bar.high + bar.low + bar.close) / 4;
}

/** The same over columns: the column itself for a field, a new one for a mean. */
export function sourceColumn(bars: BarColumns, code: SourceCode): Float64Array {
  const source = sourceName(code);
  switch (source) {
    case 'hl2':
    case 'hlc3':
    case 'ohlc4':
      return meanColumn(bars, code);
    default:
      return fieldColumn(bars, source);
  }
}

/** A column of the bars; throws FEATURE_INVALID where its length is not `bars.length`. */
export function fieldColumn(bars: BarColumns, field: keyof BarValues): Float64Array {
  const column = bars[field];
  if (column.length !== bars.length) {
    throw featureInvalid('bars', `column ${field} holds ${column.length} values where length says ${bars.length}`);
  }
  return column;
}

function meanColumn(bars: BarColumns, code: SourceCode): Float64Array {
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
