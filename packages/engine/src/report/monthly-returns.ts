// Daily returns compounded to months and years.
import type { DailyRow } from '../portfolio/daily-rollup.js';
import { dailyReturns } from '../portfolio/daily-rollup.js';

/** One calendar year of trading days. */
export interface YearReturns {
  readonly year: number;
  /** Twelve returns as fractions; null for a month without a trading day. */
  readonly months: readonly (number | null)[];
  /** The months of the year compounded. */
  readonly total: number | null;
}

/** Returns by month of the trading day, from the first year to the last. Days without capital count as no change. */
export function monthlyReturns(rows: readonly DailyRow[]): readonly YearReturns[] {
  const returns = dailyReturns(rows);
  const years = new Map<number, (number | null)[]>();
  rows.forEach((row, index) => {
    const year = Math.floor(row.tradingDay / 10_000);
    const month = Math.floor((row.tradingDay % 10_000) / 100) - 1;
    const months = years.get(year) ?? Array.from({ length: 12 }, (): number | null => null);
    const value = returns[index]!;
    months[month] = (1 + (months[month] ?? 0)) * (1 + (Number.isNaN(value) ? 0 : value)) - 1;
    years.set(year, months);
  });
  return [...years].map(([year, months]) => ({ year, months, total: compounded(months) }));
}

function compounded(months: readonly (number | null)[]): number | null {
  const known = months.filter((month) => month !== null);
  return known.length === 0 ? null : known.reduce((growth, month) => growth * (1 + month), 1) - 1;
}
