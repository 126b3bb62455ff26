import { computeMetrics, type Metrics, periodsPerYear, tradeMetrics } from '../portfolio/metrics.js';
import type { BookResult, DataSourceResult, LabelledText, RunResult, StrategyResult } from '../report/run-result.js';
import { hasNoFees, isOptimistic } from '../simulated-venue/options.js';
import { ENGINE_VERSION } from '../version.js';
import type { Assembly } from './assemble.js';
import { barsOf } from './bar-count.js';
import type { BookRecord } from './book-record.js';
import { openPositions } from './open-positions.js';
import { PortfolioRecord } from './portfolio-record.js';
import type { RunRecorder } from './run-recorder.js';
import type { VenueChoice } from './simulated-venues.js';
import type { StrategyRecord } from './strategy-record.js';

/** What a run knows besides what was recorded. */
export interface RunFacts {
  readonly runId: string;
  readonly kind: RunResult['kind'];
  readonly name: string;
  readonly startedAt: number;
  readonly elapsedMs: number;
  readonly from: number;
  readonly to: number;
  readonly sources: readonly DataSourceResult[];
  readonly config: string;
  readonly strategyHashes: Readonly<Record<string, string>>;
  /** Sentences for the top of the report besides those the assembly gives. */
  readonly warnings: readonly string[];
}

/** The result of a finished run. */
export function makeRunResult(assembly: Assembly, facts: RunFacts): RunResult {
  const { kernel, recorder, driver } = assembly;
  const currency = kernel.setup.baseCurrency;
  const calendars = kernel.setup.books.map((book) => periodsPerYear(book.dayCalendar.id));
  const { whole } = recorder;
  const { curve } = whole;
  // Its days are those of the first book.
  const metrics = metricsOf(whole, calendars[0] as number);
  const figuresOf = (record: BookRecord, index: number): Metrics =>
    record === whole ? metrics : metricsOf(record, calendars[index] as number);
  return {
    runId: facts.runId,
    kind: facts.kind,
    name: facts.name,
    engineVersion: ENGINE_VERSION,
    currency,
    startedAt: facts.startedAt,
    elapsedMs: facts.elapsedMs,
    from: facts.from,
    to: facts.to,
    bars: barsOf(kernel),
    ticks: driver.ticks,
    decisionHash: kernel.hash(),
    strategyHashes: facts.strategyHashes,
    metrics,
    books: Object.fromEntries(
      recorder.books.map((record, index) => [record.book.name, bookResult(record, figuresOf(record, index))]),
    ),
    strategies: Object.fromEntries(recorder.strategies.map((record) => [record.name, strategyResult(record, facts)])),
    openPositions: openPositions(kernel),
    equity: curve.points(),
    drawdowns: curve.drawdowns(),
    daily: whole.days(),
    fills: recorder.fills,
    orders: recorder.orders,
    trades: recorder.trades,
    notices: recorder.notices,
    warnings: [...warningsOf(assembly), ...facts.warnings],
    sources: facts.sources,
    costs: assembly.venues.flatMap(costsOf),
    // Long to write, and many a program never reads it; a copy of the result has it as text.
    get config() {
      return facts.config;
    },
  };
}

function metricsOf(record: BookRecord | PortfolioRecord, periods: number): Metrics {
  return computeMetrics({
    initialEquity: record.initialEquity,
    curve: record.curve,
    daily: record.days(),
    trades: record.trades,
    periodsPerYear: periods,
    implicitCosts: record.implicitCosts,
  });
}

function bookResult(record: BookRecord, metrics: Metrics): BookResult {
  const { book } = record;
  return {
    currency: book.base,
    capital: book.capital,
    metrics,
    realised: record.realised,
    unrealised: record.unrealised(),
    financing: record.financing,
  };
}

function strategyResult(record: StrategyRecord, facts: RunFacts): StrategyResult {
  const [first] = record.slots;
  const book = first?.bookOf;
  let unrealised = 0;
  for (const slot of record.slots) {
    const { holding, value } = slot.position;
    if (holding.qtyScaled !== 0) unrealised += (value - holding.costNumber) * slot.bookOf.rateOf(slot.position);
  }
  const span = facts.to - facts.from;
  return {
    book: book?.name ?? '',
    currency: book?.base ?? '',
    symbols: record.slots.map((slot) => slot.instrument.symbol),
    realised: record.realised,
    unrealised,
    fees: record.fees,
    turnoverValue: record.turnover,
    fills: record.fills,
    trades: tradeMetrics(record.trades),
    exposure: span > 0 ? Math.min(1, record.heldMs / span) : null,
  };
}

function warningsOf(assembly: Assembly): string[] {
  const { kernel, recorder } = assembly;
  const warnings: string[] = [];
  for (const runner of kernel.parts.signals.runners) {
    if (runner.status === 'failed')
      warnings.push(`Strategy '${runner.name}' failed and was stopped: ${runner.statusReason}`);
    else if (!runner.isWarm)
      warnings.push(`Strategy '${runner.name}' is not warm when the run ends: it needs ${runner.warmupBars} bars.`);
  }
  for (const venue of assembly.venues) {
    if (isOptimistic(venue.options)) {
      warnings.push(
        `Fill model '${venue.options.fill}' of venue '${venue.name}' is optimistic: it fills at prices that were already gone.`,
      );
    }
  }
  warnings.push(
    ...freeOfCharge(assembly),
    ...assembly.plan.warnings,
    ...recorderWarnings(recorder, kernel.setup.baseCurrency),
  );
  return warnings;
}

/** Accounts at brokers that traded here in a simulated venue without fees. */
function freeOfCharge({ kernel, venues }: Assembly): readonly string[] {
  return venues.flatMap((venue) => {
    if (!hasNoFees(venue.options)) return [];
    const books = kernel.setup.books.filter(({ account }) => venue.accounts.includes(account));
    const away = books.filter(({ venue: at }) => at !== undefined && at !== venue.name);
    return [...new Map(away.map((book) => [book.account, book.venue]))].map(
      ([account, at]) =>
        `Account '${account}' of venue '${at}' traded in the simulated venue, without fees: give it those of the broker, see docs/simulated-venue.md.`,
    );
  });
}

function recorderWarnings(recorder: RunRecorder, currency: string): string[] {
  const warnings: string[] = [];
  const { whole } = recorder;
  if (whole instanceof PortfolioRecord && whole.unconverted > 0) {
    warnings.push(
      `${whole.unconverted} fills, trades or movements of cash are not in the figures of the whole run, only in those of their book: a rate to ${currency} was not known yet.`,
    );
  }
  for (const record of recorder.books) {
    if (record.unpricedMarks > 0) {
      warnings.push(
        `Book '${record.book.name}' could not be valued at ${record.unpricedMarks} instants: a currency rate was not known yet.`,
      );
    }
    if (record.unpricedFees > 0) {
      warnings.push(
        `${record.unpricedFees} fees of book '${record.book.name}' are not in its figures: the rate of their currency was not known yet.`,
      );
    }
  }
  const rejected = recorder.rejections.warning(recorder.orders.total);
  if (rejected !== undefined) warnings.push(rejected);
  for (const [reason, count] of recorder.refusals) {
    const missed = recorder.ratesMissed.get(reason) ?? [];
    const rates = missed.length === 0 ? '' : ` Not known then: the rate from ${missed.join(', from ')}.`;
    const orders = count === 1 ? '1 order was' : `${count} orders were`;
    warnings.push(`${orders} trimmed, refused or held back: ${reason}.${rates}`);
  }
  return warnings;
}

function costsOf(venue: VenueChoice): LabelledText[] {
  const { options, name } = venue;
  const text = (label: string, value: unknown): LabelledText => ({ label: `${name}: ${label}`, text: plain(value) });
  return [
    text('fill model', options.fill),
    text('slippage', options.slippage),
    text('fees', options.fees),
    text('latency', options.latency),
    text('financing', options.financing),
  ];
}

/** Settings as words: `model per-unit, amount 0.125`. */
function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, entry]) => `${key} ${plain(entry)}`)
    .join(', ');
}
