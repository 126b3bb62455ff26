// The brokers of a live run, as the run sees them: asked for instruments, begun, stopped, closed.
import type { EngineNotice, Instrument } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import { messageOf } from '../../execution/message-of.js';
import type { KernelEvent } from '../../kernel/event.js';
import type { Assembly } from '../assemble.js';
import { CapitalCheck } from '../brokers/capital-check.js';
import { askBroker, type InstrumentTerms, termsOf } from '../brokers/broker-instruments.js';
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
}

/** Between a live run and its brokers. */
export class LiveBrokers {
  readonly #setup: LiveBrokersSetup;
  #outages: readonly OutageWatch[] = [];
  #run: { readonly assembly: Assembly; readonly market: LiveMarket } | undefined;

  constructor(setup: LiveBrokersSetup) {
    this.#setup = setup;
  }

  /** The instrument as the brokers trade it that strategies trade it at. Errors: BROKER_INSTRUMENT_UNKNOWN. */
  async resolve(instrument: Instrument): Promise<{ readonly instrument: Instrument; readonly terms: InstrumentTerms }> {
    const { brokers, engine, onNotice } = this.#setup;
    const { config, strategies } = engine.prepared;
    const accounts = [...strategies.values()]
      .filter((strategy) => strategy.config.symbols.includes(instrument.symbol))
      .map((strategy) => config.books[strategy.config.book]?.account ?? '');
    const venues = new Set(accounts.map((account) => config.accounts[account]?.venue));
    let asked = instrument;
    for (const { name, venue } of brokers.lines) {
      if (!venues.has(name)) continue;
      // One after the other: what the second says is compared with what the first has said.
      // oxlint-disable-next-line no-await-in-loop
      asked = await askBroker({
        ...{ name, venue, instrument: asked, source: config.source, onNotice },
        now: () => engine.clock.nowUtc(),
      });
    }
    return { instrument: asked, terms: termsOf(instrument, asked) };
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
    return new OutageWatch({
      ...{ venue, outages: venues[venue]?.outages ?? [], limits: settings.guards, clock: engine.clock },
      deliver: (make) => market.take(make),
      isPaused: books.some(({ pauseReason }) => pauseReason !== ''),
      isReady: () => reconciler?.watches.some((watch) => watch.venue === venue && watch.state === 'ready') ?? false,
    });
  }

  #notify(notice: EngineNotice): void {
    this.#run?.assembly.recorder.notice(notice);
    this.#setup.onNotice(notice);
  }
}
