import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DailyRollup, dailyReturns, type DailyRow } from './daily-rollup.js';

describe('DailyRollup', () => {
  it('closes a row when the trading day changes, with what happened in between', () => {
    const rollup = new DailyRollup(1000);
    rollup.fill({ turnover: 500, fee: 1, realised: 0 });
    rollup.mark(20240102, 1009, 10);
    rollup.startDay(20240103);
    rollup.fill({ turnover: 255, fee: 0.5, realised: 10 }, 2);
    rollup.financing(-2);
    rollup.deposit(100);
    rollup.mark(20240103, 1116, 0);
    expect(rollup.rows()).toEqual([
      {
        tradingDay: 20240102,
        equityStart: 1000,
        equityEnd: 1009,
        realised: 0,
        unrealised: 10,
        fees: 1,
        financing: 0,
        fills: 1,
        turnover: 500,
        deposits: 0,
      },
      {
        tradingDay: 20240103,
        equityStart: 1009,
        equityEnd: 1116,
        realised: 20,
        unrealised: 0,
        fees: 1,
        financing: -2,
        fills: 1,
        turnover: 510,
        deposits: 100,
      },
    ]);
    expect([...dailyReturns(rollup.rows())]).toEqual([9 / 1000, 7 / 1109]);
  });

  it('has no row of a day in which nothing was marked, filled or paid', () => {
    const rollup = new DailyRollup(1000);
    const end = (tradingDay: number, equity: number, markedTs: number): void =>
      rollup.endDay({ tradingDay, equity, unrealised: 0, markedTs, at: tradingDay * 10 });
    const days = (): readonly number[] => rollup.rows().map((row) => row.tradingDay);
    end(1, 1000, Number.NaN);
    expect(days()).toEqual([]);
    end(2, 1000, 15);
    expect(days()).toEqual([2]);
    // Marked last at the end of the day before.
    end(3, 1000 + 1e-10, 20);
    expect(days()).toEqual([2]);
    rollup.startDay(4);
    rollup.fill({ turnover: 1, fee: 0, realised: 0 });
    end(4, 1000, 30);
    end(5, 1000, 45);
    // A rate has moved what the cash is worth.
    end(6, 1001, 50);
    end(6, 1002, 50);
    end(7, 1002, 60);
    expect(days()).toEqual([2, 4, 5, 6]);
    expect(rollup.rows().at(-1)).toMatchObject({ equityStart: 1000, equityEnd: 1002 });
  });

  it('loses nothing between days', () => {
    const event = fc.record({ days: fc.nat(2), profit: fc.integer({ min: -50, max: 50 }), deposit: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), (events) => {
        const rollup = new DailyRollup(1000);
        let equity = 1000;
        let day = 20240101;
        for (const { days, profit, deposit } of events) {
          day += days;
          rollup.startDay(day);
          rollup.fill({ turnover: Math.abs(profit), fee: 1, realised: profit });
          rollup.deposit(deposit);
          equity += profit - 1 + deposit;
          rollup.mark(day, equity, 0);
        }
        const rows = rollup.rows();
        for (const row of rows) {
          expect(row.equityEnd - row.equityStart).toBe(row.realised - row.fees + row.deposits);
        }
        expect(rows.reduce((sum, row) => sum + row.fills, 0)).toBe(events.length);
        expect(rows.at(-1)?.equityEnd).toBe(equity);
      }),
    );
  });

  it('refuses a day before the running one', () => {
    const rollup = new DailyRollup(1000);
    rollup.mark(20240103, 1000, 0);
    expect(() => rollup.mark(20240102, 1000, 0)).toThrow('20240102 cannot follow 20240103');
    expect(() => new DailyRollup(Number.NaN)).toThrow('finite');
  });

  it('has no return where there is no capital', () => {
    expect([...dailyReturns([row(1, 0, 10)])]).toEqual([Number.NaN]);
  });
});

function row(tradingDay: number, equityStart: number, equityEnd: number): DailyRow {
  const nothing = { realised: 0, unrealised: 0, fees: 0, financing: 0, fills: 0, turnover: 0, deposits: 0 };
  return { ...nothing, tradingDay, equityStart, equityEnd };
}
