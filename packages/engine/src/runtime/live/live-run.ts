// Paper and live over live feeds: subscribe, warm up from history, then events in order of arrival and deadlines by the clock.
import { type EngineNotice, type EpochMs, type FeedStatus } from '@bookrunner/sdk';
import type { FeedView, VenueFacts } from '../../control/engine-snapshot.js';
import { JournaledSeam } from '../../journal/journaled-seam.js';
import type { RecoveredRun } from '../../journal/recover-run.js';
import type { RunJournal } from '../../journal/run-journal.js';
import { untilStopped } from '../../plugins/until-stopped.js';
import { RestoreMark } from '../../operations/restore-mark.js';
import type { RunResult } from '../../report/run-result.js';
import { type Assembly, assemble, type RunInstrument } from '../assemble.js';
import { HistoryStart } from './history-start.js';
import { keepLooking } from './late-looks.js';
import { LiveBrokers } from './live-brokers.js';
import type { LiveChannel } from './live-channel.js';
import { isFillable } from './live-channels.js';
import { LiveFeeds } from './live-feeds.js';
import { findInstruments } from './live-instruments.js';
import { liveResult } from './live-result.js';
import { LiveMarket } from './live-market.js';
import { clockBehind, LiveRestart, restartStatus } from './live-restart.js';
import { damagedSnapshots } from './damaged-snapshots.js';
import { changedText } from './changed-text.js';
import { feedNotice } from './feed-notice.js';
import { LiveJoining } from './live-joining.js';
import { liveSource } from './live-source.js';
import { PausedWatch } from './paused-watch.js';
import { staleLimits } from './live-stale.js';
import { type LiveInstrument, warmUp } from './live-warmup.js';
import { randomRunEpoch } from './run-epoch.js';
import { SeenTicks } from './seen-ticks.js';
import { startStopped } from './start-stopped.js';
import { strategiesOff } from './strategies-off.js';
import type { SourceSetup, WorkerSource } from '../session/worker-source.js';

/** A run over live feeds. */
export class LiveRun implements WorkerSource {
  readonly #setup: SourceSetup;
  readonly lagMs = 0;
  #journal: RunJournal | undefined;
  readonly #seam = new JournaledSeam(() => this.#journal?.writer);
  readonly #brokers: LiveBrokers | undefined;
  readonly #mark: RestoreMark;
  #market: LiveMarket | undefined;
  #restart: LiveRestart | undefined;
  #feeds: LiveFeeds | undefined;
  #end!: () => void;
  #fail!: (error: unknown) => void;
  readonly #ended: Promise<void>;
  #cancelLook: (() => void) | undefined;
  #startedAt: EpochMs = Number.NaN;
  #hasBegun = false;
  /** Of a run that goes on: symbols by feed whose time without an engine comes from history. */
  readonly #unseen = new Map<string, readonly string[]>();
  /** From when on history is to come of symbols whose strategies begin anew while their feed is away. */
  readonly #expected = new Map<string, EpochMs>();

  constructor(setup: SourceSetup) {
    this.#setup = setup;
    this.#ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    const { brokers, engine, onNotice } = setup;
    this.#mark = new RestoreMark(engine.prepared.config.engine.dataDir);
    const onFault = (error: unknown): void => this.#fail(error);
    if (brokers !== undefined)
      this.#brokers = new LiveBrokers({ brokers, engine, onNotice, onFault, away: setup.away });
    // Whoever waits hears of it; a fault before anybody waits is not unhandled.
    this.#ended.catch(() => {});
    setup.signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  now(): EpochMs {
    return this.#hasBegun ? (this.#market as LiveMarket).now() : Number.NEGATIVE_INFINITY;
  }

  wake(): void {
    if (this.#hasBegun) this.#market?.advance();
  }

  feeds(): readonly FeedView[] {
    return this.#channels.map((channel) => channel.view());
  }

  venues(): readonly VenueFacts[] {
    return this.#setup.brokers?.views() ?? [];
  }

  async run(): Promise<RunResult> {
    const { engine, session, signal, onNotice, away } = this.#setup;
    const started = performance.now();
    const instruments = await untilStopped(findInstruments({ engine, signal, away, brokers: this.#brokers }), signal);
    const recovered = await this.#recover(instruments);
    try {
      if (recovered === undefined) away?.requireAll();
      const feeds = new LiveFeeds({ instruments, clock: engine.clock, onNotice, away: recovered && away });
      this.#feeds = feeds;
      await feeds.subscribe(signal);
      this.#requireWanted();
      // The run begins where rows have begun to wait: history up to here, then they.
      const at = engine.clock.nowUtc();
      this.#startedAt = at;
      const assembly = this.#assemble(instruments, { at, recovered });
      if (recovered !== undefined) this.#takeOver(assembly, recovered);
      session().attach(assembly);
      this.#journal?.attach(assembly);
      if (recovered !== undefined) this.#goOn(recovered, instruments, assembly);
      this.#passMark();
      await this.#live(assembly, instruments);
      const to = Math.max(at, assembly.kernel.now);
      assembly.recorder.finish(to);
      this.#journal?.end(to);
      const span = { from: at, to, elapsedMs: performance.now() - started };
      return liveResult(assembly, { ...span, data: this.#setup.data, engine, channels: this.#channels });
    } finally {
      await this.#feeds?.close();
      this.#journal?.close();
    }
  }

  /** From history to the end of live data. */
  async #live(assembly: Assembly, instruments: readonly LiveInstrument[]): Promise<void> {
    const { engine, signal, turns, onNotice } = this.#setup;
    const at = this.#startedAt;
    try {
      this.#connectFeeds(assembly);
      const { prepared } = engine;
      const anew = instruments.filter((live) => !this.#isAway(live) && this.#restart?.isAnew(live.index, at) !== false);
      for (const live of instruments) if (!anew.includes(live)) this.#known(live, assembly);
      for (const live of instruments.filter((one) => this.#isAway(one))) this.#expect(live, assembly);
      await warmUp({
        ...{ assembly, prepared, instruments: anew, at, turns, signal, onNotice, clock: engine.clock },
        seam: this.#seam,
        onBars: (live, last) => this.#feeds?.channelOf(live)?.hasBars(live.instrument.symbol, last),
      });
      for (const live of anew) this.#seen(live, assembly);
      this.#requireWanted();
      this.#begin(assembly, Math.max(at, assembly.kernel.now));
      await this.#ended;
      this.#setup.away?.stop();
      await this.#closeFeeds();
      await this.#brokers?.stop();
    } finally {
      await this.#close();
    }
  }

  /** What is stopped before it begins leaves like one that is cut off there: rows that wait, and what is latched, would trade. */
  #requireWanted(): void {
    this.#setup.signal.throwIfAborted();
    if (this.#setup.isStopAsked?.() === true) throw startStopped();
  }

  #isAway({ feedName: name }: Pick<LiveInstrument, 'feedName'>): boolean {
    return this.#setup.away?.isAway({ kind: 'feed', name }) === true;
  }

  /** The last run, where there is one to go on from. */
  #recover(instruments: readonly LiveInstrument[]): Promise<RecoveredRun | undefined> | undefined {
    const { data, openJournal, beat } = this.#setup;
    return data.isFresh ? undefined : openJournal?.recover(this.#sources(instruments), beat);
  }

  #sources(instruments: readonly LiveInstrument[]): readonly RunInstrument[] {
    const { prepared } = this.#setup.engine;
    return instruments.map(({ instrument, terms, feed }) => ({
      ...{ instrument, source: liveSource(prepared, feed, instrument) },
      ...(terms === undefined ? {} : { terms }),
    }));
  }

  #takeOver(assembly: Assembly, recovered: RecoveredRun): void {
    const journal = this.#journal as RunJournal;
    const restored = this.#mark.read();
    this.#restart = new LiveRestart({ recovered, assembly, writer: journal.writer, seam: this.#seam, restored });
    journal.begin(this.#restart.takeOver(this.#startedAt));
  }

  /** A fresh run has other ids, and one that goes on other numbers, once that is on disk. */
  #passMark(): void {
    if (this.#journal === undefined || this.#mark.read() === undefined) return;
    this.#journal.writer.commit();
    this.#mark.clear();
  }

  #goOn(recovered: RecoveredRun, instruments: readonly LiveInstrument[], assembly: Assembly): void {
    const restart = this.#restart as LiveRestart;
    const at = Math.max(this.#startedAt, restart.from);
    const how = `${recovered.isFinished ? 'was stopped' : 'was cut off'} at ${new Date(restart.from).toISOString()}`;
    const changes = recovered.folded?.changes;
    this.#setup.onNotice({
      ...{ ts: at, level: 'warning', code: 'RUN_CONTINUED' },
      details: { run: recovered.run, after: recovered.after, ...(changes && { changes }) },
      message: `Goes on from run '${recovered.run}', which ${how}; nobody watched the market since.${changedText(changes)}`,
    });
    for (const notice of [clockBehind(restart.from, this.#startedAt), damagedSnapshots(recovered, at)])
      if (notice !== undefined) this.#setup.onNotice(notice);
    // Before anything else is processed: where strategies are off, none is called.
    const stops = this.#setup.data.first.filter(({ name }) => name === 'stop');
    const feeds = [...new Set(instruments.map(({ feedName }) => feedName))].map((feed) => {
      const own = instruments.filter(({ feedName }) => feedName === feed);
      // What a feed brings that is not there yet comes from history then, also where strategies begin anew.
      const isAway = own.some((live) => this.#isAway(live));
      const unseen = own.filter((live) => (isAway || !restart.isAnew(live.index, at)) && isFillable(live, assembly));
      this.#unseen.set(feed, unseen.map(symbolOf));
      return { feed, symbols: own.map(symbolOf), unseen: unseen.map(symbolOf), isAway };
    });
    restart.goOn(at, feeds, stops);
    for (const notice of strategiesOff(assembly.kernel, at)) this.#say(notice, assembly);
  }

  /** Strategies that begin anew, and whose feed is not there yet: their bars begin where its history will. */
  #expect(live: LiveInstrument, assembly: Assembly): void {
    if (this.#restart?.hasOwnPast !== false) return;
    const { prepared } = this.#setup.engine;
    const { symbol } = live.instrument;
    const at = this.#startedAt;
    if (!isFillable(live, assembly)) return this.#seam.open(symbol, at, false);
    const { from } = new HistoryStart(live, { assembly, prepared, at });
    this.#expected.set(symbol, from);
    this.#seam.open(symbol, from, false);
  }

  /** Ready bars that the last run had seen are not taken again. */
  #known(live: LiveInstrument, { plan, kernel }: Assembly): void {
    const window = kernel.parts.market.streams[plan.feedStream(live.index)]?.window;
    if (window !== undefined && window.length > 0)
      this.#feeds?.channelOf(live)?.hasBars(live.instrument.symbol, window.latest.ts);
  }

  /** Ticks that history had up to now are not taken again. */
  #seen(live: LiveInstrument, { kernel }: Assembly): void {
    const state = kernel.parts.market.instruments[live.index];
    this.#feeds?.channelOf(live)?.hasTicks(live.instrument.symbol, new SeenTicks(state));
  }

  #assemble(
    instruments: readonly LiveInstrument[],
    { at, recovered }: { readonly at: EpochMs; readonly recovered: RecoveredRun | undefined },
  ): Assembly {
    const { engine, beat, data, brokers, slow } = this.#setup;
    // A run that goes on carries out first what the last one left, at its instant: it is told now.
    const onNotice = (notice: EngineNotice): void =>
      this.#setup.onNotice(notice.ts < at ? { ...notice, ts: at } : notice);
    const { prepared, parts, calendar, clock } = engine;
    const runEpoch = recovered?.runEpoch ?? randomRunEpoch();
    const start = { instruments: this.#sources(instruments), tradeFrom: at, runEpoch };
    this.#journal = this.#setup.openJournal?.open({ source: 'live', ...start, recovered });
    const assembly = assemble({
      ...{ prepared: this.#seam.wrap(prepared), parts, ...start, calendar, onNotice, mode: data.mode, isLive: true },
      ...(brokers === undefined ? {} : { brokers }),
      ...(this.#journal === undefined ? {} : { tap: this.#journal }),
    });
    this.#seam.connect(assembly.kernel.parts.market);
    this.#market = new LiveMarket({ driver: assembly.driver, clock, beat });
    const market = this.#market;
    slow?.connect((make) => market.take(make));
    this.#brokers?.connect(assembly, market);
    return assembly;
  }

  #connectFeeds(assembly: Assembly): void {
    const { engine, turns, onNotice } = this.#setup;
    this.#feeds?.connect({
      ...{ engine, assembly, turns, onNotice, market: this.#market as LiveMarket },
      onState: (status: FeedStatus) => this.#onState(status, assembly),
      onFault: (error: unknown) => this.#fail(error),
    });
  }

  get #channels(): readonly LiveChannel[] {
    return this.#feeds?.channels ?? [];
  }

  /** The kernel starts at the instant live data begins, whether or not a row comes soon; what waited follows. */
  #begin(assembly: Assembly, at: EpochMs): void {
    const { engine, session, onBegun, away } = this.#setup;
    const market = this.#market as LiveMarket;
    market.arrival.now(at);
    assembly.driver.event({ kind: 'timer', at });
    this.#hasBegun = true;
    // Commands first, but as of then: rows that waited since are still to come.
    market.asOf(at, () => session().begin(at));
    // Whoever hears of it takes halts off the disk: what stands for them is there before.
    this.#journal?.writer.commit();
    onBegun();
    // Rows first: they came at their own time, and what brokers have said happens now.
    this.#feeds?.open(market, at, (channel) => {
      if (away?.isAway({ kind: 'feed', name: channel.name }) === true) return this.#beginWithout(channel);
      const statusOf = (symbol: string): FeedStatus => restartStatus({ ts: at, feed: channel.name, symbol }, 'live');
      const symbols = this.#unseen.get(channel.name) ?? [];
      channel.restarted({ symbols, since: this.#restart?.from ?? at, statusOf });
    });
    this.#brokers?.begin();
    market.advance();
    const say = (notice: EngineNotice): void => this.#say(notice, assembly);
    away?.begin(new LiveJoining({ feeds: this.#feeds as LiveFeeds, brokers: this.#brokers, say }));
    const paused = new PausedWatch(assembly.kernel.parts.scopes.strategies, say);
    const everyMs = Math.max(20, Math.min(500, staleLimits(engine.prepared.risk.options).feedMs / 4));
    this.#cancelLook = keepLooking(engine.clock, everyMs, (now, isPutOff) => {
      for (const channel of isPutOff ? [] : this.#channels) channel.look();
      paused.look(now);
    });
  }

  /** A feed that is away when the run begins: as if it had been lost when the last run ended. */
  #beginWithout(channel: LiveChannel): void {
    const { away, engine } = this.#setup;
    const message = away?.whyOf({ kind: 'feed', name: channel.name }) ?? '';
    const why = { feed: channel.name, state: 'disconnected', reason: 'FEED_NOT_OPEN', message } as const;
    channel.begunWithout({ ...why, ts: engine.clock.nowUtc() }, (symbol) => {
      const since = this.#expected.get(symbol);
      return { since: since ?? this.#restart?.from ?? this.#startedAt, isAnew: since !== undefined };
    });
  }

  /** What the kernel does not say. */
  #say(notice: EngineNotice, { recorder }: Assembly): void {
    recorder.notice(notice);
    this.#setup.onNotice(notice);
  }

  #onState(status: FeedStatus, assembly: Assembly): void {
    this.#say(feedNotice(status), assembly);
    if (this.#feeds?.haveEnded === true) this.#end();
  }

  async #closeFeeds(): Promise<void> {
    this.#cancelLook?.();
    await this.#feeds?.close();
  }

  /** Brokers last: what they report until they are closed is still heard and written down. */
  async #close(): Promise<void> {
    this.#setup.away?.stop();
    await this.#closeFeeds();
    await this.#brokers?.close();
    this.#market?.close();
  }
}

function symbolOf({ instrument }: LiveInstrument): string {
  return instrument.symbol;
}
