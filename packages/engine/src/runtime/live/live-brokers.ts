// The brokers of a live run, as the run sees them: asked for instruments, begun, stopped, closed.
import type { EngineNotice, Instrument } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import { messageOf } from '../../execution/message-of.js';
import type { KernelEvent } from '../../kernel/event.js';
import type { Assembly } from '../assemble.js';
import { CapitalCheck } from '../brokers/capital-check.js';
import { AWAY_ANSWER_MS, type AwayParts } from './away-parts.js';
import {
  askBroker,
  instrumentChanged,
  type InstrumentTerms,
  termsOf,
  withTerms,
} from '../brokers/broker-instruments.js';
import type { BrokerLine } from '../brokers/broker-line.js';
import { stopOrders } from './broker-stop.js';
import type { Brokers } from '../brokers/brokers.js';
import type { LiveMarket } from './live-market.js';
import { OutageWatch } from '../brokers/outage-watch.js';

/** What {@link LiveBrokers} works on. */
export interface LiveBrokersSetup {
  readonly brokers: Brokers;
  readonly engine: EngineComposition;
  readonly onNotice: (notice: EngineNotice) => void;
  readonly onFault: (error: unknown) => void;
  /** Absent where all have to be there. */
  readonly away?: AwayParts | undefined;
}

interface LiveBrokersRun {
  readonly assembly: Assembly;
  readonly market: LiveMarket;
}

/** Between a live run and its brokers. */
export class LiveBrokers {
  readonly #setup: LiveBrokersSetup;
  #outages: readonly OutageWatch[] = [];
  #run: LiveBrokersRun | undefined;

  constructor(setup: LiveBrokersSetup) {
    this.#setup = setup;
  }

  /** The instrument as the brokers trade it that strategies trade it at. Errors: BROKER_INSTRUMENT_UNKNOWN. */
  async resolve(instrument: Instrument): Promise<{ readonly instrument: Instrument; readonly terms: InstrumentTerms }> {
    let asked = instrument;
    for (const line of this.#linesOf(instrument)) {
      // One after the other: the last one has the last word. Of one that is away it is what the last session came to.
      // oxlint-disable-next-line no-await-in-loop
      asked = (await this.#askThere(line, asked)) ?? this.#asBefore(asked);
    }
    asked = this.#asFine(asked);
    return { instrument: asked, terms: termsOf(instrument, asked) };
  }

  /**
   * A broker that was away joins the run, unless the signal says that this is over: it has to trade the instruments as the run does.
   * Errors: BROKER_INSTRUMENT_CHANGED, BROKER_INSTRUMENT_UNKNOWN, BROKER_INSTRUMENT_UNTOLD, those of opening it, and the signal's reason.
   */
  async join(name: string, signal: AbortSignal): Promise<void> {
    const line = this.#lineOf(name);
    const { instruments } = (this.#run as LiveBrokersRun).assembly.kernel.setup;
    await line.join(async () => {
      for (const { instrument } of instruments) {
        const lines = this.#linesOf(instrument);
        if (!lines.includes(line)) continue;
        // oxlint-disable-next-line no-await-in-loop
        const terms = await this.#changes(line, lines, instrument);
        signal.throwIfAborted();
        if (Object.keys(terms).length > 0) throw instrumentChanged(name, instrument.symbol, terms);
      }
    });
  }

  /** It is away for another reason now. */
  stillAway(name: string, why: string): void {
    this.#lineOf(name).stillAway(why);
  }

  /** Whether the broker is away by plan. */
  isOutage(name: string): boolean {
    const { reconciler } = (this.#run as LiveBrokersRun).assembly.kernel.parts;
    return reconciler?.watches.find(({ venue }) => venue === name)?.isOutage === true;
  }

  /** On what other terms than the run's the broker trades the instrument, as far as no broker after it says otherwise, as at a start. */
  async #changes(line: BrokerLine, lines: readonly BrokerLine[], instrument: Instrument): Promise<InstrumentTerms> {
    const own = await this.#ask(line, instrument, () => {});
    let changes = termsOf(instrument, own);
    for (const later of lines.slice(lines.indexOf(line) + 1)) {
      if (Object.keys(changes).length === 0) break;
      // What one that does not answer would say is in the terms of the run.
      // oxlint-disable-next-line no-await-in-loop
      const said = this.#isAway(later) ? undefined : await this.#ask(later, own, () => {}).catch(() => undefined);
      changes = said === undefined ? {} : agreed(changes, termsOf(instrument, said));
    }
    return changes;
  }

  /** Undefined where it is away, or cannot tell for now and the run goes on without it. */
  async #askThere(line: BrokerLine, instrument: Instrument): Promise<Instrument | undefined> {
    const { away, onNotice } = this.#setup;
    if (this.#isAway(line)) return undefined;
    try {
      return await this.#ask(line, instrument, onNotice);
    } catch (error) {
      if (away?.take({ kind: 'venue', name: line.name }, error) === true) return undefined;
      throw error;
    }
  }

  #isAway({ name }: BrokerLine): boolean {
    return this.#setup.away?.isAway({ kind: 'venue', name }) === true;
  }

  #ask(
    { name, venue }: BrokerLine,
    instrument: Instrument,
    onNotice: LiveBrokersSetup['onNotice'],
  ): Promise<Instrument> {
    const { clock, prepared } = this.#setup.engine;
    return askBroker({
      ...{ name, venue, instrument, source: prepared.config.source, onNotice },
      ...(this.#setup.away === undefined ? {} : { limitMs: AWAY_ANSWER_MS }),
      declared: prepared.config.instruments[instrument.symbol] ?? instrument,
      now: () => clock.nowUtc(),
    });
  }

  /** Scales no coarser than those of the last session: what it holds may not fit on coarser ones. */
  #asFine(instrument: Instrument): Instrument {
    const { priceDecimals, quantityDecimals } = this.#setup.away?.termsOf(instrument.symbol) ?? {};
    if (priceDecimals === undefined || quantityDecimals === undefined) return instrument;
    return withTerms(instrument, { priceDecimals, quantityDecimals });
  }

  #asBefore(instrument: Instrument): Instrument {
    return withTerms(instrument, this.#setup.away?.termsOf(instrument.symbol) ?? {});
  }

  #lineOf(name: string): BrokerLine {
    return this.#setup.brokers.lines.find((line) => line.name === name) as BrokerLine;
  }

  /** Brokers at which strategies trade the symbol. */
  #linesOf({ symbol }: Instrument): readonly BrokerLine[] {
    const { config, strategies } = this.#setup.engine.prepared;
    const accounts = [...strategies.values()]
      .filter((strategy) => strategy.config.symbols.includes(symbol))
      .map((strategy) => config.books[strategy.config.book]?.account ?? '');
    const venues = new Set(accounts.map((account) => config.accounts[account]?.venue));
    return this.#setup.brokers.lines.filter(({ name }) => venues.has(name));
  }

  connect(assembly: Assembly, market: LiveMarket): void {
    const { brokers, onFault } = this.#setup;
    this.#run = { assembly, market };
    this.#outages = brokers.lines.map(({ name }) => this.#outageWatch(name, assembly, market));
    const capital = new CapitalCheck(assembly.kernel, (notice) => this.#notify(notice));
    brokers.connect({
      kernel: assembly.kernel,
      take: (make) => {
        let taken: KernelEvent | undefined;
        market.take((at) => (taken = make(at)));
        if (taken?.kind === 'venue-snapshot' && taken.snapshot !== undefined) capital.look(taken.snapshot, taken.at);
      },
      notify: (notice) => this.#notify(notice),
      onFault,
    });
  }

  /** The run has begun: what brokers said meanwhile follows. */
  begin(): void {
    // Before what was said meanwhile: a broker that is away by plan is no news.
    for (const watch of this.#outages) watch.start();
    this.#setup.brokers.begin();
  }

  /** The run was stopped and is well: `engine.onStop` says what becomes of its orders. */
  async stop(): Promise<void> {
    if (this.#run === undefined) return;
    const { assembly, market } = this.#run;
    const { engine } = this.#setup;
    await stopOrders({
      policy: engine.prepared.config.engine.onStop,
      kernel: assembly.kernel,
      accounts: assembly.simulator.brokerAccounts,
      clock: engine.clock,
      take: (make) => market.take(make),
      notify: (notice) => this.#notify(notice),
    });
  }

  async close(): Promise<void> {
    const { brokers, engine } = this.#setup;
    for (const watch of this.#outages) watch.stop();
    for (const cause of await brokers.close()) {
      const message = engine.prepared.config.source.mask(`A venue did not close: ${messageOf(cause)}`);
      this.#notify({ ts: engine.clock.nowUtc(), level: 'warning', code: 'BROKER_NOT_CLOSED', message, details: {} });
    }
  }

  #outageWatch(venue: string, { kernel }: Assembly, market: LiveMarket): OutageWatch {
    const { engine } = this.#setup;
    const { venues, engine: settings } = engine.prepared.config;
    const { scopes, portfolio, reconciler } = kernel.parts;
    const books = scopes.books.filter((_, index) => portfolio.books[index]?.venue === venue);
    const watchOf = () => reconciler?.watches.find((watch) => watch.venue === venue);
    return new OutageWatch({
      ...{ venue, outages: venues[venue]?.outages ?? [], limits: settings.guards, clock: engine.clock },
      deliver: (make) => market.take(make),
      isTold: () => watchOf()?.isOutage === true || books.some(({ pauseReason }) => pauseReason !== ''),
      isReady: () => watchOf()?.state === 'ready',
    });
  }

  #notify(notice: EngineNotice): void {
    this.#run?.assembly.recorder.notice(notice);
    this.#setup.onNotice(notice);
  }
}

/** Of the terms those that the later ones say as well. */
function agreed(terms: InstrumentTerms, later: InstrumentTerms): InstrumentTerms {
  const said = new Map(Object.entries(later).map(([key, value]) => [key, JSON.stringify(value)]));
  return Object.fromEntries(Object.entries(terms).filter(([key, value]) => said.get(key) === JSON.stringify(value)));
}
