// The engine worker: reads engine.yaml, loads plugins, opens feeds, runs the kernel, writes the run folder. Main only steers.
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { type Feed, nowUtc } from '@bookrunner/sdk';
import { lineWriter } from '../../cli/log/line-writer.js';
import { composeEngine, type EngineComposition } from '../../composition-root.js';
import { type EngineConfig, loadConfig } from '../../config/index.js';
import { openInOrder, type OpenedParts } from '../../plugins/index.js';
import { untilStopped } from '../../plugins/until-stopped.js';
import type { RunResult } from '../../report/run-result.js';
import { writeRun } from '../../report/write-run.js';
import { openStore, projectRun } from '../../store/index.js';
import { isForGoingOn } from './first-commands.js';
import type { Brokers } from '../brokers/brokers.js';
import { liveError } from '../live/live-errors.js';
import { LiveRun } from '../live/live-run.js';
import { errorData, passingData } from './paper-error-data.js';
import type { FromWorker, ToWorker, WorkerData } from './paper-messages.js';
import { paperRecords } from './paper-result.js';
import type { AwayParts } from '../live/away-parts.js';
import { withReopenableParts } from '../live/reopenable-parts.js';
import { mayPass } from '../live/passing-failure.js';
import { Turns } from '../live/pace-turns.js';
import { isRecorded } from '../run-data.js';
import { ReconciliationFile } from './reconciliation-file.js';
import { startStopped } from '../live/start-stopped.js';
import { SlowStrategies } from './slow-strategies.js';
import { strategyHashes } from '../strategy-hash.js';
import type { Beat } from './worker-beat.js';
import { journalOpener, type JournalOpener } from './worker-journal.js';
import { awayParts, brokersOf, feedsInUse, lastTermsOf } from './worker-parts.js';
import { WorkerReplay } from './worker-replay.js';
import { WorkerSession } from './worker-session.js';
import type { SourceSetup, WorkerSource } from './worker-source.js';
import { withMarks } from './worker-strategies.js';

const OPEN_TIMEOUT_MS = 30_000;
/** Snapshots and progress go out at most five times a second. */
const SHOW_EVERY_MS = 200;

/** What the worker is given. */
export interface WorkerParts {
  readonly port: MessagePort;
  readonly data: WorkerData;
  readonly beat: Beat;
}

/** What a run is made of; a live one has its data folder and its accounts by then. */
interface OwnedParts {
  readonly config: EngineConfig;
  readonly engine: EngineComposition;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly openJournal: JournalOpener | undefined;
}

interface RunParts extends OwnedParts {
  readonly away: AwayParts | undefined;
}

/** One run in the worker, from its configuration to its result. Never rejects: what went wrong is told to the main thread. */
export class WorkerRun {
  readonly #parts: WorkerParts;
  readonly #stop = new AbortController();
  #brokers: Brokers | undefined;
  #session: WorkerSession | undefined;
  #reconciliation: ReconciliationFile | undefined;
  /** Commands from before there was a session. */
  #early: Extract<ToWorker, { kind: 'command' }>[] = [];
  /** The journal failed between two events. */
  #fault: { readonly error: unknown } | undefined;
  #open!: () => void;
  #go!: () => void;
  #isLeaving = false;
  /** Why it cannot begin without one of its feeds and brokers; empty where it can. */
  #needsAll = '';
  readonly #mayOpen: Promise<void>;
  readonly #went: Promise<void>;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#mayOpen = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#went = new Promise((resolve) => {
      this.#go = resolve;
    });
    parts.port.on('message', (message: ToWorker) => this.#onMessage(message));
  }

  async run(): Promise<void> {
    try {
      const { data } = this.#parts;
      const { configPath, configText, env, overrides } = data;
      const { level, format, file } = data.log;
      const config = loadConfig(configPath, {
        ...{ env, overrides, now: nowUtc() },
        ...(configText === undefined ? {} : { text: configText }),
      });
      const composing = composeEngine({
        config,
        mode: data.mode,
        log: { level, format, run: data.runId, write: lineWriter(file) },
      });
      const composed = await untilStopped(composing, this.#stop.signal);
      const engine = data.mode === 'live' ? withReopenableParts(composed) : composed;
      try {
        await this.#withEngine(config, engine);
      } finally {
        await engine.dispose();
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#parts.port.close();
  }

  /** Whether it may be tried again as the same run: it has none to show, nor a journal. */
  #fail(error: unknown): void {
    const data = errorData(error);
    const canPass = this.#session?.snapshot() === undefined && mayPass(error);
    this.#tell({ kind: 'failed', error: canPass ? passingData(data, this.#needsAll) : data });
  }

  async #withEngine(config: EngineConfig, engine: EngineComposition): Promise<void> {
    const feeds = feedsInUse(engine);
    const { mode } = this.#parts.data;
    this.#brokers = mode === 'live' ? brokersOf(engine, [...feeds.values()]) : undefined;
    const openJournal = await this.#journal(engine, [...feeds.values()]);
    try {
      if (this.#brokers !== undefined) await this.#owned();
      this.#stop.signal.throwIfAborted();
      if (!this.#isLeaving) await this.#withParts({ config, engine, feeds, openJournal });
    } finally {
      openJournal?.letGo();
    }
  }

  /** No broker is asked before the main thread has data folder and accounts: another engine may be at it. */
  #owned(): Promise<void> {
    this.#tell({ kind: 'asking' });
    return this.#mayOpen;
  }

  async #withParts({ config, engine, feeds, openJournal }: OwnedParts): Promise<void> {
    const last = lastTermsOf({ isFresh: this.#parts.data.isFresh, brokers: this.#brokers, openJournal });
    this.#needsAll = last.terms === undefined ? last.why : '';
    const away = awayParts(engine, { feeds, brokers: this.#brokers, terms: last.terms });
    try {
      await this.#withAway({ config, engine, feeds, openJournal, away });
    } finally {
      await away?.close();
    }
  }

  async #withAway({ config, engine, feeds, openJournal, away }: RunParts): Promise<void> {
    const opened = await openInOrder(
      {
        feeds: [...feeds].map(([name, feed]) => ({ name, open: () => feed.open(), close: () => feed.close() })),
        venues: this.#brokers?.openables() ?? [],
      },
      {
        ...{ timeoutMs: OPEN_TIMEOUT_MS, signal: this.#stop.signal, mask: (text) => config.source.mask(text) },
        ...(away === undefined ? {} : { mayDoWithout: (parts) => away.takeAll(parts) }),
      },
    );
    try {
      const result = await this.#run({ config, engine, feeds, openJournal, away });
      if (result === undefined) return;
      writeRun(join(config.engine.dataDir, 'runs', result.runId), result, { html: this.#parts.data.html });
      await this.#store(config, result);
      this.#tell({ kind: 'result', records: paperRecords(result) });
    } finally {
      await this.#close(opened);
    }
  }

  /** Undefined where the run is left before it begins. */
  async #run({ config, engine, feeds, openJournal, away }: RunParts): Promise<RunResult | undefined> {
    const { data, beat } = this.#parts;
    const source = this.#source({ config, engine, feeds, openJournal, away });
    const session = new WorkerSession({
      runId: data.runId,
      name: config.engine.name,
      source,
      mode: data.mode,
      wallClock: nowUtc,
    });
    this.#session = session;
    this.#reconciliation = new ReconciliationFile({
      folder: join(config.engine.dataDir, 'runs', data.runId),
      notify: (notice) => this.#tell({ kind: 'notice', notice }),
    });
    for (const command of data.first) if (!isForGoingOn(command)) session.command(command, () => {});
    for (const early of this.#early) this.#command(early, session);
    this.#early = [];
    // Whoever is told that this one is ready knows that it has its data folder.
    if (source instanceof LiveRun) openJournal?.hold();
    this.#tell({ kind: 'ready', canRecover: openJournal !== undefined && source instanceof LiveRun });
    await this.#went;
    if (this.#isLeaving) return undefined;
    this.#stop.signal.throwIfAborted();
    beat.run();
    const shown = setInterval(() => this.#show(undefined), SHOW_EVERY_MS);
    try {
      const result = await source.run();
      if (this.#fault !== undefined) throw this.#fault.error;
      for (const notice of session.unfinishedPanics()) this.#tell({ kind: 'notice', notice });
      // The marks are not the strategies' own code.
      return { ...result, strategyHashes: strategyHashes(engine.prepared.strategies) };
    } finally {
      session.end();
      clearInterval(shown);
      this.#show(undefined);
      const last = session.snapshot();
      if (last !== undefined) this.#reconciliation.end(last, (venue, since) => session.fillsSince(venue, since));
    }
  }

  /** A journal that fails stops the run, whatever it waits for. */
  #journal(engine: EngineComposition, feeds: readonly Feed[]): Promise<JournalOpener | undefined> {
    return journalOpener({
      engine,
      data: this.#parts.data,
      isRecorded: feeds.every((feed) => isRecorded(feed)),
      isFolderHeld: this.#brokers !== undefined,
      watched: (prepared) => withMarks(prepared, { beat: this.#parts.beat }),
      onFault: (error) => {
        this.#fault ??= { error };
        this.#stop.abort(error);
      },
    });
  }

  #source({ engine, feeds, openJournal, away }: RunParts): WorkerSource {
    const { data, beat } = this.#parts;
    const slow = new SlowStrategies(engine.prepared.config.engine.guards);
    const setup: SourceSetup = {
      data,
      engine: { ...engine, prepared: withMarks(engine.prepared, { beat, slow }) },
      slow,
      turns: new Turns({ beat: () => beat.beat() }),
      beat: () => beat.beat(),
      signal: this.#stop.signal,
      isStopAsked: () => beat.isStopAsked,
      session: () => this.#session as WorkerSession,
      onNotice: (notice) => {
        this.#session?.heard(notice);
        this.#tell({ kind: 'notice', notice });
      },
      onBegun: () => this.#tell({ kind: 'begun' }),
      ...(openJournal === undefined ? {} : { openJournal }),
      ...(this.#brokers === undefined ? {} : { brokers: this.#brokers }),
      away,
    };
    const recorded = [...feeds.values()].filter((feed) => isRecorded(feed)).length;
    if (recorded === feeds.size) return new WorkerReplay(setup);
    if (recorded > 0) {
      throw liveError('LIVE_FEEDS_MIXED', 'Some strategies use recorded feeds and others live ones.');
    }
    if (data.speed !== 1) {
      throw liveError('LIVE_SPEED_INVALID', `A live feed cannot be run at speed ${String(data.speed)}.`);
    }
    return new LiveRun(setup);
  }

  #onMessage(message: ToWorker): void {
    switch (message.kind) {
      case 'open':
        return this.#open();
      case 'go':
        return this.#go();
      case 'leave':
        this.#isLeaving = true;
        this.#open();
        return this.#go();
      case 'stop':
        this.#session?.stopping();
        this.#stop.abort(startStopped());
        this.#open();
        return this.#go();
      case 'snapshot':
        return this.#show(message.id);
      case 'command':
        if (this.#session === undefined) this.#early.push(message);
        else this.#command(message, this.#session);
    }
  }

  #command({ id, command }: Extract<ToWorker, { kind: 'command' }>, session: WorkerSession): void {
    session.command(command, (outcome) => this.#tell({ kind: 'outcome', id, outcome }));
  }

  #show(id: number | undefined): void {
    const snapshot = this.#session?.snapshot();
    if (snapshot === undefined) return;
    this.#reconciliation?.look(snapshot);
    this.#tell({ kind: 'snapshot', id, snapshot });
    const { at, counts } = snapshot;
    if (id === undefined && at !== null) {
      this.#tell({ kind: 'progress', progress: { at, rows: counts.ticks + counts.bars } });
    }
  }

  /** Puts the run into the store. The run folder has it already, so a store that fails costs a warning, not the run. */
  async #store(config: EngineConfig, result: RunResult): Promise<void> {
    const beating = setInterval(() => this.#parts.beat.beat(), SHOW_EVERY_MS);
    try {
      const store = await openStore({ database: config.database, dataDir: config.engine.dataDir });
      try {
        await projectRun(store, result);
      } finally {
        await store.close();
      }
    } catch (error) {
      const { code, message, remedy } = errorData(error);
      const text = `The run is in its folder but not in the store: ${code}: ${message} ${remedy}`;
      this.#tell({
        kind: 'notice',
        notice: { ts: nowUtc(), level: 'warning', code: 'STORE_SKIPPED', message: text, details: {} },
      });
    } finally {
      clearInterval(beating);
    }
  }

  async #close(opened: OpenedParts): Promise<void> {
    for (const { code, message } of await opened.close()) {
      this.#tell({ kind: 'notice', notice: { ts: nowUtc(), level: 'warning', code, message, details: {} } });
    }
  }

  #tell(message: FromWorker): void {
    this.#parts.port.postMessage(message);
  }
}
