// The backtest of a comparison: a fresh kernel and simulated venue, given the market data of the journal and nothing else of it.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { EngineComposition } from '../composition-root.js';
import { entryOf } from '../journal/entry-text.js';
import { fingerprintOf } from '../journal/fingerprint.js';
import type { JournalRecord } from '../journal/journal-record.js';
import { composeRun, instrumentOf, type ReplaySetupOptions, setupDifferences } from '../journal/replay-setup.js';
import type { RunFacts } from '../journal/segment-header.js';
import type { BarEvent, KernelEvent } from '../kernel/event.js';
import { Kernel } from '../kernel/kernel.js';
import type { KernelListener } from '../kernel/listener.js';
import type { KernelSetup } from '../kernel/setup.js';
import type { Market } from '../market/market.js';
import { type Assembly, assemble } from '../runtime/assemble.js';
import { brokerVenues } from '../runtime/brokers/broker-setup.js';
import { Seam } from '../runtime/live/live-seam.js';
import { ReportRelay } from '../runtime/report-relay.js';
import { SETTINGS } from './disturbance.js';
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
export interface ParityBacktestOptions extends ReplaySetupOptions {
  /** Whether all commands of persons are given to the backtest at their instants; what they set always is. */
  readonly withCommands: boolean;
  readonly onNotice: (notice: EngineNotice) => void;
}

/** One backtest over what a session recorded, record by record. */
export class ParityBacktest {
  readonly assembly: Assembly;
  readonly ledger: SideLedger;
  /** Sentences on how the backtest is made from something else than the session. */
  readonly changes: readonly string[];
  readonly #engine: EngineComposition;
  readonly #seam: Seam | undefined;
  readonly #withCommands: boolean;
  readonly #tradeFrom: EpochMs;
  #hasBegun: boolean;
  #isContinued = false;
  /** When the session that goes on began: ticks from before are its warm-up. */
  #continuedAt: EpochMs = Number.NEGATIVE_INFINITY;

  /** Errors: CONFIG_…, PLUGIN_BOOT_FAILED, RUN_…, JOURNAL_SETUP_CHANGED. */
  static async prepare(options: ParityBacktestOptions): Promise<ParityBacktest> {
    const engine = await composeRun(options);
    try {
      return new ParityBacktest(engine, options);
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  }

  private constructor(engine: EngineComposition, options: ParityBacktestOptions) {
    const { facts, configPath, withCommands, onNotice } = options;
    this.#engine = engine;
    this.#withCommands = withCommands;
    this.#seam = facts.source === 'live' ? new Seam() : undefined;
    const { changes, versions } = setupDifferences(
      facts.fingerprint,
      fingerprintOf(engine.prepared, configPath ?? facts.configPath),
    );
    this.changes = [...changes, ...versions];
    const instruments = facts.instruments.map(({ symbol, bars }) => ({
      instrument: instrumentOf(engine, symbol),
      source: bars === undefined ? {} : { spec: bars },
    }));
    this.ledger = new SideLedger(
      instruments.map(({ instrument }) => instrument),
      sideAccounts([facts]),
    );
    this.assembly = assemble({
      prepared: this.#seam?.wrap(engine.prepared) ?? engine.prepared,
      ...{ parts: engine.parts, calendar: engine.calendar, instruments, tradeFrom: facts.tradeFrom, onNotice },
      // Rows come when they came.
      isLive: facts.source === 'live',
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
    this.#seam?.connect(this.assembly.kernel.parts.market);
    this.#tradeFrom = facts.tradeFrom;
    this.#hasBegun = facts.source !== 'live';
  }

  /** Another session goes on from here: its warm-up belongs to the restart, which the backtest does not have. */
  continued({ tradeFrom }: RunFacts): void {
    this.#isContinued = true;
    this.#continuedAt = tradeFrom;
  }

  /** Brokers that a session traded at, by the names of their venues. */
  brokersOf({ mode = 'paper' }: RunFacts): readonly string[] {
    return brokerVenues(this.#engine.prepared.config, mode).map(({ name }) => name);
  }

  take(record: JournalRecord): void {
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
        if (!this.#isContinued) this.#seam?.open(record.symbol, record.at, record.isWhole);
        return;
      case 'event':
        return this.#event(record.event);
      default:
        return;
    }
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

  #tick({ tick, isForKernel }: Extract<JournalRecord, { kind: 'tick' }>): void {
    const { driver } = this.assembly;
    // Those the venue alone had seen when the process died have not happened to the kernel.
    if (!isForKernel) return;
    if (this.#market.instruments[tick.instrumentIndex]?.isHeld === true) return driver.past(tick);
    if (tick.at < this.#continuedAt) return;
    this.#begin(tick.at);
    driver.tick(tick);
  }

  #event(event: KernelEvent): void {
    const { driver } = this.assembly;
    if (event.kind === 'bar') this.#bar(event);
    else if (event.kind === 'corporate-action' || event.kind === 'backfill') driver.event(event);
    // Persons' money is theirs whichever side one looks at.
    else if (event.kind === 'cash' && event.reason === 'deposit') driver.event(event);
    else if (event.kind === 'command' && (this.#withCommands || SETTINGS.has(event.command.name))) {
      this.#begin(event.at);
      driver.event(event);
    }
  }

  #bar(event: BarEvent): void {
    const { driver } = this.assembly;
    if (this.#market.streams[event.streamIndex]?.state.isHeld === true) return driver.past(event);
    if (event.isWarmup && this.#isContinued) return;
    if (!event.isWarmup) this.#begin(event.at);
    driver.bar(event);
  }

  /** Rows of an instrument that is held are what the session missed, and had from history. */
  get #market(): Market {
    return this.assembly.kernel.parts.market;
  }

  /** A live session begins at an instant, whether or not a row comes then; so does its backtest. */
  #begin(at: EpochMs): void {
    if (this.#hasBegun || at < this.#tradeFrom) return;
    this.#hasBegun = true;
    this.assembly.driver.event({ kind: 'timer', at: Math.max(this.#tradeFrom, this.assembly.kernel.now) });
  }
}

const BAR: BarEvent = {
  ...{ kind: 'bar', at: 0, streamIndex: 0, isWarmup: false, isLast: false, symbol: '', ts: 0, endTs: 0 },
  ...{ open: 0, high: 0, low: 0, close: 0, volume: 0, nTicks: Number.NaN, vwap: Number.NaN },
};
