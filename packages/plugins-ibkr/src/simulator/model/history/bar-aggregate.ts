import { MINUTE_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { WireBar } from '../../wire/messages.js';
import type { MarketRecord } from '../market/market-record.js';
import type { MarketTick } from '../market/price-walk.js';

/** Which prices bars are made of. */
export type BarPrices = 'TRADES' | 'MIDPOINT' | 'BID' | 'ASK' | 'BID_ASK';

/** Values of one bar. */
export type BarValues = Omit<WireBar, 'date'>;

interface Sums {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
  count: number;
  /** Of bids and asks, for their averages. */
  bids: number;
  asks: number;
}

/** A stretch of time, `from <= ts < to`. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The bar of some stretches of trading; undefined where there was nothing to make one of. */
export function aggregate(
  record: MarketRecord,
  ranges: readonly TimeRange[],
  prices: BarPrices,
): BarValues | undefined {
  const sums: Sums = { ...NOTHING };
  for (const range of ranges) addRange(sums, { record, range }, prices);
  return sums.count === 0 ? undefined : valuesOf(sums, prices);
}

function addRange(
  sums: Sums,
  { record, range }: { readonly record: MarketRecord; readonly range: TimeRange },
  prices: BarPrices,
): void {
  for (let from = range.from; from < range.to;) {
    const minute = Math.floor(from / MINUTE_MS);
    const to = Math.min(range.to, (minute + 1) * MINUTE_MS);
    const isWhole = to - from === MINUTE_MS;
    if (!isWhole || !addMinute(sums, { record, minute }, prices)) addTicks(sums, record.ticks(from, to), prices);
    from = to;
  }
}

const NOTHING: Sums = {
  open: Number.NaN,
  high: Number.NEGATIVE_INFINITY,
  low: Number.POSITIVE_INFINITY,
  close: Number.NaN,
  volume: 0,
  turnover: 0,
  count: 0,
  bids: 0,
  asks: 0,
};

function addMinute(
  sums: Sums,
  { record, minute }: { readonly record: MarketRecord; readonly minute: number },
  prices: BarPrices,
): boolean {
  const summary = record.minute(minute);
  if (summary === undefined) return false;
  const { open, high, low, close, volume, count } = summary;
  const [below, above] = record.walk.quoteOffsets;
  const moves = { TRADES: 0, MIDPOINT: (above - below) / 2, BID: -below, ASK: above, BID_ASK: 0 };
  const move = moves[prices];
  const isBoth = prices === 'BID_ASK';
  add(sums, {
    high: high + (isBoth ? above : move),
    low: low - (isBoth ? below : -move),
    open: open + move,
    close: close + move,
  });
  sums.volume += volume;
  sums.turnover += ((open + high + low + close) / 4) * volume;
  sums.count += count;
  sums.bids += ((open + close) / 2 - below) * count;
  sums.asks += ((open + close) / 2 + above) * count;
  return true;
}

function addTicks(sums: Sums, ticks: readonly MarketTick[], prices: BarPrices): void {
  for (const tick of ticks) {
    const { bid, ask, last, lastSize } = tick;
    const hasQuote = bid !== -1 && ask !== -1;
    if (prices === 'TRADES' ? !(lastSize > 0) : !hasQuote) continue;
    const isBoth = prices === 'BID_ASK';
    const price = { TRADES: last, MIDPOINT: (bid + ask) / 2, BID: bid, ASK: ask, BID_ASK: bid }[prices];
    add(sums, { open: price, close: price, high: isBoth ? ask : price, low: price });
    sums.volume += lastSize;
    sums.turnover += last * lastSize;
    sums.count += 1;
    sums.bids += bid;
    sums.asks += ask;
  }
}

function add(sums: Sums, part: Pick<Sums, 'open' | 'high' | 'low' | 'close'>): void {
  if (sums.count === 0) sums.open = part.open;
  sums.high = Math.max(sums.high, part.high);
  sums.low = Math.min(sums.low, part.low);
  sums.close = part.close;
}

/** Only trades have volumes. Of both sides, open and close are the average bid and ask. */
function valuesOf(sums: Sums, prices: BarPrices): BarValues {
  const { high, low, volume, turnover, count, bids, asks } = sums;
  const [open, close] = prices === 'BID_ASK' ? [bids / count, asks / count] : [sums.open, sums.close];
  const bar = { open: tidy(open), high: tidy(high), low: tidy(low), close: tidy(close) };
  if (prices !== 'TRADES') return { ...bar, volume: -1, wap: -1, count: -1 };
  return { ...bar, volume: tidy(volume), wap: tidy(turnover / volume), count };
}

/** Sums of doubles leave dust. */
function tidy(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
