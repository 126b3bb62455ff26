import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tradeMetrics } from './metrics.js';
import { TradeStatistics, type ClosedTrade } from './trade-statistics.js';

const trade = fc.record<ClosedTrade>({
  ts: fc.integer({ min: 1000, max: 2000 }),
  openTs: fc.integer({ min: 0, max: 1000 }),
  instrumentIndex: fc.constant(0),
  ownerIndex: fc.constant(0),
  qty: fc.constantFrom(-5, 5),
  entryValue: fc.constant(100),
  exitValue: fc.constant(100),
  pnl: fc.integer({ min: -3, max: 3 }),
  fees: fc.nat(2),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const quotient = (above: number, below: number): number | null => (below > 0 ? above / below : null);

function longestRun(outcomes: readonly boolean[]): number {
  const text = outcomes.map((outcome) => (outcome ? 'x' : ' ')).join('');
  return Math.max(0, ...text.split(' ').map((run) => run.length));
}

describe('TradeStatistics', () => {
  it('equals figures computed from the list of trades', () => {
    fc.assert(
      fc.property(fc.array(trade), (trades) => {
        const statistics = new TradeStatistics();
        for (const closed of trades) statistics.closed(closed);
        const profits = trades.map((closed) => closed.pnl);
        const wins = profits.filter((pnl) => pnl > 0);
        const losses = profits.filter((pnl) => pnl < 0);
        const long = trades.filter((closed) => closed.qty > 0).map((closed) => closed.pnl);
        const metrics = tradeMetrics(statistics);
        expect(metrics).toMatchObject({
          trades: trades.length,
          wins: wins.length,
          losses: losses.length,
          hitRate: quotient(wins.length, trades.length),
          avgWin: quotient(sum(wins), wins.length),
          avgLoss: quotient(-sum(losses), losses.length),
          avgTrade: quotient(sum(profits), trades.length),
          profitFactor: quotient(sum(wins), -sum(losses)),
          bestTrade: profits.length === 0 ? null : Math.max(...profits),
          worstTrade: profits.length === 0 ? null : Math.min(...profits),
          longestWinStreak: longestRun(profits.map((pnl) => pnl > 0)),
          longestLossStreak: longestRun(profits.map((pnl) => pnl < 0)),
          longTrades: long.length,
          longPnl: sum(long),
          shortTrades: trades.length - long.length,
          shortPnl: sum(profits) - sum(long),
        });
        expect(statistics.fees).toBe(sum(trades.map((closed) => closed.fees)));
        expect(statistics.pnl).toBe(sum(profits));
      }),
    );
  });

  it('has no averages without trades', () => {
    const metrics = tradeMetrics(new TradeStatistics());
    expect(metrics).toMatchObject({ trades: 0, hitRate: null, avgTrade: null, payoff: null, profitFactor: null });
    expect(metrics).toMatchObject({ bestTrade: null, worstTrade: null, avgHoldingHours: null, expectancy: null });
  });
});
