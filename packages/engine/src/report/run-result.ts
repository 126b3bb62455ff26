// What a finished run hands to the run folder, the report and the terminal summary.
import type { Currency, EpochMs } from '@bookrunner/sdk';
import type { DailyRow } from '../portfolio/daily-rollup.js';
import type { DrawdownEpisode } from '../portfolio/drawdown.js';
import type { EquityPoints } from '../portfolio/equity-buckets.js';
import type { Metrics, TradeMetrics } from '../portfolio/metrics.js';
import type { RecordTable, RowTable } from '../recorder/record-table.js';
import type { FillRow, NoticeRow, OrderRow, TradeRow } from '../recorder/record-rows.js';

/** Which runtime made the run. */
export type RunKind = 'backtest' | 'paper' | 'live';

/** One book at the end of the run, in its own currency. */
export interface BookResult {
  readonly currency: Currency;
  /** Capital at the start of the run. */
  readonly capital: number;
  readonly metrics: Metrics;
  readonly realised: number;
  readonly unrealised: number;
  /** Interest, swaps, dividends and other cash the venue booked; negative where it was paid. */
  readonly financing: number;
}

/** One strategy (its tag without the day) at the end of the run, in the currency of its book. */
export interface StrategyResult {
  readonly book: string;
  readonly currency: Currency;
  readonly symbols: readonly string[];
  /** Before fees; unrealised is the last mark of what is still held. */
  readonly realised: number;
  readonly unrealised: number;
  readonly fees: number;
  readonly turnoverValue: number;
  readonly fills: number;
  readonly trades: TradeMetrics;
  /** Share of the run's time with a position, 0 to 1; null where it was not measured. */
  readonly exposure: number | null;
}

/** A position that is held when the run ends. */
export interface OpenPosition {
  readonly symbol: string;
  /** Signed units. */
  readonly qty: number;
  readonly strategy: string;
  readonly book: string;
  readonly account: string;
  /** Orders that stay and protect it, one text each; empty where none does. */
  readonly protection: readonly string[];
}

/** One stream of data that went into the run. */
export interface DataSourceResult {
  /** Where it came from: a file name, a catalog, a feed. */
  readonly source: string;
  readonly symbol: string;
  readonly rows: number;
  /** Rows refused as malformed, and why the most frequent ones were. */
  readonly rejected: number;
  readonly reason?: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Content hash, where the source has one. */
  readonly hash?: string;
}

/** One line of text with a label: a cost model, a setting that decides fills. */
export interface LabelledText {
  readonly label: string;
  readonly text: string;
}

/**
 * Everything a run leaves. All instants are UTC milliseconds, all money is in `currency` unless a part names its own.
 * Records (`fills`, `orders`, `trades`, `notices`) may retain fewer rows than they counted; readers say so.
 */
export interface RunResult {
  readonly runId: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly engineVersion: string;
  readonly currency: Currency;
  /** Wall-clock instant the run began, and how long it took. */
  readonly startedAt: EpochMs;
  readonly elapsedMs: number;
  /** First and last instant of the data. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly bars: number;
  readonly ticks: number;
  /** Hash over orders, fills and books, as hexadecimal text. */
  readonly decisionHash: string;
  readonly strategyHashes: Readonly<Record<string, string>>;
  readonly metrics: Metrics;
  readonly books: Readonly<Record<string, BookResult>>;
  readonly strategies: Readonly<Record<string, StrategyResult>>;
  readonly openPositions: readonly OpenPosition[];
  readonly equity: EquityPoints;
  /** The deepest falls of the whole portfolio, deepest first. */
  readonly drawdowns: readonly DrawdownEpisode[];
  readonly daily: readonly DailyRow[];
  readonly fills: RecordTable<FillRow>;
  readonly orders: RecordTable<OrderRow>;
  readonly trades: RecordTable<TradeRow>;
  readonly notices: RecordTable<NoticeRow>;
  /** What a reader has to know before believing the numbers, most important first: full sentences. */
  readonly warnings: readonly string[];
  readonly sources: readonly DataSourceResult[];
  /** Fill, fee, slippage, latency and financing models as they were set. */
  readonly costs: readonly LabelledText[];
  /** The effective configuration as YAML, secrets masked; of a recorded run it is written when it is first read. */
  readonly config: string;
}

/** What the report and the summary need: a run, or one read back from its folder, whose records are rows only. */
export type ReportInput = Omit<RunResult, 'fills' | 'orders' | 'trades' | 'notices'> & {
  readonly fills: RowTable<FillRow>;
  readonly orders: Pick<RowTable<OrderRow>, 'total'>;
  readonly trades: RowTable<TradeRow>;
  readonly notices: RowTable<NoticeRow>;
};
