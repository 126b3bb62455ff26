import type { BarColumns } from '../../model/bar.js';
import type { Tick, TickColumns } from '../../model/tick.js';
import type { EpochMs } from '../../model/time.js';

/** Which rows to take, in blocks of how many, and who hears of the others. */
export interface RowSelection {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly rows: number;
  readonly rejected: (line: number, reason: string) => void;
}

/** Ticks as blocks of columns: those with a price and a time not before the last. A price of 0 means unknown and is rejected. */
export function usableTicks(
  ticks: readonly Tick[],
  selection: RowSelection & { readonly symbol: string },
): readonly TickColumns[] {
  let before = Number.NEGATIVE_INFINITY;
  const usable = ticks.filter((tick, i) => {
    const at = Number.isNaN(tick.recvTs) ? tick.ts : tick.recvTs;
    const fault = tickFault(tick, at, before);
    if (fault === undefined) before = at;
    else selection.rejected(i + 1, fault);
    return fault === undefined && tick.ts >= selection.from && tick.ts < selection.to;
  });
  const column = (block: readonly Tick[], field: TickNumber): Float64Array =>
    Float64Array.from(block, (tick) => tick[field]);
  return blocksOf(usable, selection.rows).map((block) => ({
    symbol: selection.symbol,
    length: block.length,
    ts: column(block, 'ts'),
    recvTs: column(block, 'recvTs'),
    bid: column(block, 'bid'),
    ask: column(block, 'ask'),
    bidSize: column(block, 'bidSize'),
    askSize: column(block, 'askSize'),
    last: column(block, 'last'),
    size: column(block, 'size'),
  }));
}

type TickNumber = Exclude<keyof Tick, 'symbol' | 'venue'>;

function tickFault({ bid, ask, last }: Tick, at: EpochMs, before: EpochMs): string | undefined {
  if (!Number.isFinite(at)) return 'the time is not a number';
  if (at < before) return 'the time is before that of the row ahead';
  const prices = [bid, ask, last].filter((price) => !Number.isNaN(price));
  if (prices.length === 0) return 'there is no price';
  return prices.every((price) => Number.isFinite(price) && price !== 0) ? undefined : 'a price is 0 or infinite';
}

/** Bars as blocks of columns: those whose prices are finite and in order, after the bar before. */
export function usableBars(bars: BarColumns, selection: RowSelection): readonly BarColumns[] {
  let before = Number.NEGATIVE_INFINITY;
  const usable: number[] = [];
  for (let i = 0; i < bars.length; i += 1) {
    const fault = barFault(bars, i, before);
    const ts = bars.ts[i]!;
    if (fault !== undefined) selection.rejected(i + 1, fault);
    else before = ts;
    if (fault === undefined && ts >= selection.from && ts < selection.to) usable.push(i);
  }
  return blocksOf(usable, selection.rows).map((rows) => pickBars(bars, rows));
}

function barFault(bars: BarColumns, i: number, before: EpochMs): string | undefined {
  const [ts, open, high, low, close] = [bars.ts[i]!, bars.open[i]!, bars.high[i]!, bars.low[i]!, bars.close[i]!];
  if (!Number.isFinite(ts)) return 'the time is not a number';
  if (ts <= before) return 'the time is not after that of the bar ahead';
  if (![open, high, low, close].every(Number.isFinite)) return 'a price is not a number';
  return low <= Math.min(open, close) && Math.max(open, close) <= high
    ? undefined
    : 'high or low do not contain open and close';
}

function pickBars(bars: BarColumns, rows: readonly number[]): BarColumns {
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (i) => column[i]!);
  const { symbol, ts, open, high, low, close, volume, endTs, nTicks, vwap } = bars;
  return {
    symbol,
    length: rows.length,
    ts: pick(ts),
    open: pick(open),
    high: pick(high),
    low: pick(low),
    close: pick(close),
    volume: pick(volume),
    ...(endTs === undefined ? {} : { endTs: pick(endTs) }),
    ...(nTicks === undefined ? {} : { nTicks: pick(nTicks) }),
    ...(vwap === undefined ? {} : { vwap: pick(vwap) }),
  };
}

function blocksOf<T>(rows: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
}
