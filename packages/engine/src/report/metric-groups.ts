// The metrics as labelled text, in the order people look for them.
import type { Metrics, TradeMetrics } from '../portfolio/metrics.js';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSignedPercent,
} from './format.js';

/** One figure. */
export interface MetricLine {
  readonly label: string;
  readonly text: string;
}

/** Figures that belong together. */
export interface MetricGroup {
  readonly title: string;
  readonly lines: readonly MetricLine[];
}

const HOUR_MS = 3_600_000;

/** All metrics of a book or portfolio. Money is in `currency`, named in the titles. */
export function metricGroups(metrics: Metrics, currency: string): readonly MetricGroup[] {
  return [
    returnGroup(metrics, currency),
    riskGroup(metrics, currency),
    ...tradeGroups(metrics, currency),
    costGroup(metrics, currency),
  ];
}

function returnGroup(metrics: Metrics, currency: string): MetricGroup {
  return {
    title: `Return (${currency})`,
    lines: [
      { label: 'Initial equity', text: formatNumber(metrics.initialEquity) },
      { label: 'Final equity', text: formatNumber(metrics.finalEquity) },
      { label: 'Profit', text: formatSigned(metrics.profit) },
      { label: 'Total return', text: formatSignedPercent(metrics.totalReturn) },
      { label: 'CAGR', text: formatSignedPercent(metrics.cagr) },
      { label: 'Best day', text: formatSignedPercent(metrics.bestDay) },
      { label: 'Worst day', text: formatSignedPercent(metrics.worstDay) },
      { label: 'Positive days', text: formatPercent(metrics.positiveDays, 1) },
      { label: 'Trading days', text: formatCount(metrics.days) },
    ],
  };
}

function riskGroup(metrics: Metrics, currency: string): MetricGroup {
  return {
    title: 'Risk',
    lines: [
      { label: 'Sharpe', text: formatNumber(metrics.sharpe) },
      { label: 'Sortino', text: formatNumber(metrics.sortino) },
      { label: 'Calmar', text: formatNumber(metrics.calmar) },
      { label: 'Volatility, annual', text: formatPercent(metrics.volatility) },
      { label: 'Max drawdown', text: formatPercent(metrics.maxDrawdown) },
      { label: `Max drawdown (${currency})`, text: formatNumber(metrics.maxDrawdownValue) },
      { label: 'Longest drawdown', text: formatDuration(metrics.maxDrawdownDays * 24 * HOUR_MS) },
      { label: 'Time in market', text: formatPercent(metrics.exposure, 1) },
      { label: 'Average leverage', text: times(metrics.averageLeverage) },
      { label: 'Periods a year', text: formatCount(metrics.periodsPerYear) },
    ],
  };
}

/** The figures of closed trades. */
export function tradeGroups(trades: TradeMetrics, currency: string): readonly MetricGroup[] {
  return [
    {
      title: `Trades (${currency}, after fees)`,
      lines: [
        { label: 'Trades', text: formatCount(trades.trades) },
        { label: 'Hit rate (won after fees, of all trades)', text: formatPercent(trades.hitRate) },
        { label: 'Profit factor', text: formatNumber(trades.profitFactor) },
        { label: 'Payoff', text: formatNumber(trades.payoff) },
        { label: 'Average trade', text: formatSigned(trades.avgTrade) },
        { label: 'Average win', text: formatNumber(trades.avgWin) },
        { label: 'Average loss', text: formatNumber(trades.avgLoss) },
        { label: 'Expectancy (average losses)', text: formatSigned(trades.expectancy, 3) },
      ],
    },
    {
      title: 'Trades, details',
      lines: [
        { label: 'Wins / losses', text: `${formatCount(trades.wins)} / ${formatCount(trades.losses)}` },
        { label: 'Best trade', text: formatSigned(trades.bestTrade) },
        { label: 'Worst trade', text: formatSigned(trades.worstTrade) },
        { label: 'Longest winning streak', text: formatCount(trades.longestWinStreak) },
        { label: 'Longest losing streak', text: formatCount(trades.longestLossStreak) },
        { label: 'Average holding time', text: formatDuration(scaled(trades.avgHoldingHours, HOUR_MS)) },
        { label: 'Long trades / profit', text: `${formatCount(trades.longTrades)} / ${formatSigned(trades.longPnl)}` },
        {
          label: 'Short trades / profit',
          text: `${formatCount(trades.shortTrades)} / ${formatSigned(trades.shortPnl)}`,
        },
      ],
    },
  ];
}

function costGroup(metrics: Metrics, currency: string): MetricGroup {
  return {
    title: `Costs and turnover (${currency})`,
    lines: [
      { label: 'Fees', text: formatNumber(metrics.fees) },
      { label: 'Fees, of capital', text: formatPercent(scaled(metrics.feesPct, 0.01)) },
      { label: 'Fees, of money traded', text: basisPoints(metrics.feesBps) },
      { label: 'Slippage', text: formatSigned(metrics.implicitCosts) },
      { label: 'Slippage, of money traded', text: basisPoints(metrics.implicitCostsBps) },
      { label: 'Financing', text: formatSigned(metrics.financing) },
      { label: 'Money traded', text: formatNumber(metrics.turnoverValue, 0) },
      { label: 'Turnover, whole run', text: times(metrics.turnover) },
      { label: 'Turnover, a year', text: times(metrics.turnoverAnnual) },
      { label: 'Fills', text: formatCount(metrics.fills) },
    ],
  };
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function times(value: number | null): string {
  const text = formatNumber(value);
  return value === null ? text : `${text}×`;
}

function basisPoints(value: number | null): string {
  const text = formatNumber(value);
  return value === null ? text : `${text} bp`;
}
