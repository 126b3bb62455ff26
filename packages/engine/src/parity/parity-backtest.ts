// The backtest of a comparison: a fresh kernel and simulated venue, given the market data of the journal and nothing else of it.
import { type EngineNotice, type EpochMs, isTradingError } from '@bookrunner/sdk';
import type { EngineComposition } from '../composition-root.js';
import { entryOf } from '../journal/entry-text.js';
import { type Fingerprint, fingerprintOf } from '../journal/fingerprint.js';
import { runConfigOf } from '../journal/fold-setup.js';
import type { JournalRecord } from '../journal/journal-record.js';
import { composeRun, instrumentOf, type ReplaySetupOptions, setupDifferences } from '../journal/replay-setup.js';
import type { RunFacts } from '../journal/segment-header.js';
import type { BarEvent, KernelEvent } from '../kernel/event.js';
import { Kernel } from '../kernel/kernel.js';
import type { KernelListener } from '../kernel/listener.js';
import type { KernelSetup } from '../kernel/setup.js';
import type { Market } from '../market/market.js';
import { type Assembly, assemble, type RunInstrument } from '../runtime/assemble.js';
import { brokerVenues } from '../runtime/brokers/broker-setup.js';
import { Seam } from '../runtime/live/live-seam.js';
import { ReportRelay } from '../runtime/report-relay.js';
import { type Addition, allocationsOf, type ChainSetup, chainSetup } from './chain-setup.js';
import { SETTINGS } from './disturbance.js';
import { LateStrategies } from './late-strategies.js';
import { RunPlaces } from './run-places.js';
import type { ChainLink } from './session-chain.js';
import { sideAccounts } from './side-accounts.js';
import { SideLedger } from './side-ledger.js';

/** A kernel whose orders, reports and cash are told to a ledger. Decides like any other. */
class ObservedKernel extends Kernel {
  ledger: SideLedger | undefined;

  override process(event: KernelEvent): void {
    if (event.kind === 'cash') this.ledger?.moved(event);
    else if (event.kind === 'venue-report') this.ledger?.reported(event);
    const before = this.outbox.end;
    super.process(event);
    for (let place = before; place < this.outbox.end; place++)
      this.ledger?.decided(entryOf(this.outbox.at(place)), event.at);
  }
}

/** Options of {@link ParityBacktest.prepare}. */
export interface ParityBacktestOptions extends Omit<ReplaySetupOptions, 'facts' | 'configText' | 'watched'> {
  /** Oldest first. */
  readonly chain: readonly ChainLink[];
  /** Whether all commands of persons are given to the backtest at their instants; what they set always is. */
  readonly withCommands: boolean;
  readonly onNotice: (notice: EngineNotice) => void;
}

/** One backtest over what a chain of sessions recorded, record by record. */
export class ParityBacktest {
  readonly assembly: Assembly;
  readonly ledger: SideLedger;
  /** Sentences on how the backtest is made from something else than the session. */
  readonly changes: readonly string[];
  /** What the backtest has that the chain began without. */
  readonly additions: readonly Addition[];
  /** Why it has not all that was added. */
  readonly lack: string;
  readonly #options: ParityBacktestOptions;
  readonly #engine: EngineComposition;
  readonly #made: RunFacts;
  readonly #seam: Seam | undefined;
  readonly #late: LateStrategies;
  /** As engine.yaml last had them, by strategy. */
  #allocations: ReadonlyMap<string, number>;
  #places: RunPlaces;
  #hasBegun: boolean;
  #isContinued = false;
  /** When the session that goes on began: ticks from before are its warm-up. */
  #continuedAt: EpochMs = Number.NEGATIVE_INFINITY;

  /**
   * Where what later sessions added cannot be had along with what the first one was, the backtest is made without it.
   * Errors: CONFIG_…, PLUGIN_BOOT_FAILED, RUN_…, JOURNAL_SETUP_CHANGED.
   */
  static async prepare(options: ParityBacktestOptions): Promise<ParityBacktest> {
    const setup = chainSetup(options.chain);
    if (setup.additions.length === 0) return ParityBacktest.#composed(setup, options);
    try {
      return await ParityBacktest.#composed(setup, options);
    } catch (error) {
      if (!isTradingError(error)) throw error;
      const { facts } = options.chain[0] as ChainLink;
      return ParityBacktest.#composed({ ...setup, facts, additions: [] }, options, error.message);
    }
  }

  static async #composed(setup: ChainSetup, options: ParityBacktestOptions, lack = ''): Promise<ParityBacktest> {
    const { facts, additions } = setup;
    const configText = additions.length === 0 ? undefined : facts.config;
    const engine = await composeRun({ ...options, facts, configText });
    try {
      return new ParityBacktest(engine, setup, { options, lack });
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  }

  private constructor(
    engine: EngineComposition,
    setup: ChainSetup,
    { options, lack }: { readonly options: ParityBacktestOptions; readonly lack: string },
  ) {
    const { facts, additions } = setup;
    this.#options = options;
    this.#engine = engine;
    this.#made = facts;
    this.#allocations = allocationsOf(facts);
    this.additions = additions;
    this.lack = lack;
    this.#seam = facts.source === 'live' ? new Seam() : undefined;
    this.changes = [...this.#changed(), ...setup.changes];
    const instruments = this.#instruments();
    this.ledger = new SideLedger(
      instruments.map(({ instrument }) => instrument),
      sideAccounts([facts]),
    );
    this.assembly = this.#assembled(instruments);
    this.#seam?.connect(this.#market);
    this.#late = new LateStrategies(this.assembly.kernel.parts.signals.runners, additions);
    this.#places = this.#placesOf(facts);
    this.#hasBegun = facts.source !== 'live';
  }

  /** Those of the sessions; and of a configuration of another's those that no session had, of which no row comes. */
  #instruments(): readonly RunInstrument[] {
    const { instruments } = this.#made;
    const known = new Set(instruments.map(({ symbol }) => symbol));
    const traded = [...this.#engine.prepared.strategies.values()].flatMap(({ config }) => config.symbols);
    const others = [...new Set(traded)].filter((symbol) => !known.has(symbol)).map((symbol) => ({ symbol }));
    const all: RunFacts['instruments'] = [...instruments, ...others];
    return all.map(({ symbol, bars }) => ({
      instrument: instrumentOf(this.#engine, symbol),
      source: bars === undefined ? {} : { spec: bars },
    }));
  }

  #assembled(instruments: readonly RunInstrument[]): Assembly {
    const { parts, calendar, prepared } = this.#engine;
    const { source, tradeFrom } = this.#made;
    return assemble({
      prepared: this.#seam?.wrap(prepared) ?? prepared,
      ...{ parts, calendar, instruments, tradeFrom, onNotice: this.#options.onNotice },
      // Rows come when they came.
      isLive: source === 'live',
      tap: {
        kernel: (setup: KernelSetup, listener: KernelListener) => {
          const kernel = new ObservedKernel(setup, listener);
          kernel.ledger = this.ledger;
          return kernel;
        },
        relay: (onCash) => new ReportRelay(onCash),
        venue: ({ venue }) => venue,
      },
    });
  }

  /** Of what was added, the code counts that it had when it was. */
  #changed(): readonly string[] {
    const { chain, configPath, overrides = [] } = this.#options;
    const now = fingerprintOf(this.#engine.prepared, configPath ?? this.#made.configPath);
    const prints = chain.map(({ facts }) => facts.fingerprint).toReversed();
    const [first] = chain as readonly [ChainLink];
    const isJoined = this.additions.length > 0 && configPath === undefined;
    const before: Fingerprint = !isJoined
      ? first.facts.fingerprint
      : {
          ...first.facts.fingerprint,
          plugins: Object.assign({}, ...prints.map(({ plugins }) => plugins)),
          strategies: Object.assign({}, ...prints.map(({ strategies }) => strategies)),
          // As the journal has it, and nothing else unless somebody says so.
          config: overrides.length === 0 ? now.config : '',
        };
    const { changes, versions } = setupDifferences(before, now);
    return [...changes, ...versions];
  }

  /**
   * Another session goes on from here: its warm-up belongs to the restart, which the backtest does not have, but for instruments that
   * are new.
   */
  continued(facts: RunFacts): void {
    this.#isContinued = true;
    this.#continuedAt = facts.tradeFrom;
    this.#places = this.#placesOf(facts);
    this.#late.goesOn(facts.run);
    if (this.#options.configPath === undefined) this.#allocate(facts);
  }

  /** A book is shared otherwise where engine.yaml says so, or shares it among more. */
  #allocate(facts: RunFacts): void {
    const { kernel, driver } = this.assembly;
    const at = Math.max(facts.tradeFrom, kernel.now);
    const own = allocationsOf(facts);
    for (const { name } of kernel.setup.strategies) {
      const weight = own.get(name);
      if (weight === undefined || weight === this.#allocations.get(name)) continue;
      this.#begin(at);
      const command = { ts: at, name: 'alloc', args: { name, weight }, actor: 'engine.yaml' } as const;
      driver.event({ kind: 'command', at, command });
    }
    this.#allocations = new Map([...this.#allocations, ...own]);
  }

  #placesOf(facts: RunFacts): RunPlaces {
    return new RunPlaces(facts, { made: this.#made.instruments, plan: this.assembly.plan });
  }

  /** Symbols of the session at hand whose rows the backtest cannot have. */
  get otherKind(): readonly string[] {
    return this.#places.otherKind;
  }

  /** Brokers that a session traded at, by the names of their venues. */
  brokersOf(facts: RunFacts): readonly string[] {
    const { venues } = runConfigOf(facts);
    const all = brokerVenues(this.#engine.prepared.config, facts.mode ?? 'paper').map(({ name }) => name);
    return all.filter((name) => Object.hasOwn(venues, name));
  }

  take(record: JournalRecord): void {
    const own = this.#places.translate(record);
    if (own !== undefined) this.#take(own);
  }

  /** Nothing more comes: what is due by then still happens. */
  finish(at: EpochMs): void {
    this.#begin(at);
    if (Number.isFinite(this.assembly.kernel.now)) this.assembly.driver.advanceTo(at);
    this.assembly.recorder.finish(at);
  }

  dispose(): Promise<void> {
    return this.#engine.dispose();
  }

  #take(record: JournalRecord): void {
    const { driver } = this.assembly;
    switch (record.kind) {
      case 'tick':
        return this.#tick(record);
      case 'bar-open':
        return driver.barOpen(record.instrumentIndex, { ...BAR, open: record.open, ts: record.at });
      case 'bar-range':
        this.#begin(record.at);
        return driver.barRange(record.instrumentIndex, { ...BAR, ...record.bar, endTs: record.at });
      case 'seam':
        if (!this.#isContinued || this.#late.isNew(record.symbol))
          this.#seam?.open(record.symbol, record.at, record.isWhole);
        return;
      case 'event':
        return this.#event(record.event);
      default:
        return;
    }
  }

  #tick({ tick, isForKernel }: Extract<JournalRecord, { kind: 'tick' }>): void {
    const { driver } = this.assembly;
    // Those the venue alone had seen when the process died have not happened to the kernel.
    if (!isForKernel) return;
    const isOfBefore = tick.at < this.#continuedAt;
    if (isOfBefore) this.#late.warmed(tick.symbol);
    const isPast = isOfBefore && this.#late.isNew(tick.symbol);
    if (isPast || this.#market.instruments[tick.instrumentIndex]?.isHeld === true) return driver.past(tick);
    if (isOfBefore) return;
    this.#begin(tick.at);
    this.#late.begin();
    driver.tick(tick);
  }

  #event(event: KernelEvent): void {
    const { driver } = this.assembly;
    // Who waits for history is asked when it is there.
    if (event.kind === 'backfill' && event.stage === 'release') this.#late.begin();
    if (event.kind === 'bar') this.#bar(event);
    else if (event.kind === 'corporate-action' || event.kind === 'backfill') driver.event(event);
    // Persons' money is theirs whichever side one looks at.
    else if (event.kind === 'cash' && event.reason === 'deposit') driver.event(event);
    else if (event.kind === 'command' && (this.#options.withCommands || SETTINGS.has(event.command.name))) {
      this.#begin(event.at);
      driver.event(event);
    }
  }

  #bar(event: BarEvent): void {
    const { driver } = this.assembly;
    const isOfBefore = event.isWarmup && this.#isContinued;
    if (isOfBefore) this.#late.warmed(event.symbol);
    if (this.#market.streams[event.streamIndex]?.state.isHeld === true) return driver.past(event);
    if (isOfBefore && !this.#late.isNew(event.symbol)) return;
    if (!event.isWarmup) {
      this.#begin(event.at);
      this.#late.begin();
    }
    driver.bar(event);
  }

  /** Rows of an instrument that is held are what the session missed, and had from history. */
  get #market(): Market {
    return this.assembly.kernel.parts.market;
  }

  /** A live session begins at an instant, whether or not a row comes then; so does its backtest. */
  #begin(at: EpochMs): void {
    if (this.#hasBegun || at < this.#made.tradeFrom) return;
    this.#hasBegun = true;
    this.assembly.driver.event({ kind: 'timer', at: Math.max(this.#made.tradeFrom, this.assembly.kernel.now) });
  }
}

const BAR: BarEvent = {
  ...{ kind: 'bar', at: 0, streamIndex: 0, isWarmup: false, isLast: false, symbol: '', ts: 0, endTs: 0 },
  ...{ open: 0, high: 0, low: 0, close: 0, volume: 0, nTicks: Number.NaN, vwap: Number.NaN },
};
