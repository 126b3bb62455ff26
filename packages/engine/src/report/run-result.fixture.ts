// A run made up for tests: a random walk with trades, deterministic, of any size.
import type { Side } from '@bookrunner/sdk';
import { DailyRollup, type DailyRow } from '../portfolio/daily-rollup.js';
import { EquityCurve } from '../portfolio/equity-curve.js';
import { computeMetrics, tradeMetrics } from '../portfolio/metrics.js';
import { TradeStatistics } from '../portfolio/trade-statistics.js';
import { FillLog } from '../recorder/fill-log.js';
import { NoticeLog } from '../recorder/notice-log.js';
import { OrderLog, type RecordedOrder } from '../recorder/order-log.js';
import { TradeLog } from '../recorder/trade-log.js';
import type { RunResult } from './run-result.js';

const START = Date.UTC(2023, 0, 2);
const CAPITAL = 1_000_000;

/** Options of {@link sampleRun}. */
export interface SampleRunOptions {
  readonly hours: number;
  /** A trade opens every so many hours and closes half of that later. */
  readonly tradeEvery: number;
}

/** A made-up run over `hours` hourly bars. */
export function sampleRun(options: SampleRunOptions): RunResult {
  const names = {
    runEpoch: '00run001',
    symbols: ['EURUSD', 'AAPL'],
    owners: [
      { strategy: 'mean-reversion', book: 'CORE' },
      { strategy: 'breakout', book: 'TREND' },
    ],
  };
  const fills = new FillLog(names);
  const orders = new OrderLog(names);
  const trades = new TradeLog(names);
  const notices = new NoticeLog();
  const curve = new EquityCurve();
  const rollup = new DailyRollup(CAPITAL);
  const statistics = new TradeStatistics();
  const random = generator(7);
  let equity = CAPITAL;
  let sequence = 0;
  let opened = { ts: START, equity: CAPITAL, price: 100 };
  let price = 100;
  for (let hour = 0; hour < options.hours; hour += 1) {
    const ts = START + hour * 3_600_000;
    const day = dayOf(ts);
    const phase = hour % options.tradeEvery;
    const holds = phase < options.tradeEvery / 2;
    const move = (random() - 0.4975) * 0.5;
    price = Math.max(5, price + move);
    if (holds) equity += move * 2000;
    rollup.startDay(day);
    if (phase === 0 || phase === Math.ceil(options.tradeEvery / 2)) {
      const owner = sequence % 4 < 2 ? 0 : 1;
      const opens = phase === 0;
      sequence += 1;
      equity -= 20;
      const qty = 2000;
      const realised = opens ? 0 : equity - opened.equity;
      const side = opens ? 'buy' : 'sell';
      const indexes = { instrumentIndex: owner, strategyIndex: owner };
      const order = orderOf({ sequence, ts, day, side, opens, qty });
      const fill = { at: ts, order, qty, price, decisionPrice: price - 0.01, fee: 20, feeCurrency: 'USD' };
      fills.append({ ...fill, liquidity: 'taker' }, indexes, { realised });
      orders.append({ order, avgFillPrice: price, endedTs: ts, reason: '' }, indexes);
      rollup.fill({ turnover: qty * price, fee: 20, realised });
      if (opens) {
        opened = { ts, equity, price };
      } else {
        const trade = {
          ts,
          openTs: opened.ts,
          instrumentIndex: owner,
          ownerIndex: owner,
          qty,
          fees: 40,
          pnl: realised,
          entryValue: qty * opened.price,
          exitValue: qty * price,
        };
        trades.append(trade);
        statistics.closed(trade);
      }
    }
    curve.mark(ts, equity, holds ? price * 2000 : 0);
    rollup.mark(day, equity, holds ? equity - opened.equity : 0);
  }
  notices.append({ ts: START, level: 'info', code: 'RUN_STARTED', message: 'The run began.', subject: '' });
  notices.append({
    ts: START + 3_600_000,
    level: 'warning',
    code: 'FEED_STALE',
    subject: 'ib',
    message: 'No tick for 2 s; <b>paused</b> "mean-reversion" & co.',
  });
  return assemble({ fills, orders, trades, notices, curve, daily: rollup.rows(), statistics, hours: options.hours });
}

function orderOf(made: {
  readonly sequence: number;
  readonly ts: number;
  readonly day: number;
  readonly side: Side;
  readonly opens: boolean;
  readonly qty: number;
}): RecordedOrder {
  return {
    createdTs: made.ts - 1000,
    sequence: made.sequence,
    tradingDay: made.day,
    side: made.side,
    orderType: 'market',
    tif: 'DAY',
    purpose: made.opens ? 'entry' : 'exit',
    qty: made.qty,
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    status: 'filled',
    filledQty: made.qty,
  };
}

interface Parts extends Pick<RunResult, 'fills' | 'orders' | 'trades' | 'notices'> {
  readonly curve: EquityCurve;
  readonly daily: readonly DailyRow[];
  readonly statistics: TradeStatistics;
  readonly hours: number;
}

function assemble(parts: Parts): RunResult {
  const { curve, daily, statistics, hours, ...records } = parts;
  const metrics = computeMetrics({
    initialEquity: CAPITAL,
    curve,
    daily,
    trades: statistics,
    periodsPerYear: 252,
    implicitCosts: 1234.5,
  });
  const to = START + Math.max(0, hours - 1) * 3_600_000;
  const strategy = {
    currency: 'USD',
    realised: metrics.profit + metrics.fees,
    unrealised: 0,
    fees: metrics.fees,
    turnoverValue: metrics.turnoverValue,
    fills: metrics.fills,
    exposure: metrics.exposure,
    trades: tradeMetrics(statistics),
  };
  const book = {
    currency: 'USD',
    capital: CAPITAL,
    metrics,
    realised: strategy.realised,
    unrealised: 0,
    financing: -12.5,
  };
  return {
    runId: '20240506-133000-a1b2',
    kind: 'backtest',
    name: 'demo',
    engineVersion: '0.1.0',
    currency: 'USD',
    startedAt: Date.UTC(2024, 4, 6, 13, 30),
    elapsedMs: 213,
    from: START,
    to,
    bars: hours,
    ticks: 0,
    decisionHash: '6999ed68c0ffee00',
    strategyHashes: { 'mean-reversion': '1f3a5c', breakout: '77aa90' },
    metrics,
    books: { CORE: book, TREND: book },
    strategies: {
      'mean-reversion': { ...strategy, book: 'CORE', symbols: ['EURUSD'] },
      breakout: { ...strategy, book: 'TREND', symbols: ['AAPL', 'MSFT', 'NVDA', 'AMZN', 'META'] },
    },
    equity: curve.points(),
    drawdowns: curve.drawdowns(),
    openPositions: [],
    daily,
    ...records,
    warnings: ['Orders fill at the close that decided them (this-close): no live order can. Use next-open to judge.'],
    sources: [
      {
        source: 'eurusd.csv',
        symbol: 'EURUSD',
        rows: hours,
        rejected: 3,
        reason: 'high below low',
        from: START,
        to,
        hash: 'ab12',
      },
    ],
    costs: [
      { label: 'Fill', text: 'next-open' },
      { label: 'Fees', text: '20 USD an order' },
    ],
    config: 'engine:\n  name: demo # <script>alert("no")</script>\n',
  };
}

function dayOf(ts: number): number {
  return Number(new Date(ts).toISOString().slice(0, 10).replaceAll('-', ''));
}

/** Mulberry32: the same seed gives the same numbers. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
