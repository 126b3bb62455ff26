import { parseTimeframe } from '../bars/timeframe.js';
import type { BarColumns, BarSpec, EpochMs, HistoryBlock, TickColumns } from '@bookrunner/sdk';

/** Whether two bar specs name the same bars; absent specs mean ticks. Options left out have their defaults. */
export function isSameSpec(a: BarSpec | undefined, b: BarSpec | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.use === b.use && specKey(a) === specKey(b);
}

function specKey(spec: BarSpec): string {
  const { seconds: given, timeframe, price = 'last', ...rest } = spec.options;
  const byDefault = spec.use === 'time' ? 60 : undefined;
  const seconds = given ?? (typeof timeframe === 'string' ? parseTimeframe(timeframe) : byDefault);
  const relevant = { ...rest, seconds, price };
  // Whether bars carry an average, or flat bars in gaps, does not make them other bars to a reader.
  const names = Object.keys(relevant).filter((name) => !['vwap', 'fillGaps', 'outsideSession'].includes(name));
  return JSON.stringify(names.sort().map((name) => [name, relevant[name as keyof typeof relevant]]));
}

/** The rows of a block that were available inside `[from, to)`; nothing where there are none. */
export function* clippedBlocks(block: HistoryBlock, from: EpochMs, to: EpochMs): Generator<HistoryBlock> {
  const { length } = block.columns;
  const ts = availabilityOf(block.columns);
  const start = lowerBound(ts, length, from);
  const end = lowerBound(ts, length, to);
  if (start >= end) return;
  yield start === 0 && end === length ? block : sliceBlock(block, start, end);
}

/** The ascending times of a block: when each row was received, where that is known, else its time. */
export function availabilityOf(columns: BarColumns | TickColumns): Float64Array {
  const recvTs = 'recvTs' in columns ? columns.recvTs : undefined;
  if (recvTs === undefined) return columns.ts;
  const { ts, length } = columns;
  const known = recvTs.subarray(0, length);
  return known.every((value) => value === value) ? known : known.map((value, i) => (value === value ? value : ts[i]!));
}

/** End of a bar; where its source does not say, it lasts as long as its spec says. */
export function endOfBar(columns: Pick<BarColumns, 'ts' | 'endTs'>, row: number, barMs: number): EpochMs {
  const end = columns.endTs?.[row];
  return end === undefined || Number.isNaN(end) ? columns.ts[row]! + barMs : end;
}

/** Index of the first time at or after `value`. */
export function lowerBound(ts: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows `[start, end)` of a block, as views. */
export function sliceBlock(block: HistoryBlock, start: number, end: number): HistoryBlock {
  if (block.kind === 'bars') return { ...block, columns: sliceColumns(block.columns, start, end) };
  return { ...block, columns: sliceColumns(block.columns, start, end) };
}

function sliceColumns<Columns extends BarColumns | TickColumns>(columns: Columns, start: number, end: number): Columns {
  const entries = Object.entries(columns).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Float64Array ? value.subarray(start, end) : value,
  ]);
  return { ...(Object.fromEntries(entries) as Columns), length: end - start };
}
