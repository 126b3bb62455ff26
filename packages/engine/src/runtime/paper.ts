// A paper run from the main thread: it starts the engine worker and hosts what has to work while a strategy hangs, which is the
// controls, the signals, the PANIC file and the watchdog. No strategy runs here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, type EngineNotice, type EpochMs, isTradingError, nowUtc } from '@bookrunner/sdk';
import type { LogLevel } from '../cli/common-options.js';
import { effectiveConfig, type EngineConfig, loadConfig } from '../config/index.js';
import { AuditLog } from '../control/audit-log.js';
import { type EngineLink, RunControl } from '../control/engine-control.js';
import { HaltLatch, type HaltLevel, haltText } from '../control/halt-latch.js';
import { PanicFile } from '../control/panic-file.js';
import { journalPath } from '../journal/journal-file.js';
import { requireWritable } from '../report/require-writable.js';
import type { ReportInput } from '../report/run-result.js';
import { liveError } from './live-errors.js';
import type { ReplaySpeed } from './pace-replay.js';
import { openControls } from './paper-controls.js';
import type { FromWorker } from './paper-messages.js';
import { reportInput } from './paper-result.js';
import type { RunProgress } from './recorded-run.js';
import { Supervisor, type SupervisorLimits, type WorkerMemory } from './supervisor.js';
import { BEAT_LIMIT_MS, START_LIMIT_MS } from './watchdog.js';

/** Options of {@link runPaper}. */
export interface PaperOptions {
  /** Path of engine.yaml. */
  readonly configPath: string;
  /** `path=value`, applied in order. */
  readonly overrides?: readonly string[];
  /** What `${NAME}` reads; `process.env` unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Fills by simulation, or at the brokers of engine.yaml; `paper` unless given. */
  readonly mode?: 'paper' | 'live';
  /** See `newRunId`. */
  readonly runId: string;
  /** In place of `engine.dataDir`. */
  readonly dataDir?: string;
  /** Of recorded feeds: a multiple of real time, or `max`. Live feeds take 1 only. 1 unless given. */
  readonly speed?: ReplaySpeed;
  /** Of recorded feeds: trade from this instant on; earlier data warms up, at once. */
  readonly from?: EpochMs;
  /** Of recorded feeds: end of the data, exclusive. */
  readonly to?: EpochMs;
  /** Stop after this much real time, from the first row on. */
  readonly durationMs?: number;
  /** Stops the run; its result covers what was until then. */
  readonly signal?: AbortSignal;
  /** Whether SIGINT and SIGTERM stop the run; yes unless told otherwise. A second one ends the process as usual. */
  readonly handlesSignals?: boolean;
  /** Takes away the halts that an earlier run left in `dataDir/HALTED`. */
  readonly resume?: boolean;
  /** Begins flat. Otherwise a journalled run over live feeds goes on from the last one of its data folder. */
  readonly fresh?: boolean;
  readonly onNotice?: (notice: EngineNotice) => void;
  /** At most five times a second. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called once, when controls are open and the run begins. */
  readonly onReady?: (control: RunControl) => void;
  /** To standard error, or to the end of a file. */
  readonly log?: { readonly level: LogLevel; readonly format: 'json' | 'text'; readonly file?: string };
  /** Whether to write report.html; yes unless told otherwise. */
  readonly html?: boolean;
  readonly limits?: Partial<SupervisorLimits>;
  readonly memory?: WorkerMemory;
}

/** What a paper run leaves. */
export interface PaperRun {
  /** Input of `renderSummary` and `fillDocuments`. The newest 100,000 fills are rows; trades are counted. */
  readonly result: ReportInput;
  /** The run folder, complete. */
  readonly runDir: string;
  /** Why it ended. */
  readonly ended: 'data-end' | 'stopped' | 'duration';
}

const LIMITS: SupervisorLimits = {
  beatMs: BEAT_LIMIT_MS,
  startMs: START_LIMIT_MS,
  commandMs: 2_000,
  snapshotMs: 250,
  terminateMs: 1_000,
};

/** Enough for years of fills; a strategy that keeps everything ends the worker, not the process. */
const MEMORY: WorkerMemory = { maxOldGenerationSizeMb: 4_096 };

/**
 * Runs engine.yaml in the simulated venue: over recorded feeds behind a clock, or over live feeds. Writes the run folder.
 * Errors: CONFIG_…, REPORT_WRITE_FAILED, PLUGIN_BOOT_FAILED, DATA_…, RUN_…; LIVE_FEEDS_MIXED, LIVE_SPEED_INVALID; ENGINE_WORKER_HUNG and
 * ENGINE_WORKER_DIED, which leave `dataDir/HALTED`.
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
  requireWritable(join(config.engine.dataDir, 'runs'));
  return new PaperSession(options, config, overrides).run();
}

/** One paper run, seen from the main thread. */
class PaperSession {
  readonly #options: PaperOptions;
  readonly #config: EngineConfig;
  readonly #latch: HaltLatch;
  readonly #runDir: string;
  readonly #overrides: readonly string[];
  #supervisor!: Supervisor;
  #control!: RunControl;
  #ended: PaperRun['ended'] = 'data-end';
  #hasBegun = false;
  #duration: NodeJS.Timeout | undefined;

  constructor(options: PaperOptions, config: EngineConfig, overrides: readonly string[]) {
    this.#options = options;
    this.#config = config;
    const { dataDir } = config.engine;
    this.#latch = new HaltLatch(dataDir);
    this.#runDir = join(dataDir, 'runs', options.runId);
    this.#overrides = overrides;
  }

  async run(): Promise<PaperRun> {
    this.#control = this.#makeControl();
    const supervisor = this.#makeSupervisor(this.#latched());
    this.#supervisor = supervisor;
    const panic = new PanicFile({ dataDir: this.#config.engine.dataDir, onFound: () => this.#onPanicFile() });
    const stopListening = this.#listen();
    let closeControls: (() => Promise<void>) | undefined;
    try {
      supervisor.start();
      panic.start();
      // A run that fails before it is ready has no ready.
      await Promise.race([supervisor.ready, supervisor.result]);
      closeControls = await openControls(this.#config, this.#control, (notice) => this.#tell(notice));
      this.#options.onReady?.(this.#control);
      supervisor.go();
      const records = await supervisor.result.catch((error: unknown) => this.#onFailed(error));
      return { result: reportInput(records), runDir: this.#runDir, ended: this.#ended };
    } finally {
      clearTimeout(this.#duration);
      stopListening();
      panic.stop();
      await closeControls?.();
      this.#control.close();
      await supervisor.end();
    }
  }

  #makeSupervisor(first: readonly Command[]): Supervisor {
    const {
      configPath,
      env = process.env,
      runId,
      mode = 'paper',
      speed = 1,
      from,
      to,
      log,
      html = true,
      fresh = false,
    } = this.#options;
    return new Supervisor({
      entry: workerEntry(),
      data: {
        ...{ runId, mode, configPath, speed, html, first, isFresh: fresh },
        overrides: this.#overrides,
        env: { ...env },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        log: log ?? { level: 'silent', format: 'json' },
      },
      limits: { ...LIMITS, ...this.#options.limits },
      memory: { ...MEMORY, ...this.#options.memory },
      strategies: Object.keys(this.#config.strategies),
      onMessage: (message) => this.#onMessage(message),
      onLost: (loss) => this.#onLost(loss),
    });
  }

  #makeControl(): RunControl {
    const { strategies, books, instruments, accounts, source } = this.#config;
    const link: EngineLink = {
      snapshot: () => this.#supervisor.snapshot(),
      post: (command) => this.#supervisor.post(command),
      stop: () => this.#stop('stopped'),
      beatAgeMs: () => this.#supervisor.beatAgeMs(),
    };
    return new RunControl({
      link,
      latch: this.#latch,
      journalFile: journalPath(this.#config.engine.dataDir),
      audit: new AuditLog({ folder: this.#runDir, now: nowUtc, mask: (text) => source.mask(text) }),
      scope: {
        strategies: Object.keys(strategies),
        books: Object.keys(books),
        symbols: Object.keys(instruments),
        accounts: Object.keys(accounts),
      },
      limits: (effectiveConfig(this.#config) as { readonly risk?: unknown }).risk,
      now: nowUtc,
    });
  }

  /** The halts an earlier run left, as commands this one begins with; or what takes them back. */
  #latched(): readonly Command[] {
    const entries = this.#latch.read();
    const isResumed = this.#options.resume === true;
    if (isResumed) this.#latch.clear();
    for (const entry of entries) {
      this.#notice(
        isResumed ? 'info' : 'alarm',
        isResumed ? 'HALT_RESUMED' : 'HALT_LATCHED',
        isResumed ? `Resumed after ${haltText(entry)}` : `New risk is halted: ${haltText(entry)} Resume with --resume.`,
      );
    }
    if (!isResumed)
      return entries.map(({ level, book, actor }) => firstCommand(level, book, `${actor}, before this start`));
    // A run that goes on from the last one has halts that never were on the latch: those of its risk policies.
    const books = new Set([undefined, ...entries.map(({ book }) => book)]);
    return [...books].map((book) => firstCommand('resume', book, '--resume'));
  }

  #listen(): () => void {
    const { signal, handlesSignals = true } = this.#options;
    const onAbort = (): void => this.#stop('stopped');
    const onSignal = (): void => {
      stopSignals();
      this.#stop('stopped');
    };
    const stopSignals = (): void => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    };
    if (handlesSignals) {
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
    }
    if (signal?.aborted === true) queueMicrotask(onAbort);
    else signal?.addEventListener('abort', onAbort, { once: true });
    return () => {
      stopSignals();
      signal?.removeEventListener('abort', onAbort);
    };
  }

  #stop(why: 'stopped' | 'duration'): void {
    if (this.#ended === 'data-end') this.#ended = why;
    this.#supervisor.stop();
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'notice') this.#tell(message.notice);
    else if (message.kind === 'progress') this.#options.onProgress?.(message.progress);
    else if (message.kind === 'begun') this.#onBegun();
  }

  #onBegun(): void {
    const { durationMs } = this.#options;
    this.#hasBegun = true;
    if (durationMs !== undefined) this.#duration = setTimeout(() => this.#stop('duration'), durationMs);
  }

  #onPanicFile(): void {
    const command: Command = {
      ts: nowUtc(),
      name: 'panic',
      args: { reason: 'The file PANIC was put there.' },
      actor: 'file PANIC',
    };
    this.#notice('alarm', 'PANIC', 'The file PANIC is there: all orders are cancelled and all positions closed.');
    void this.#control.act(command);
  }

  /** A run that can no longer write down what it does has stopped by itself: that halts, and is an alarm. */
  #onFailed(error: unknown): never {
    if (this.#hasBegun && isTradingError(error) && error.code.startsWith('JOURNAL_')) this.#onLost(error, 'journal');
    throw error;
  }

  /** The engine is gone. What comes after recovery will start a fresh worker here, from the journal and with strategies off. */
  #onLost(loss: Error, actor = 'watchdog'): void {
    const code = isTradingError(loss) ? loss.code : 'INTERNAL';
    this.#notice('alarm', code, loss.message);
    try {
      this.#latch.add({ level: 'halt', reason: loss.message, actor, at: nowUtc() });
    } catch (error) {
      if (!isTradingError(error)) throw error;
      this.#notice('alarm', error.code, `${error.message} ${error.remedy}`);
    }
  }

  #notice(level: EngineNotice['level'], code: string, message: string): void {
    this.#tell({ ts: nowUtc(), level, code, message, details: {} });
  }

  #tell(notice: EngineNotice): void {
    this.#options.onNotice?.(notice);
    this.#control.tell(notice);
  }
}

function firstCommand(name: HaltLevel | 'resume', book: string | undefined, actor: string): Command {
  return { ts: nowUtc(), name, args: book === undefined ? {} : { book }, actor };
}

function checkSpeed(speed: ReplaySpeed | undefined): void {
  if (speed === undefined || speed === 'max' || (Number.isFinite(speed) && speed > 0)) return;
  throw liveError('LIVE_SPEED_INVALID', `A run cannot go at speed ${String(speed)}.`);
}

/** Threads run compiled code: beside this file, or in dist where this file is source. */
function workerEntry(): URL {
  const beside = new URL('./worker-entry.js', import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL('../../dist/runtime/worker-entry.js', import.meta.url);
}
