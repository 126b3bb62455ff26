// A journalled session and the backtest over the market data it recorded, compared.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { Environment } from '../config/index.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { JournalRecord } from '../journal/journal-record.js';
import type { RunFacts } from '../journal/segment-header.js';
import type { KernelEvent } from '../kernel/event.js';
import { attribute, OF_DECISIONS } from './attribute.js';
import { type Cause, CAUSES, type ExplainedDifference } from './explained-difference.js';
import { type Difference, differencesOf } from './difference.js';
import { DisturbanceLog } from './disturbance.js';
import { KernelValuation } from './kernel-valuation.js';
import { MarkSamples } from './mark-samples.js';
import { matchOrders, orderOfPair } from './match-orders.js';
import { ParityBacktest } from './parity-backtest.js';
import { parityError } from './parity-errors.js';
import { parityRows, type ParityResult, type ParityRow, withoutDust } from './parity-result.js';
import { type ChainLink, sessionChain } from './session-chain.js';
import { sideAccounts } from './side-accounts.js';
import { SideLedger, type SideOrder } from './side-ledger.js';
import { readViews, type ViewSpan } from './strategy-views.js';
import { warningsOf } from './parity-warnings.js';
import { sideInstruments } from './run-places.js';

/** Options of {@link compareRun}. */
export interface CompareRunOptions {
  readonly reader: JournalReader;
  readonly dataDir: string;
  /** Id, its beginning, or `latest`. */
  readonly run: string;
  /** An engine.yaml for the backtest in place of the run's own configuration. */
  readonly configPath?: string | undefined;
  /** `path=value` over the backtest's configuration. */
  readonly overrides?: readonly string[];
  readonly env?: Environment;
  /** Gives persons' commands to the backtest at their instants. */
  readonly withCommands?: boolean;
  /** Only differences from this instant on are listed; what came before is in `rest`. */
  readonly from?: EpochMs;
  /** Both sides end here, exclusive. */
  readonly to?: EpochMs;
}

/**
 * Runs the market data of a journalled run, and of those it goes on from, through a backtest, and explains what differs.
 * Errors: JOURNAL_RUN_UNKNOWN, JOURNAL_DAMAGED, JOURNAL_RECORD_INVALID, JOURNAL_SETUP_CHANGED; PARITY_TICKS_GONE, PARITY_NO_DATA;
 * CONFIG_…, PLUGIN_….
 */
export async function compareRun(options: CompareRunOptions): Promise<ParityResult> {
  const chain = sessionChain(options.reader, options.run);
  const withCommands = options.withCommands === true;
  const disturbances = new DisturbanceLog({ hasCommands: withCommands });
  const backtest = await ParityBacktest.prepare({
    ...{ chain, dataDir: options.dataDir, configPath: options.configPath, overrides: options.overrides },
    ...(options.env === undefined ? {} : { env: options.env }),
    ...{ withCommands, onNotice: (notice: EngineNotice) => disturbances.shared(notice) },
  });
  try {
    const comparison = new Comparison(chain, { options, backtest, disturbances });
    const result = comparison.run();
    // In a backtest of another configuration strategies see other things by themselves.
    const isOther = options.configPath !== undefined || (options.overrides ?? []).length > 0;
    return isOther || !result.differences.some(hasToBeSeen)
      ? result
      : comparison.result(await readViews({ ...options, chain, withCommands }));
  } finally {
    await backtest.dispose();
  }
}

/** Whether what the strategy decided from says more than that there was a disturbance. */
function hasToBeSeen({ kind, cause }: ExplainedDifference): boolean {
  return OF_DECISIONS.has(kind) && OF_INPUTS.has(cause);
}

const OF_INPUTS: ReadonlySet<Cause> = new Set(['unexplained', 'data', 'restart', 'broker']);

interface ComparisonParts {
  readonly options: CompareRunOptions;
  readonly backtest: ParityBacktest;
  readonly disturbances: DisturbanceLog;
}

class Comparison {
  readonly #chain: readonly ChainLink[];
  readonly #parts: ComparisonParts;
  readonly #session: SideLedger;
  readonly #samples = new MarkSamples();
  readonly #withoutRows = new Map<string, string>();
  readonly #tradeFrom: EpochMs;
  readonly #isLive: boolean;
  #from: EpochMs = Number.NaN;
  #at: EpochMs = Number.NEGATIVE_INFINITY;
  #hash: string | undefined;

  constructor(chain: readonly ChainLink[], parts: ComparisonParts) {
    this.#chain = chain;
    this.#parts = parts;
    const { facts } = chain[0] as ChainLink;
    const { tradeFrom, runEpoch, source } = facts;
    this.#tradeFrom = tradeFrom;
    this.#isLive = source === 'live';
    const accounts = sideAccounts(chain.map((link) => link.facts));
    const valuation = new KernelValuation(parts.backtest.assembly.kernel);
    const isCompared = (order: SideOrder): boolean => valuation.has(order);
    this.#session = new SideLedger(sideInstruments(facts), accounts, { runEpoch, isCompared });
  }

  run(): ParityResult {
    this.#read();
    const { backtest, options } = this.#parts;
    if (Number.isNaN(this.#from) || !(this.#at >= (options.from ?? this.#at))) {
      throw parityError('PARITY_NO_DATA', `Run '${this.#run}' has no rows in the range asked for.`);
    }
    backtest.finish(this.#at);
    this.#samples.end(this.#at, this.#prices());
    return this.result();
  }

  get #run(): string {
    return (this.#chain.at(-1) as ChainLink).facts.run;
  }

  #read(): void {
    const { options, backtest, disturbances } = this.#parts;
    for (const [place, { facts, segments }] of this.#chain.entries()) {
      if (place > 0) this.#goesOn(facts);
      disturbances.begin(backtest.brokersOf(facts), facts.tradeFrom);
      this.#hash = undefined;
      for (const segment of segments) {
        for (const { record } of options.reader.records(segment)) {
          const at = instantOf(record);
          if (at >= (options.to ?? Number.POSITIVE_INFINITY)) return this.#cut();
          this.#take(record, at);
        }
      }
    }
  }

  #goesOn(facts: RunFacts): void {
    const { backtest } = this.#parts;
    backtest.continued(facts);
    this.#session.goesOn(sideInstruments(facts));
    for (const symbol of backtest.otherKind)
      if (!this.#withoutRows.has(symbol)) this.#withoutRows.set(symbol, facts.run);
  }

  /** The period ends before the session does. */
  #cut(): void {
    this.#hash = undefined;
    this.#at = Math.max(this.#at, (this.#parts.options.to as number) - 1);
  }

  #take(record: JournalRecord, at: EpochMs): void {
    const { backtest, disturbances } = this.#parts;
    // A live session decides from its begin on, whether or not a row has come.
    const begin = this.#isLive ? this.#tradeFrom : at;
    if (isRow(record) && at >= this.#tradeFrom && Number.isNaN(this.#from)) this.#from = begin;
    this.#at = Math.max(this.#at, at);
    disturbances.take(record);
    if (record.kind === 'outbox') this.#session.decided(record.entry, this.#at);
    else if (record.kind === 'end') this.#hash = record.hash;
    else if (record.kind === 'event') this.#heard(record.event);
    backtest.take(record);
    if (!Number.isNaN(this.#from) && at >= this.#from) this.#samples.pass(at, () => this.#prices());
  }

  /** What venues said in the session. */
  #heard(event: KernelEvent): void {
    if (event.kind === 'venue-report') this.#session.reported(event);
    else if (event.kind === 'execution') this.#session.executed(event);
    else if (event.kind === 'venue-snapshot') this.#session.shown(event);
    else if (event.kind === 'cash') this.#session.moved(event);
  }

  #prices(): readonly number[] {
    const { kernel } = this.#parts.backtest.assembly;
    return kernel.parts.market.instruments.map(({ price }) => price);
  }

  /** Of what {@link run} has read; `views` say more of what strategies decided from. */
  result(views?: readonly ViewSpan[]): ParityResult {
    const { backtest, options } = this.#parts;
    const { kernel, driver } = backtest.assembly;
    const valuation = new KernelValuation(kernel);
    const differences = this.#explain(valuation, views);
    const rows = parityRows({
      ...{ session: this.#session, backtest: backtest.ledger, differences, valuation },
      currencyOf: (book) => valuation.currencyOf(book),
      bookRate: (book, currency) => valuation.bookRate(book, currency),
    });
    const total = totals(rows, valuation);
    const decisionHash = { session: this.#hash ?? null, backtest: kernel.hash() };
    const isHashSame = decisionHash.session === null || decisionHash.session === decisionHash.backtest;
    return {
      ...{ run: this.#run, runs: this.#chain.map(({ facts }) => facts.run), name: this.#chain[0]?.facts.name ?? '' },
      ...{ from: Math.max(this.#from, options.from ?? this.#from), to: this.#at },
      currency: kernel.setup.baseCurrency,
      ...{ ticks: driver.ticks, bars: driver.bars },
      isSame: differences.length === 0 && isHashSame && rows.every(({ pnl }) => pnl.difference === 0),
      decisionHash,
      withCommands: options.withCommands === true,
      uncompared: [...new Set(this.#session.apart.map(({ strategy }) => strategy))],
      warnings: this.#warnings(rows, differences.length === 0 && !isHashSame),
      ...total,
      causes: CAUSES.map((cause) => {
        const own = differences.filter((difference) => difference.cause === cause);
        const money = own.reduce((sum, each) => sum + each.money * valuation.baseRate(each.book), 0);
        return { cause, count: own.length, money };
      }),
      rows,
      differences,
      curve: this.#curve(valuation),
    };
  }

  #explain(valuation: KernelValuation, views: readonly ViewSpan[] | undefined): readonly ExplainedDifference[] {
    const { backtest, disturbances, options } = this.#parts;
    const times = new StrategyTimes(backtest);
    const { from = Number.NEGATIVE_INFINITY } = options;
    const session = this.#session.orders;
    const pairs = matchOrders(session, backtest.ledger.orders, times.barMsOf);
    const found = pairs.flatMap((pair) => differencesOf(pair, valuation));
    // Of one pair in the order they were found: what the order was comes before what became of it.
    const explained = attribute(found.toSorted(inTime), {
      ...{ disturbances: disturbances.own(), session, backtest: backtest.ledger.orders },
      waits: [...this.#session.waits, ...backtest.ledger.waits],
      accountOf: (book) => valuation.accountOf(book),
      venueOf: (book) => valuation.venueOf(book),
      ...{ barMsOf: times.barMsOf, warmupMsOf: times.warmupMsOf, toleranceMsOf: times.toleranceMsOf },
      changes: backtest.changes,
      ...(views === undefined ? {} : { views }),
    });
    return explained.filter(({ at }) => at >= from);
  }

  #warnings(rows: readonly ParityRow[], isHashAlone: boolean): readonly string[] {
    const { backtest, options } = this.#parts;
    const { changes, additions, lack } = backtest;
    const { apart, suspense } = this.#session;
    return warningsOf({
      ...{ changes, additions, lack, apart, suspense, rows, withoutRows: this.#withoutRows },
      runs: this.#chain.map(({ facts }) => facts.run),
      strategies: backtest.assembly.kernel.setup.strategies.map(({ name }) => name),
      hasBeginning: options.from === undefined,
      isHashAlone: isHashAlone && options.from === undefined,
    });
  }

  #curve(valuation: KernelValuation): ParityResult['curve'] {
    const { kernel } = this.#parts.backtest.assembly;
    const symbols = kernel.setup.instruments.map(({ instrument }) => instrument.symbol);
    const earned = (ledger: SideLedger): readonly number[] =>
      this.#samples.earned(ledger, {
        valuation,
        indexOf: (symbol) => symbols.indexOf(symbol),
        baseRate: (book) => valuation.baseRate(book),
        cashValue: ({ book, amount, currency }) =>
          amount * valuation.bookRate(book, currency) * valuation.baseRate(book),
      });
    const capital = kernel.setup.books.reduce((sum, { name, capital: own }) => sum + own * valuation.baseRate(name), 0);
    const curve = (ledger: SideLedger): readonly number[] => earned(ledger).map((value) => capital + value);
    return { ts: this.#samples.ts, session: curve(this.#session), backtest: curve(this.#parts.backtest.ledger) };
  }
}

/** Times of a strategy, from its bars. */
class StrategyTimes {
  readonly #bars = new Map<
    string,
    { readonly shortest: number; readonly warmupMs: number; readonly toleranceMs: number }
  >();

  constructor({ assembly: { kernel, plan } }: ParityBacktest) {
    for (const runner of kernel.parts.signals.runners) {
      const lengths = runner.setup.streams.flat().map((stream) => plan.streams[stream]?.barMs ?? Number.NaN);
      const timed = lengths.filter(Number.isFinite);
      const shortest = timed.length === 0 ? Number.NaN : Math.min(...timed);
      const warmupMs = timed.length === 0 ? 0 : Math.max(...timed) * Math.max(1, runner.warmupBars);
      const toleranceMs = runner.setup.definition.gapToleranceMs;
      this.#bars.set(runner.name, { shortest, warmupMs, toleranceMs });
    }
  }

  readonly barMsOf = (strategy: string): number => this.#bars.get(strategy)?.shortest ?? Number.NaN;
  readonly warmupMsOf = (strategy: string): number => this.#bars.get(strategy)?.warmupMs ?? 0;
  readonly toleranceMsOf = (strategy: string): number => this.#bars.get(strategy)?.toleranceMs ?? 0;
}

/** Protection that one side alone sent comes after what its instant brought about. */
function inTime(a: Difference, b: Difference): number {
  return a.at - b.at || Number(isProtectionAlone(a)) - Number(isProtectionAlone(b));
}

function isProtectionAlone({ kind, pair }: Difference): boolean {
  return (kind === 'added' || kind === 'missing') && orderOfPair(pair).purpose === 'protection';
}

function isRow(record: JournalRecord): boolean {
  return record.kind === 'tick' || (record.kind === 'event' && record.event.kind === 'bar' && !record.event.isWarmup);
}

/** Kernel time of a record; what has none of its own happens with what comes before it. */
function instantOf(record: JournalRecord): EpochMs {
  if (record.kind === 'tick') return record.tick.at;
  if (record.kind === 'event') return record.event.at;
  if (record.kind === 'outbox') return Number.NEGATIVE_INFINITY;
  return record.at;
}

/** All books in the engine's currency. */
function totals(rows: readonly ParityRow[], valuation: KernelValuation): Pick<ParityResult, 'pnl' | 'rest'> {
  const sum = (of: (row: ParityRow) => number): number =>
    rows.reduce((total, row) => total + of(row) * valuation.baseRate(row.book), 0);
  const session = sum(({ pnl }) => pnl.session);
  const backtest = sum(({ pnl }) => pnl.backtest);
  const rest = withoutDust(
    sum((row) => row.rest),
    session,
    backtest,
  );
  return { pnl: { session, backtest, difference: session - backtest }, rest };
}
