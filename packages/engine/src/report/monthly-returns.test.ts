import { describe, expect, it } from '@jest/globals';
import type { DailyRow } from '../portfolio/daily-rollup.js';
import { monthlyReturns } from './monthly-returns.js';

describe('monthlyReturns', () => {
  it('compounds days to months and months to years', () => {
    const rows = [
      day(20231229, 100, 110),
      day(20240102, 110, 121),
      day(20240103, 121, 133.1),
      day(20240301, 133.1, 133.1),
    ];
    const years = monthlyReturns(rows);
    expect(years.map((year) => year.year)).toEqual([2023, 2024]);
    expect(years[0]?.months[11]).toBeCloseTo(0.1, 12);
    expect(years[1]?.months[0]).toBeCloseTo(0.21, 12);
    expect(years[1]?.months.slice(1, 4)).toEqual([null, 0, null]);
    expect(years[1]?.total).toBeCloseTo(0.21, 12);
  });

  it('is empty without days, and takes a day without capital for no change', () => {
    expect(monthlyReturns([])).toEqual([]);
    expect(monthlyReturns([day(20240102, 0, 10)])[0]?.months[0]).toBe(0);
  });
});

function day(tradingDay: number, equityStart: number, equityEnd: number): DailyRow {
  const nothing = { realised: 0, unrealised: 0, fees: 0, financing: 0, fills: 0, turnover: 0, deposits: 0 };
  return { ...nothing, tradingDay, equityStart, equityEnd };
}
