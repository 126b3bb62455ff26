// What a run is judged by. Every figure is defined in docs/metrics.md, with its source.
import { DAY_MS, type EpochMs } from '@bookrunner/sdk';
import { dailyReturns, type DailyRow } from './daily-rollup.js';
import { metricsError } from './metrics-errors.js';
import { periodRate, compound, downsideDeviation, mean, standardDeviation } from './metrics-series.js';
import type { TradeStatistics } from './trade-statistics.js';

/**
 * Figures of closed trades. Money is in the book's currency and after fees; `null` is "not defined", because JSON has no NaN.
 */
export interface TradeMetrics {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  /** Trades won after fees as a share of all closed trades, 0 to 1. */
  readonly hitRate: number | null;
  readonly avgWin: number | null;
  /** Average loss as an unsigned amount. */
  readonly avgLoss: number | null;
  readonly avgTrade: number | null;
  /** Average win divided by average loss. */
  readonly payoff: number | null;
  /** Sum of wins divided by sum of losses. */
  readonly profitFactor: number | null;
  /** Expected profit of a trade as a multiple of the average loss. */
  readonly expectancy: number | null;
  readonly bestTrade: number | null;
  readonly worstTrade: number | null;
  readonly longestWinStreak: number;
  readonly longestLossStreak: number;
  readonly avgHoldingHours: number | null;
  readonly longTrades: number;
  readonly longPnl: number;
  readonly shortTrades: number;
  readonly shortPnl: number;
}

/**
 * Figures of a book or a whole portfolio. Rates and shares are fractions (0.25 is a quarter) except where the name ends in
 * `Pct` or `Bps`; `null` is "not defined", because JSON has no NaN.
 */
export interface Metrics extends TradeMetrics {
  readonly initialEquity: number;
  readonly finalEquity: number;
  /** Profit in money: final less initial equity less deposits. */
  readonly profit: number;
  readonly totalReturn: number | null;
  readonly cagr: number | null;
  readonly volatility: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly maxDrawdown: number;
  readonly maxDrawdownValue: number;
  readonly maxDrawdownDays: number;
  /** Money traded as a multiple of average equity: over the run, and a year. */
  readonly turnover: number | null;
  readonly turnoverAnnual: number | null;
  readonly turnoverValue: number;
  readonly fills: number;
  readonly fees: number;
  /** Fees in per cent of the capital put in. */
  readonly feesPct: number | null;
  /** Fees in basis points of the money traded. */
  readonly feesBps: number | null;
  readonly financing: number;
  /** Slippage against the reference prices, in money and in basis points of the money traded. */
  readonly implicitCosts: number | null;
  readonly implicitCostsBps: number | null;
  /** Share of time with a position, and average gross exposure as a multiple of average equity. */
  readonly exposure: number | null;
  readonly averageLeverage: number | null;
  readonly days: number;
  readonly bestDay: number | null;
  readonly worstDay: number | null;
  readonly positiveDays: number | null;
  /** Periods a year used to periodRate. */
  readonly periodsPerYear: number;
}

/** What {@link computeMetrics} needs of an equity curve; {@link EquityCurve} has it. */
export interface MetricsCurve {
  readonly firstTs: EpochMs;
  readonly lastTs: EpochMs;
  readonly maxDrawdown: number;
  readonly maxDrawdownValue: number;
  readonly maxDrawdownDays: number;
  readonly timeInMarket: number;
  readonly averageEquity: number;
  readonly averageExposed: number;
}

/** Input of {@link computeMetrics}. */
export interface MetricsInput {
  /** Capital before the first day. */
  readonly initialEquity: number;
  readonly curve: MetricsCurve;
  readonly daily: readonly DailyRow[];
  readonly trades: TradeStatistics;
  /** Days a year that the book's calendar trades: {@link periodsPerYear}. */
  readonly periodsPerYear: number;
  /** Slippage in money, positive where it cost; leave out where no reference prices were known. */
  readonly implicitCosts?: number;
  /** Yearly rate that could be earned without risk, as a fraction; 0 unless told otherwise. */
  readonly riskFreeRate?: number;
}

/** A year of 365.25 days. */
const YEAR_MS = 365.25 * DAY_MS;

/** Trading days a year of a calendar: 365 for `24x7`, 260 for `24x5`, 252 for exchanges. */
export function periodsPerYear(calendarId: string): number {
  if (calendarId === '24x7') return 365;
  return calendarId === '24x5' ? 260 : 252;
}

/**
 * The metrics of a run. Errors: METRICS_INPUT_INVALID.
 */
export function computeMetrics(input: MetricsInput): Metrics {
  checkInput(input);
  const { initialEquity, curve, daily } = input;
  const finalEquity = daily.at(-1)?.equityEnd ?? initialEquity;
  const returns = dailyReturns(daily).filter((value) => !Number.isNaN(value));
  const years = (curve.lastTs - curve.firstTs) / YEAR_MS;
  const deposits = total(daily, 'deposits');
  const flowed = daily.some((row) => row.deposits !== 0);
  const totalReturn = flowed ? compound(returns) : ratio(finalEquity - initialEquity, initialEquity);
  const cagr = annualGrowth(totalReturn, years);
  return {
    initialEquity,
    finalEquity,
    profit: finalEquity - initialEquity - deposits,
    totalReturn,
    cagr,
    ...risk(returns, input),
    calmar: cagr === null ? null : ratio(cagr, curve.maxDrawdown),
    maxDrawdown: curve.maxDrawdown,
    maxDrawdownValue: curve.maxDrawdownValue,
    maxDrawdownDays: curve.maxDrawdownDays,
    ...costs(input, years),
    exposure: defined(curve.timeInMarket),
    averageLeverage: ratio(curve.averageExposed, curve.averageEquity),
    days: daily.length,
    ...dayExtremes(returns),
    periodsPerYear: input.periodsPerYear,
    ...tradeMetrics(input.trades),
  };
}

/** The part of the metrics that closed trades alone decide. */
export function tradeMetrics(trades: TradeStatistics): TradeMetrics {
  const { count, wins, losses, grossProfit, grossLoss, pnl } = trades;
  const avgTrade = ratio(pnl, count);
  const avgLoss = ratio(grossLoss, losses);
  const avgWin = ratio(grossProfit, wins);
  return {
    trades: count,
    wins,
    losses,
    hitRate: ratio(wins, count),
    avgWin,
    avgLoss,
    avgTrade,
    payoff: avgWin === null || avgLoss === null ? null : ratio(avgWin, avgLoss),
    profitFactor: ratio(grossProfit, grossLoss),
    expectancy: avgTrade === null || avgLoss === null ? null : ratio(avgTrade, avgLoss),
    bestTrade: defined(trades.best),
    worstTrade: defined(trades.worst),
    longestWinStreak: trades.longestWinStreak,
    longestLossStreak: trades.longestLossStreak,
    avgHoldingHours: defined(trades.averageHoldingMs / 3_600_000),
    longTrades: trades.longCount,
    longPnl: trades.longPnl,
    shortTrades: count - trades.longCount,
    shortPnl: count === trades.longCount ? 0 : pnl - trades.longPnl,
  };
}

/**
 * Money that trading at `price` cost against its reference price: positive where the fill was worse. `direction` is +1 for a buy,
 * -1 for a sell; the result is in the quote currency.
 */
export function implicitCost(direction: 1 | -1, fill: ImplicitCostFill, pointValue: number): number {
  return direction * (fill.price - fill.decisionPrice) * fill.qty * pointValue;
}

/** What {@link implicitCost} needs of a fill. */
export interface ImplicitCostFill {
  readonly price: number;
  readonly decisionPrice: number;
  /** Unsigned units. */
  readonly qty: number;
}

type RiskFigures = Pick<Metrics, 'volatility' | 'sharpe' | 'sortino'>;
type CostFigures = Pick<
  Metrics,
  | 'turnover'
  | 'turnoverAnnual'
  | 'turnoverValue'
  | 'fills'
  | 'fees'
  | 'feesPct'
  | 'feesBps'
  | 'financing'
  | 'implicitCosts'
  | 'implicitCostsBps'
>;

function risk(returns: Float64Array, input: MetricsInput): RiskFigures {
  const periods = input.periodsPerYear;
  const perPeriod = periodRate(input.riskFreeRate ?? 0, periods);
  const deviation = standardDeviation(returns);
  const excess = mean(returns) - perPeriod;
  const year = Math.sqrt(periods);
  const sharpe = ratio(excess, deviation);
  const sortino = returns.length < 2 ? null : ratio(excess, downsideDeviation(returns, perPeriod));
  return {
    volatility: defined(deviation * year),
    sharpe: sharpe === null ? null : sharpe * year,
    sortino: sortino === null ? null : sortino * year,
  };
}

function costs(input: MetricsInput, years: number): CostFigures {
  const { daily, curve } = input;
  const turnoverValue = total(daily, 'turnover');
  const fees = total(daily, 'fees');
  const turnover = ratio(turnoverValue, curve.averageEquity);
  const capital = input.initialEquity + daily.reduce((sum, row) => sum + Math.max(row.deposits, 0), 0);
  const feesShare = ratio(fees, capital);
  const feesOfTurnover = ratio(fees, turnoverValue);
  const implicitCosts = input.implicitCosts ?? null;
  const implicitShare = implicitCosts === null ? null : ratio(implicitCosts, turnoverValue);
  return {
    turnover,
    turnoverAnnual: turnover === null ? null : ratio(turnover, years),
    turnoverValue,
    fills: total(daily, 'fills'),
    fees,
    feesPct: feesShare === null ? null : feesShare * 100,
    feesBps: feesOfTurnover === null ? null : feesOfTurnover * 10_000,
    financing: total(daily, 'financing'),
    implicitCosts,
    implicitCostsBps: implicitShare === null ? null : implicitShare * 10_000,
  };
}

function dayExtremes(returns: Float64Array): Pick<Metrics, 'bestDay' | 'worstDay' | 'positiveDays'> {
  if (returns.length === 0) return { bestDay: null, worstDay: null, positiveDays: null };
  let best = Number.NEGATIVE_INFINITY;
  let worst = Number.POSITIVE_INFINITY;
  let positive = 0;
  for (const value of returns) {
    if (value > best) best = value;
    if (value < worst) worst = value;
    if (value > 0) positive += 1;
  }
  return { bestDay: best, worstDay: worst, positiveDays: positive / returns.length };
}

/** Growth a year; a year of history or more is not required, a day is. All lost, or more, is -1. */
function annualGrowth(totalReturn: number | null, years: number): number | null {
  if (totalReturn === null || !(years * YEAR_MS >= DAY_MS)) return null;
  return totalReturn <= -1 ? -1 : defined((1 + totalReturn) ** (1 / years) - 1);
}

function total(rows: readonly DailyRow[], key: Exclude<keyof DailyRow, 'tradingDay'>): number {
  return rows.reduce((sum, row) => sum + row[key], 0);
}

/** The quotient, or null where it is not a number. A denominator of 0 or below has no meaning in any of these figures. */
function ratio(numerator: number, denominator: number): number | null {
  return denominator > 0 ? defined(numerator / denominator) : null;
}

function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function checkInput(input: MetricsInput): void {
  const { initialEquity, periodsPerYear: periods, implicitCosts = 0, riskFreeRate = 0 } = input;
  const invalid = (what: string): never => {
    throw metricsError('METRICS_INPUT_INVALID', `${what}.`);
  };
  if (!Number.isFinite(initialEquity)) invalid(`initialEquity has to be finite; it is ${initialEquity}`);
  if (!(periods > 0) || !Number.isFinite(periods)) invalid(`periodsPerYear has to be above 0; it is ${periods}`);
  if (!Number.isFinite(implicitCosts)) invalid(`implicitCosts has to be finite; it is ${implicitCosts}`);
  if (!(riskFreeRate > -1) || !Number.isFinite(riskFreeRate)) {
    invalid(`riskFreeRate has to be above -1; it is ${riskFreeRate}`);
  }
}
