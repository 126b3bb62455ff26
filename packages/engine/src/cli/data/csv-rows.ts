// Blocks as lines of CSV that the CSV feed reads back exactly.
import type { HistoryBlock } from '@bookrunner/sdk';

/** How times are written. */
export type ExportTime = 'epoch-ms' | 'iso';

const BAR_NAMES = ['ts', 'open', 'high', 'low', 'close', 'volume', 'endTs', 'nTicks', 'vwap'] as const;
const TICK_NAMES = ['ts', 'recvTs', 'bid', 'ask', 'bidSize', 'askSize', 'last', 'size'] as const;
const TIME_NAMES: readonly string[] = ['ts', 'endTs', 'recvTs'];

/** Names of the columns of a kind, in order. */
export function csvNames(kind: 'bars' | 'ticks'): readonly string[] {
  return kind === 'bars' ? BAR_NAMES : TICK_NAMES;
}

/** The rows of a block, each ended by a line feed; unknown values are empty, numbers have their shortest exact text. */
export function csvLines(block: HistoryBlock, names: readonly string[], time: ExportTime): string {
  const columns = block.columns as unknown as Readonly<Record<string, Float64Array | undefined>>;
  const writers = names.map((name) => {
    const values = columns[name];
    const isIso = time === 'iso' && TIME_NAMES.includes(name);
    return (i: number): string => {
      const value = values?.[i] ?? Number.NaN;
      if (Number.isNaN(value)) return '';
      return isIso ? new Date(value).toISOString() : String(value);
    };
  });
  let text = '';
  for (let i = 0; i < block.columns.length; i += 1) text += `${writers.map((write) => write(i)).join(',')}\n`;
  return text;
}

/** Names of columns that hold a value in some block; the required ones always. */
export function namesInUse(kind: 'bars' | 'ticks', used: ReadonlySet<string>): readonly string[] {
  const required = kind === 'bars' ? BAR_NAMES.slice(0, 6) : TICK_NAMES.slice(0, 1);
  return csvNames(kind).filter((name) => (required as readonly string[]).includes(name) || used.has(name));
}
