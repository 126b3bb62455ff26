// From a prepared configuration to a kernel, a simulated venue and the driver between them.
import type { EngineNotice, EpochMs, Instrument, MarketCalendar } from '@bookrunner/sdk';
import { runEpochOf } from '../execution/order-id.js';
import { Kernel } from '../kernel/kernel.js';
import type { KernelListener } from '../kernel/listener.js';
import type { KernelSetup, StrategySetup } from '../kernel/setup.js';
import type { CreatedParts, PreparedEngine, ResolvedStrategy, RunMode } from '../plugins/index.js';
import type { RecordNames } from '../recorder/record-names.js';
import { SUSPENSE, suspenseBook } from '../reconciliation/suspense.js';
import { sizers as builtInSizers } from '../risk/sizers.js';
import type { InstrumentTerms } from './brokers/broker-instruments.js';
import { brokerAccounts, brokerSetups, brokersReplace } from './brokers/broker-setup.js';
import { type BrokerDesk, BrokerVenue, SILENT_BROKERS } from './brokers/broker-venue.js';
import { Driver } from './driver.js';
import { toldNotice } from './failure-place.js';
import { ReportRelay, type VenueCash } from './report-relay.js';
import { RunRecorder, type RecorderOptions } from './run-recorder.js';
import { makeSimulatedVenue, type SimulatedVenues, type VenueChoice } from './simulated-venues.js';
import { type SourceKind, StreamPlan } from './stream-plan.js';
import type { SynchronousVenue } from './synchronous-venue.js';

/** One instrument of a run and what its data is. */
export interface RunInstrument {
  readonly instrument: Instrument;
  readonly source: SourceKind;
  /** What of the instrument a broker gave other than engine.yaml. */
  readonly terms?: InstrumentTerms;
}

/** What {@link assemble} needs. */
export interface AssembleOptions {
  readonly prepared: PreparedEngine;
  readonly parts: CreatedParts;
  readonly instruments: readonly RunInstrument[];
  readonly calendar: (id: string) => MarketCalendar;
  /** Before this instant strategies only warm up. */
  readonly tradeFrom: EpochMs;
  /** Live, accounts at brokers trade there; `paper` unless given. */
  readonly mode?: RunMode;
  /** Ready bars come over a link, and not at their instant. */
  readonly isLive?: boolean;
  /** First half of every order id, 8 base-36 characters; made of `engine.seed` unless given. */
  readonly runEpoch?: string;
  /** Where the requests of accounts at brokers go; nowhere unless given, as in a replay. */
  readonly brokers?: BrokerDesk;
  readonly recorder?: RecorderOptions;
  readonly onNotice?: (notice: EngineNotice) => void;
  /** Given by runs that are journalled or replayed: its parts take the place of the plain ones. */
  readonly tap?: AssemblyTap;
}

/** Makes kernel, relay and venue such that all that passes through them is seen. A backtest has none, and pays nothing. */
export interface AssemblyTap {
  kernel(setup: KernelSetup, listener: KernelListener): Kernel;
  relay(onCash: (cash: VenueCash) => void): ReportRelay;
  venue(venues: SimulatedVenues): SynchronousVenue;
}

/** A kernel with everything around it, ready for its first event. */
export interface Assembly {
  readonly kernel: Kernel;
  readonly driver: Driver;
  readonly recorder: RunRecorder;
  readonly plan: StreamPlan;
  readonly venues: readonly VenueChoice[];
  /** The simulator itself, without its tap. */
  readonly simulator: SimulatedVenues;
}

/** Puts a run together. Errors: RUN_WITHOUT_STRATEGIES is the caller's; RUN_BARS_NOT_AVAILABLE, SIMULATED_VENUE_SETUP_INVALID. */
export function assemble(options: AssembleOptions): Assembly {
  const { prepared, parts, calendar, mode = 'paper' } = options;
  const { config } = prepared;
  const instruments = options.instruments.map(({ instrument, source }) => ({
    instrument,
    calendar: calendar(instrument.calendar),
    source,
  }));
  const indexOf = new Map(instruments.map(({ instrument }, index) => [instrument.symbol, index] as const));
  const plan = new StreamPlan(instruments);
  const bookNames = Object.keys(config.books);
  const strategies = [...prepared.strategies.values()].map((strategy) =>
    strategySetup(strategy, { parts, plan, indexOf, bookNames }),
  );
  const { tap } = options;
  const onCash = (cash: VenueCash): void => driver.cash(cash);
  const relay = tap === undefined ? new ReportRelay(onCash) : tap.relay(onCash);
  const simulator = makeSimulatedVenue({
    prepared,
    instruments,
    listener: relay,
    rateOf: (from, to) => kernel.parts.converter.rate(from, to),
    brokerAccounts: brokerAccounts(config, mode),
    isTransient: tap === undefined,
  });
  const setup: KernelSetup = {
    runEpoch: options.runEpoch ?? runEpochOf(config.engine.seed),
    baseCurrency: config.engine.baseCurrency,
    instruments,
    streams: plan.streams,
    books: Object.entries(config.books).map(([name, book]) => ({
      name,
      account: book.account,
      ...optional('venue', config.accounts[book.account]?.venue),
      base: book.base,
      capital: book.capital,
      dayCalendar: calendar(book.dayCalendar),
      ...optional('policy', parts.bookRisk.get(name)),
    })),
    strategies,
    policy: parts.risk,
    closeDelayMs: config.engine.closeDelayMs,
    ...(options.isLive === true ? { barGraceMs: config.engine.barGraceMs } : {}),
    venueReplaces: brokersReplace(prepared, mode),
    tradeFrom: options.tradeFrom,
    ...atBrokers(prepared, mode),
  };
  const names = {
    runEpoch: setup.runEpoch,
    symbols: instruments.map(({ instrument }) => instrument.symbol),
    owners: ownersOf(setup),
  };
  const recorder = new RunRecorder(names, options.recorder);
  const kernel = tap === undefined ? new Kernel(setup, recorder) : tap.kernel(setup, recorder);
  recorder.connect(kernel);
  relay.connect(kernel);
  const whole = withBrokers(simulator, options.brokers);
  const driver = new Driver({
    kernel,
    venue: tap === undefined ? whole.venue : tap.venue(whole),
    relay,
    brokerAccounts: simulator.brokerAccounts,
    onNotice: (kernelNotice) => {
      const notice = toldNotice(kernelNotice);
      recorder.notice(notice);
      options.onNotice?.(notice);
    },
  });
  return { kernel, driver, recorder, plan, venues: simulator.choices, simulator };
}

/** Whose orders are recorded: strategies, then what is in suspense on each account at a broker. */
function ownersOf({ strategies, books, brokers = [] }: KernelSetup): RecordNames['owners'] {
  return [
    ...strategies.map(({ name, bookIndex }) => ({ strategy: name, book: books[bookIndex]?.name ?? '' })),
    ...brokers.flatMap(({ accounts }) =>
      accounts.map(({ name }) => ({ strategy: SUSPENSE, book: suspenseBook(name) })),
    ),
  ];
}

/** What only a kernel with brokers has. */
function atBrokers(prepared: PreparedEngine, mode: RunMode): Pick<KernelSetup, 'brokers' | 'reconcile'> {
  const brokers = brokerSetups(prepared, mode);
  if (brokers.length === 0) return {};
  const { everyMs, settleMs, pageMs, callMs } = prepared.config.engine.reconcile;
  return { brokers, reconcile: { everyMs, settleMs, pageMs, callMs } };
}

/** The simulator, with the accounts at brokers around it; what is asked of those goes nowhere unless there is a desk. */
export function withBrokers(simulator: SimulatedVenues, brokers: BrokerDesk = SILENT_BROKERS): SimulatedVenues {
  const { venue, brokerAccounts: accounts } = simulator;
  return accounts.size === 0 ? simulator : { ...simulator, venue: new BrokerVenue(venue, brokers, accounts) };
}

function strategySetup(
  strategy: ResolvedStrategy,
  context: {
    parts: CreatedParts;
    plan: StreamPlan;
    indexOf: ReadonlyMap<string, number>;
    bookNames: readonly string[];
  },
): StrategySetup {
  const { config, definition, sizing } = strategy;
  const { parts, plan, indexOf, bookNames } = context;
  const instrumentIndexes = config.symbols.map((symbol) => indexOf.get(symbol) as number);
  const { warmup } = config;
  return {
    name: strategy.name,
    definition: warmup === undefined ? definition : { ...definition, warmup: () => warmup },
    params: strategy.params,
    bookIndex: bookNames.indexOf(config.book),
    instrumentIndexes,
    streams: strategy.bars.map((use) => instrumentIndexes.map((index) => plan.want(index, use, strategy.name))),
    sizer: parts.sizers.get(strategy.name) ?? builtInSizers.fraction.create({ fraction: 1 }),
    sizerFeatures: sizing?.contribution.features?.(sizing.options) ?? {},
    allocation: config.allocation,
    defaultTif: config.entry.tif,
    ...optional('policy', parts.strategyRisk.get(strategy.name)),
    feed: config.feed,
  };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
