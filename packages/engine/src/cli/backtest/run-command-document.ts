import type { RejectedRow } from '@bookrunner/sdk';
import { fillDocuments, type FillDocument } from '../../report/run-document.js';
import type { ReportInput, RunResult } from '../../report/run-result.js';
import type { ErrorDocument } from '../operator-text.js';
import type { RunStatus } from './run-outcome.js';

/** What `bookrunner backtest --json` and `paper --json` print. Instants are UTC milliseconds, money is in `currency` unless a part names its own. */
export interface RunCommandDocument extends Pick<
  RunResult,
  | 'kind'
  | 'name'
  | 'engineVersion'
  | 'currency'
  | 'strategyHashes'
  | 'decisionHash'
  | 'from'
  | 'to'
  | 'bars'
  | 'ticks'
  | 'elapsedMs'
  | 'metrics'
  | 'books'
  | 'strategies'
  | 'openPositions'
  | 'warnings'
  | 'sources'
> {
  readonly run: string;
  readonly status: RunStatus;
  /** The first fills, as many as `--fills` says. */
  readonly fills: readonly FillDocument[];
  readonly fillsTotal: number;
  readonly ordersTotal: number;
  readonly tradesTotal: number;
  /** Rows of the data that were left out, and the first of them. */
  readonly rejectedRows: number;
  readonly rejected: readonly RejectedRow[];
  readonly runDir: string;
  /** What failed in the run; empty where nothing did. */
  readonly errors: readonly ErrorDocument[];
}

/** What the document holds besides the result. */
export interface RunFacts {
  readonly status: RunStatus;
  readonly errors: readonly ErrorDocument[];
  readonly fills: number | 'all';
  readonly rejectedRows: number;
  readonly rejected: readonly RejectedRow[];
  readonly runDir: string;
}

/** The document of a run. Figures that are not defined are null. */
export function runCommandDocument(result: ReportInput, facts: RunFacts): RunCommandDocument {
  const { runId, kind, name, engineVersion, currency, from, to, bars, ticks, elapsedMs, ...rest } = result;
  return {
    run: runId,
    status: facts.status,
    kind,
    name,
    engineVersion,
    currency,
    from,
    to,
    bars,
    ticks,
    elapsedMs,
    strategyHashes: rest.strategyHashes,
    decisionHash: rest.decisionHash,
    metrics: rest.metrics,
    books: rest.books,
    strategies: rest.strategies,
    openPositions: rest.openPositions,
    fills: fillDocuments(rest.fills, facts.fills),
    fillsTotal: rest.fills.total,
    ordersTotal: rest.orders.total,
    tradesTotal: rest.trades.total,
    warnings: rest.warnings,
    errors: facts.errors,
    rejectedRows: facts.rejectedRows,
    rejected: facts.rejected,
    sources: rest.sources,
    runDir: facts.runDir,
  };
}
