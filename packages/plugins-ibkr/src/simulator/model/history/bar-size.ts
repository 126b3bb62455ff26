// Bar sizes and durations as the TWS API writes them.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';

/** A bar size: so many milliseconds within a session, or whole days. */
export type BarSize = { readonly kind: 'intraday'; readonly ms: number } | { readonly kind: 'day' | 'week' | 'month' };

/** How far back a request reaches. Seconds are seconds of trading, days are trading days. */
export interface HistoryDuration {
  readonly count: number;
  readonly unit: 'S' | 'D' | 'W' | 'M' | 'Y';
}

const SIZES: Readonly<Record<string, BarSize>> = {
  ...intraday('sec', SECOND_MS, [1, 5, 10, 15, 30]),
  ...intraday('min', MINUTE_MS, [1, 2, 3, 5, 10, 15, 20, 30]),
  ...intraday('hour', HOUR_MS, [1, 2, 3, 4, 8]),
  '1 day': { kind: 'day' },
  '1d': { kind: 'day' },
  '1 week': { kind: 'week' },
  '1w': { kind: 'week' },
  '1 month': { kind: 'month' },
  '1m': { kind: 'month' },
};

/** What a refusal lists. */
export const LEGAL_SIZES =
  '1 secs,5 secs,10 secs,15 secs,30 secs,1 min,2 mins,3 mins,5 mins,10 mins,15 mins,20 mins,30 mins,1 hour,2 hours,3 hours,4 hours,8 hours,1 day,1W,1M';

/** The size of `5 mins`; undefined where TWS knows none. Singular and plural are both taken. */
export function readBarSize(text: string): BarSize | undefined {
  return SIZES[text.trim().toLowerCase().replace(/s$/, '')];
}

/** The duration of `3 D`; undefined where it is none. */
export function readDuration(text: string): HistoryDuration | undefined {
  const match = /^(\d+) ([SDWMY])$/.exec(text.trim());
  const count = Number(match?.[1] ?? 0);
  return match === null || count === 0 ? undefined : { count, unit: match[2] as HistoryDuration['unit'] };
}

/** The instant a number of weeks, months or years before another. */
export function calendarStart(end: number, { count, unit }: HistoryDuration): number {
  if (unit === 'W') return end - count * 7 * DAY_MS;
  const date = new Date(end);
  if (unit === 'M') date.setUTCMonth(date.getUTCMonth() - count);
  else date.setUTCFullYear(date.getUTCFullYear() - count);
  return date.getTime();
}

function intraday(unit: string, ms: number, counts: readonly number[]): Record<string, BarSize> {
  return Object.fromEntries(counts.map((count) => [`${count} ${unit}`, { kind: 'intraday', ms: count * ms }]));
}
