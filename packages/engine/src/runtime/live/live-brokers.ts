// The brokers of a live run, as the run sees them: asked for instruments, begun, stopped, closed.
import type { EngineNotice, Instrument } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import { messageOf } from '../../execution/message-of.js';
import type { KernelEvent } from '../../kernel/event.js';
import type { Assembly } from '../assemble.js';
import { CapitalCheck } from '../brokers/capital-check.js';
import type { AwayParts } from './away-parts.js';
import { instrumentChanged } from '../brokers/broker-instruments.js';
import type { BrokerLine } from '../brokers/broker-line.js';
import { stopOrders } from './broker-stop.js';
import type { Brokers } from '../brokers/brokers.js';
import type { LiveMarket } from './live-market.js';
import { LiveTerms } from './live-terms.js';
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
  readonly #terms: LiveTerms;
  #outages: readonly OutageWatch[] = [];
  #run: LiveBrokersRun | undefined;

  constructor(setup: LiveBrokersSetup) {
    this.#setup = setup;
    const { brokers, engine, onNotice, away } = setup;
    this.#terms = new LiveTerms({ lines: brokers.lines, engine, onNotice, away });
  }

  /** See {@link LiveTerms.resolve}. */
  resolve(declared: Instrument): ReturnType<LiveTerms['resolve']> {
    return this.#terms.resolve(declared);
  }

  /**
   * A broker that was away joins the run, unless the signal says that this is over: it has to trade the instruments as the run does.
   * Errors: BROKER_INSTRUMENT_CHANGED, BROKER_INSTRUMENT_UNKNOWN, BROKER_INSTRUMENT_UNTOLD, those of opening it, and the signal's reason.
   */
  async join(name: string, signal: AbortSignal): Promise<void> {
    const line = this.#lineOf(name);
    const { instruments } = (this.#run as LiveBrokersRun).assembly.kernel.setup;
    await line.join(async () => {
      signal.throwIfAborted();
      for (const { instrument } of instruments) {
        // oxlint-disable-next-line no-await-in-loop
        const terms = await this.#terms.changes(line, instrument);
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

  #lineOf(name: string): BrokerLine {
    return this.#setup.brokers.lines.find((line) => line.name === name) as BrokerLine;
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
