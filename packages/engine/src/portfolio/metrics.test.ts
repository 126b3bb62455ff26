import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DailyRow } from './daily-rollup.js';
import { computeMetrics, implicitCost, periodsPerYear, type Metrics, type MetricsInput } from './metrics.js';
import { TradeStatistics } from './trade-statistics.js';

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

const CURVE = {
  firstTs: 0,
  lastTs: 2 * YEAR,
  maxDrawdown: 0.1,
  maxDrawdownValue: 120,
  maxDrawdownDays: 3,
  timeInMarket: 0.5,
  averageEquity: 1100,
  averageExposed: 2200,
};

function days(equities: readonly number[], extra: Partial<DailyRow> = {}): DailyRow[] {
  const nothing = { realised: 0, unrealised: 0, fees: 0, financing: 0, fills: 0, turnover: 0, deposits: 0 };
  return equities
    .slice(1)
    .map((equityEnd, k) => ({ ...nothing, ...extra, tradingDay: 20240101 + k, equityStart: equities[k]!, equityEnd }));
}

function metricsOf(daily: readonly DailyRow[], extra: Partial<MetricsInput> = {}): Metrics {
  const initialEquity = daily[0]?.equityStart ?? 1000;
  const trades = new TradeStatistics();
  return computeMetrics({ initialEquity, curve: CURVE, daily, trades, periodsPerYear: 252, ...extra });
}

describe('computeMetrics', () => {
  it('gives the figures of an example computed by hand', () => {
    // Returns 10 %, -10 %, 20 %: mean 0.2/3, sample variance (0.0011.. + 0.0277.. + 0.0177..)/2 = 0.0233...
    const metrics = metricsOf(days([1000, 1100, 990, 1188], { fees: 2, turnover: 1000, fills: 1, financing: -1 }));
    expect(metrics.finalEquity).toBe(1188);
    expect(metrics.profit).toBe(188);
    expect(metrics.totalReturn).toBeCloseTo(0.188, 12);
    expect(metrics.cagr).toBeCloseTo(Math.sqrt(1.188) - 1, 12);
    expect(metrics.volatility).toBeCloseTo(Math.sqrt(0.07 / 3) * Math.sqrt(252), 10);
    expect(metrics.sharpe).toBeCloseTo((0.2 / 3 / Math.sqrt(0.07 / 3)) * Math.sqrt(252), 10);
    expect(metrics.sortino).toBeCloseTo((0.2 / 3 / Math.sqrt(0.01 / 3)) * Math.sqrt(252), 10);
    expect(metrics.calmar).toBeCloseTo((Math.sqrt(1.188) - 1) / 0.1, 10);
    expect([metrics.bestDay, metrics.worstDay, metrics.positiveDays]).toEqual([0.2, -0.1, 2 / 3]);
    expect([metrics.fees, metrics.fills, metrics.financing, metrics.days]).toEqual([6, 3, -3, 3]);
    expect(metrics.feesPct).toBeCloseTo(0.6, 12);
    expect(metrics.feesBps).toBeCloseTo(20, 12);
    expect(metrics.turnover).toBeCloseTo(3000 / 1100, 12);
    expect(metrics.turnoverAnnual).toBeCloseTo(1500 / 1100, 12);
    expect([metrics.exposure, metrics.averageLeverage]).toEqual([0.5, 2]);
    expect([metrics.implicitCosts, metrics.implicitCostsBps]).toEqual([null, null]);
  });

  it('equals a naive computation of volatility, Sharpe and Sortino', () => {
    const series = fc.array(fc.integer({ min: 500, max: 1500 }), { minLength: 3, maxLength: 40 });
    const rate = fc.constantFrom(0, 0.03, 0.1);
    fc.assert(
      fc.property(series, rate, (equities, riskFreeRate) => {
        const metrics = metricsOf(days(equities), { riskFreeRate });
        const returns = equities.slice(1).map((equity, k) => (equity - equities[k]!) / equities[k]!);
        const perDay = Math.exp(Math.log1p(riskFreeRate) / 252) - 1;
        const average = returns.reduce((sum, value) => sum + value, 0) / returns.length;
        const spread = returns.map((value) => (value - average) ** 2).reduce((sum, value) => sum + value, 0);
        const deviation = Math.sqrt(spread / (returns.length - 1));
        const below = returns.map((value) => Math.min(0, value - perDay) ** 2).reduce((sum, value) => sum + value, 0);
        const downside = Math.sqrt(below / returns.length);
        expect(metrics.volatility).toBeCloseTo(deviation * Math.sqrt(252), 8);
        if (deviation > 1e-9) expectNear(metrics.sharpe, ((average - perDay) / deviation) * Math.sqrt(252));
        else expect(metrics.sharpe).toBeNull();
        if (downside > 1e-9) expectNear(metrics.sortino, ((average - perDay) / downside) * Math.sqrt(252));
      }),
    );
  });

  it('does not take deposits and withdrawals for returns', () => {
    const [first, second] = days([1000, 2100, 1050]);
    const rows = [
      { ...first!, deposits: 1000 },
      { ...second!, deposits: -1050 },
    ];
    const metrics = metricsOf(rows);
    expect(metrics.totalReturn).toBeCloseTo(0.05, 12);
    expect(metrics.profit).toBe(100);
    expect(metrics.worstDay).toBe(0);
  });

  it('answers null, never NaN, where a figure is not defined', () => {
    const still = { ...CURVE, lastTs: 0, timeInMarket: Number.NaN, averageEquity: Number.NaN, maxDrawdown: 0 };
    for (const metrics of [metricsOf([], { curve: still }), metricsOf(days([1000, 1000]), { curve: still })]) {
      const text = JSON.stringify(metrics);
      expect(Object.values(metrics).filter((value) => value !== null && !Number.isFinite(value))).toEqual([]);
      expect(JSON.parse(text)).toMatchObject({ cagr: null, sharpe: null, sortino: null, calmar: null, exposure: null });
    }
    expect(metricsOf(days([1000, 1010, 1020.1])).sortino).toBeNull();
    expect(metricsOf(days([1000, 1100]), { initialEquity: 0 }).totalReturn).toBeNull();
  });

  it('calls the loss of everything, or more, a growth of -1', () => {
    expect(metricsOf(days([1000, 0])).cagr).toBe(-1);
    expect(metricsOf(days([1000, -50])).cagr).toBe(-1);
    expect(metricsOf(days([1000, -50])).totalReturn).toBeCloseTo(-1.05, 12);
  });

  it('states implicit costs in money and of the money traded', () => {
    const metrics = metricsOf(days([1000, 1000], { turnover: 20_000 }), { implicitCosts: 4 });
    expect([metrics.implicitCosts, metrics.implicitCostsBps]).toEqual([4, 2]);
    const fill = { price: 101, decisionPrice: 100.5, qty: 10 };
    expect(implicitCost(1, fill, 50)).toBe(250);
    expect(implicitCost(-1, fill, 50)).toBe(-250);
  });

  it('refuses input that is not a number', () => {
    expect(() => metricsOf([], { initialEquity: Number.NaN })).toThrow('initialEquity');
    expect(() => metricsOf([], { periodsPerYear: 0 })).toThrow('periodsPerYear');
    expect(() => metricsOf([], { implicitCosts: Number.POSITIVE_INFINITY })).toThrow('implicitCosts');
    expect(() => metricsOf([], { riskFreeRate: -1 })).toThrow('riskFreeRate');
  });
});

describe('periodsPerYear', () => {
  it('follows the calendar', () => {
    expect(['24x7', '24x5', 'XNYS', 'CMES'].map(periodsPerYear)).toEqual([365, 260, 252, 252]);
  });
});

function expectNear(value: number | null, expected: number): void {
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(expected)));
}
