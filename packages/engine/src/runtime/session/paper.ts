// A paper run from the main thread: it starts the engine worker and hosts what has to work while a strategy hangs, which is the
// controls, the signals, the PANIC file and the watchdog. No strategy runs here.
import { join, resolve } from 'node:path';
import { type Command, type EngineNotice, type EpochMs, isTradingError, nowUtc } from '@bookrunner/sdk';
import { effectiveConfig, type EngineConfig, loadConfig } from '../../config/index.js';
import { AuditLog } from '../../control/audit-log.js';
import { RunControl } from '../../control/engine-control.js';
import { HaltLatch } from '../../control/halt-latch.js';
import { withReasonOfHalt } from '../../control/halt-reason.js';
import { endsPanicOfAll } from '../../control/open-panics.js';
import { PanicDrill } from '../../control/panic-drill.js';
import { panicNotGoneOn } from '../../control/panic-not-done.js';
import { panicsOfNobody } from '../../control/panic-of-nobody.js';
import { journalPath } from '../../journal/journal-file.js';
import { untilStopped } from '../../plugins/until-stopped.js';
import type { ReportInput } from '../../report/run-result.js';
import { requireNoOpenPanic, StartCommands, WATCHDOG } from './first-commands.js';
import { checkSpeed } from './pace-replay.js';
import { type OwnedAccounts, ownAccounts } from '../brokers/own-accounts.js';
import { openControls } from './paper-controls.js';
import type { FromWorker } from './paper-messages.js';
import type { PaperOptions, PaperRun } from './paper-options.js';
import { reportInput } from './paper-result.js';
import { RecoveringEngine } from './recovering-engine.js';
import { requireDataFolder } from './require-data-folder.js';
import { hearPanics, hearStop, type SessionWishes } from './session-wishes.js';
import { isStartStopped, startStopped } from '../live/start-stopped.js';
import { tellOfWaiting } from './start-waits.js';
import { Supervisor } from './supervisor.js';
import { WORKER_LIMITS, WORKER_MEMORY, workerEntry } from './worker-defaults.js';

export type { PaperOptions, PaperRun } from './paper-options.js';

/**
 * Runs engine.yaml in the simulated venue: over recorded feeds behind a clock, or over live feeds. Writes the run folder.
 * Errors: CONFIG_…, REPORT_WRITE_FAILED, PLUGIN_BOOT_FAILED, DATA_…, RUN_…; LIVE_FEEDS_MIXED, LIVE_SPEED_INVALID; ENGINE_WORKER_HUNG,
 * ENGINE_WORKER_DIED, ENGINE_LOST_TOO_OFTEN and ACCOUNT_LEASE_LOST, which leave `dataDir/HALTED`; ACCOUNT_LEASED; PANIC_NOT_COMPLETE;
 * ENGINE_START_STOPPED where the session was stopped before it began: it has no result.
 */
export async function runPaper(options: PaperOptions): Promise<PaperRun> {
  checkSpeed(options.speed);
  const { configPath, env = process.env, dataDir } = options;
  const overrides = [
    ...(options.overrides ?? []),
    ...(dataDir === undefined ? [] : [`engine.dataDir=${JSON.stringify(dataDir)}`]),
  ];
  // Read here as well: what is wrong with it is said before a thread starts, and controls are named in it.
  const config = loadConfig(configPath, { env, overrides, now: nowUtc() });
  requireDataFolder(config.engine.dataDir, options.mode ?? 'paper');
  options.parent?.holds(resolve(config.engine.dataDir));
  const latch = new HaltLatch(config.engine.dataDir);
  latch.reserve();
  if (options.resume === true) requireNoOpenPanic(latch, config, options.resumeBefore);
  return new PaperSession(options, config, overrides).run();
}

/** One paper run, seen from the main thread. */
class PaperSession {
  readonly #options: PaperOptions;
  readonly #config: EngineConfig;
  readonly #latch: HaltLatch;
  readonly #starts: StartCommands;
  readonly #overrides: readonly string[];
  #engine!: RecoveringEngine;
  #losses = 0;
  #control!: RunControl;
  #ended: PaperRun['ended'] = 'data-end';
  #hasBegun = false;
  #owned: OwnedAccounts | undefined;
  #leaseLoss: Error | undefined;
  #duration: NodeJS.Timeout | undefined;
  /** One that could not be latched: the parent, or the file PANIC, keeps it. */
  #heldPanicAt: EpochMs | undefined;
  /** Aborted by the first wish to stop. */
  readonly #stopping = new AbortController();

  constructor(options: PaperOptions, config: EngineConfig, overrides: readonly string[]) {
    this.#options = options;
    this.#config = config;
    this.#latch = new HaltLatch(config.engine.dataDir);
    this.#overrides = overrides;
    this.#starts = new StartCommands(
      {
        ...{ latch: this.#latch, strategies: Object.keys(config.strategies), now: nowUtc },
        ...(options.resumeBefore === undefined ? {} : { resumeBefore: options.resumeBefore }),
      },
      options.resume === true,
      (notice) => this.#tell(notice),
    );
  }

  async run(): Promise<PaperRun> {
    const engine = this.#makeEngine();
    this.#engine = engine;
    this.#control = this.#makeControl(engine);
    let stopListening = (): void => {};
    let stopPanics = (): void => {};
    let closeControls: (() => Promise<void>) | undefined;
    try {
      const started = engine.start();
      // A panic that is found at once has a worker to go to.
      stopListening = hearStop(this.#wishes());
      stopPanics = hearPanics(this.#wishes());
      await started;
      closeControls = await openControls(this.#config, this.#control, {
        tell: (notice) => this.#tell(notice),
        signal: this.#stopping.signal,
      });
      this.#stopping.signal.throwIfAborted();
      this.#options.onReady?.(this.#control);
      const records = await engine.run().catch((error: unknown) => this.#onFailed(error));
      if (this.#leaseLoss !== undefined) throw this.#leaseLoss;
      const result = reportInput(records);
      const runDir = this.#folderOf(result.runId);
      return { result: this.#whole(result), runDir, losses: this.#losses, ended: this.#ended };
    } catch (error) {
      if (!isStartStopped(error)) {
        await this.#control.tellOpenPanics(error);
        throw error;
      }
      if (this.#leaseLoss !== undefined) throw this.#leaseLoss;
      const left = panicNotGoneOn(this.#latch, nowUtc());
      if (left !== undefined) this.#tell(left);
      throw error;
    } finally {
      clearTimeout(this.#duration);
      stopListening();
      await closeControls?.();
      this.#control.close();
      await engine.end();
      // Somebody else's only when nothing here can trade or write any more.
      await this.#owned?.release();
      stopPanics();
      this.#control.tellLatePanics();
    }
  }

  #makeEngine(): RecoveringEngine {
    return new RecoveringEngine({
      worker: (number, onMessage) =>
        this.#makeSupervisor(number, number === 1 ? this.#starts.first() : this.#starts.recovering(), onMessage),
      onMessage: (message) => this.#onMessage(message),
      own: () => this.#own(),
      onRecovering: (loss, number) => this.#onRecovering(loss, number),
      onRecovered: (number) => this.#onRecovered(number),
      ...(this.#options.mode === 'live'
        ? { onWaiting: tellOfWaiting((message) => this.#notice('alarm', 'ENGINE_START_WAITS', message)) }
        : {}),
      onUnanswered: ({ name }) =>
        this.#notice(
          'warning',
          'COMMAND_LOST',
          `The engine was lost before it took ${name}; say it again if it is still meant.`,
        ),
    });
  }

  #makeSupervisor(number: number, first: readonly Command[], onMessage: (message: FromWorker) => void): Supervisor {
    const { configPath, env = process.env, mode = 'paper', speed = 1, from, to, log, html = true } = this.#options;
    // Only the first may begin flat: what comes after a loss goes on.
    const isFresh = number === 1 && this.#options.fresh === true;
    return new Supervisor({
      entry: workerEntry(),
      data: {
        ...{ runId: this.#runIdOf(number), mode, configPath, speed, html, first, isFresh },
        // Every try and every fresh engine is of the session that owns what this one names, whatever the file has by then.
        configText: this.#config.source.text,
        overrides: this.#overrides,
        env: { ...env },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        log: log ?? { level: 'silent', format: 'json' },
      },
      limits: { ...WORKER_LIMITS, ...this.#options.limits },
      memory: { ...WORKER_MEMORY, ...this.#options.memory },
      strategies: Object.keys(this.#config.strategies),
      onMessage,
      onLost: (loss) => this.#onLost(loss),
    });
  }

  #makeControl(engine: RecoveringEngine): RunControl {
    const { strategies, books, instruments, accounts, venues, source } = this.#config;
    const drill = new PanicDrill({
      latch: this.#latch,
      link: engine,
      onNotice: (listener) => this.#control.onNotice(listener),
      tell: (notice) => this.#tell(notice),
      now: nowUtc,
    });
    return new RunControl({
      link: {
        snapshot: () => engine.snapshot(),
        post: (command, late) => engine.post(command, late),
        stop: () => this.#stop('stopped'),
        beatAgeMs: () => engine.beatAgeMs(),
      },
      ...(this.#options.mode === 'live' ? {} : { drill: (command) => drill.run(command) }),
      alarm: (notice) => this.#tell(notice),
      latch: this.#latch,
      journalFile: journalPath(this.#config.engine.dataDir),
      audit: new AuditLog({
        folder: this.#folderOf(this.#options.runId),
        now: nowUtc,
        mask: (text) => source.mask(text),
      }),
      scope: {
        strategies: Object.keys(strategies),
        books: Object.keys(books),
        symbols: Object.keys(instruments),
        accounts: Object.keys(accounts),
        venues: Object.keys(venues),
      },
      limits: (effectiveConfig(this.#config) as { readonly risk?: unknown }).risk,
      now: nowUtc,
    });
  }

  #wishes(): SessionWishes {
    return {
      ...{ dataDir: this.#config.engine.dataDir, options: this.#options },
      stop: () => this.#stop('stopped'),
      panic: (actor, reason) => this.#panic(actor, reason),
      isPanicKept: () => this.#heldPanicAt === undefined,
    };
  }

  #stop(why: 'stopped' | 'duration'): void {
    if (this.#ended === 'data-end') this.#ended = why;
    this.#stopping.abort(startStopped());
    this.#engine.stop();
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'notice') this.#tell(this.#control.told(withReasonOfHalt(message.notice, this.#latch)));
    else if (message.kind === 'progress') this.#options.onProgress?.(message.progress);
    else if (message.kind === 'begun') this.#onBegun();
  }

  #onBegun(): void {
    const { durationMs } = this.#options;
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    for (const notice of panicsOfNobody(this.#latch, this.#config, nowUtc())) this.#tell(notice);
    this.#starts.begun();
    this.#options.parent?.begun();
    if (durationMs !== undefined) this.#duration = setTimeout(() => this.#stop('duration'), durationMs);
  }

  /** On disk before it is told of: who reads the alarm may count on the latch. */
  #panic(actor: string, reason: string): void {
    const what = 'All orders are to be cancelled and all positions closed; PANIC_COMPLETE says when that is done.';
    const at = nowUtc();
    void this.#control.act({ ts: at, name: 'panic', args: { reason }, actor });
    this.#notice('alarm', 'PANIC', `${reason} ${what}`);
    this.#heldPanicAt = this.#latch.hasPanic(at) ? undefined : at;
    if (this.#heldPanicAt === undefined) this.#options.parent?.panicLatched();
  }

  #onRecovering(loss: Error, number: number): void {
    this.#losses = number - 1;
    const message = `A fresh engine goes on from the journal, as run '${this.#runIdOf(number)}'. ${loss.message}`;
    this.#notice('alarm', 'ENGINE_RECOVERING', message);
  }

  #onRecovered(number: number): void {
    const message =
      `Run '${this.#runIdOf(number)}' has orders and positions in hand; protection works at each broker that is there. ` +
      'No strategy is asked and no new risk is taken until a person says `resume` and `start name=NAME`.';
    this.#notice('alarm', 'ENGINE_RECOVERED', message);
  }

  /** No worker opens a feed or a broker before data folder and accounts are ours; they stay so until the last one is gone. */
  async #own(): Promise<void> {
    const { runId: run, env = process.env } = this.#options;
    const onUnlocked = (message: string): void => this.#notice('warning', 'ACCOUNT_LOCK_SKIPPED', message);
    const { signal } = this.#stopping;
    const onLost = (loss: Error): void => this.#onLeaseLost(loss);
    const owning = ownAccounts(this.#config, { run, env, signal, onUnlocked, onLost });
    try {
      this.#owned = await untilStopped(owning, signal);
    } catch (error) {
      // A database that answers late gives them back.
      owning.then((late) => late.release()).catch(() => {});
      throw error;
    }
    this.#options.onOwned?.();
  }

  /** Somebody else may own the accounts: no new risk from now on, latched before anything else, and the session ends. */
  #onLeaseLost(loss: Error): void {
    this.#leaseLoss = loss;
    const halt = { ts: nowUtc(), name: 'halt', args: { reason: loss.message }, actor: 'lease' } as const;
    const latched = this.#control.act(halt);
    this.#notice('alarm', isTradingError(loss) ? loss.code : 'INTERNAL', loss.message);
    void latched.finally(() => this.#stop('stopped'));
  }

  /** A run that can no longer write down what it does has stopped by itself: that halts, and is an alarm. */
  #onFailed(error: unknown): never {
    if (this.#hasBegun && isTradingError(error) && error.code.startsWith('JOURNAL_')) this.#onLost(error, 'journal');
    throw error;
  }

  /** The engine is gone: the halt is on disk before it is ended and before a fresh one begins. */
  #onLost(loss: Error, actor = WATCHDOG): void {
    const code = isTradingError(loss) ? loss.code : 'INTERNAL';
    this.#notice('alarm', code, loss.message);
    try {
      this.#latch.add({ level: 'halt', reason: loss.message, actor, at: nowUtc() });
    } catch (error) {
      if (!isTradingError(error)) throw error;
      this.#notice('alarm', error.code, `${error.message} ${error.remedy}`);
    }
  }

  #runIdOf(number: number): string {
    return number === 1 ? this.#options.runId : `${this.#options.runId}-${number}`;
  }

  #folderOf(runId: string): string {
    return join(this.#config.engine.dataDir, 'runs', runId);
  }

  /** A session whose engine was lost says what its figures do not hold. */
  #whole(result: ReportInput): ReportInput {
    if (this.#losses === 0) return result;
    const warning =
      `The engine was lost ${this.#losses} times; the figures are those since the last time. ` +
      `What came before is in the journal: run '${this.#options.runId}' and those that went on from it.`;
    return { ...result, warnings: [warning, ...result.warnings] };
  }

  #notice(level: EngineNotice['level'], code: string, message: string): void {
    this.#tell({ ts: nowUtc(), level, code, message, details: {} });
  }

  #tell(notice: EngineNotice): void {
    this.#control.notePanic(notice);
    if (this.#heldPanicAt !== undefined && endsPanicOfAll(notice, this.#heldPanicAt)) {
      this.#heldPanicAt = undefined;
      this.#options.parent?.panicLatched();
    }
    this.#options.onNotice?.(notice);
    this.#control.tell(notice);
  }
}
