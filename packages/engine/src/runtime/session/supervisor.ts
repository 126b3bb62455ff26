// Starts the engine worker, hears it, and ends it: by request, or by force when it hangs. Holds no strategy.
import { Worker } from 'node:worker_threads';
import type { EngineLink, CommandOutcome } from '../../control/engine-control.js';
import type { EngineSnapshot } from '../../control/engine-snapshot.js';
import type { Command } from '@bookrunner/sdk';
import { isJournalError, journalError } from '../../journal/journal-errors.js';
import { withTimeLimit } from '../../plugins/time-limit.js';
import { liveError } from '../live/live-errors.js';
import { errorOf } from './paper-error-data.js';
import type { FromWorker, ToWorker, WorkerData } from './paper-messages.js';
import type { PaperRecords } from './paper-result.js';
import { startStopped } from '../live/start-stopped.js';
import { fullNewSpace } from './v8-options.js';
import { Watchdog } from './watchdog.js';
import { Beat } from './worker-beat.js';

/** How long the main thread waits for what it asks of the worker. */
export interface SupervisorLimits {
  /** Longest silence of a running and of a starting worker. */
  readonly beatMs: number;
  readonly startMs: number;
  /** Longest silence of a worker that has a panic to take. */
  readonly panicMs: number;
  /** Until an answer counts as late. */
  readonly commandMs: number;
  readonly snapshotMs: number;
  /** Until `terminate` counts as failed and the process is killed. */
  readonly terminateMs: number;
}

/** Memory of the worker, as `resourceLimits` of node:worker_threads. */
export interface WorkerMemory {
  readonly maxOldGenerationSizeMb?: number;
  readonly maxYoungGenerationSizeMb?: number;
}

/** Options of {@link Supervisor}. */
export interface SupervisorOptions {
  /** The worker's module, compiled. */
  readonly entry: URL;
  readonly data: Omit<WorkerData, 'beat' | 'beatEveryMs'>;
  readonly limits: SupervisorLimits;
  readonly memory: WorkerMemory;
  /** Names of strategies in the order of engine.yaml, to name the one that hangs. */
  readonly strategies: readonly string[];
  readonly onMessage: (message: FromWorker) => void;
  /** The worker is lost. Called before it is terminated, so that the latch is on disk whatever happens next. */
  readonly onLost: (loss: Error) => void;
  /** The last resort; kills the process unless a test says otherwise. */
  readonly kill?: () => void;
}

/** As long as everything that is open may take to close. */
const LEAVE_MS = 10_000;

/** One engine worker from start to end. */
export class Supervisor implements EngineLink {
  readonly #options: SupervisorOptions;
  readonly #beat = new Beat();
  readonly #watchdog: Watchdog;
  readonly #asked = new Map<number, (answer: FromWorker | undefined) => void>();
  #worker: Worker | undefined;
  #snapshot: EngineSnapshot | undefined;
  #lastId = 0;
  #settle!: { done: (records: PaperRecords) => void; fail: (error: Error) => void };
  #asking!: () => void;
  #ready!: () => void;
  #isOver = false;
  #hasBegun = false;
  #startEnd: NodeJS.Timeout | undefined;
  /** Resolves with the run's result; rejects with what ended the run before it had one. */
  readonly result: Promise<PaperRecords>;
  /** Resolves when a live run asks for its data folder and accounts, and waits for `open`; never for others. */
  readonly asking: Promise<void>;
  /** Resolves when the feeds are open; never when the run fails before. */
  readonly ready: Promise<void>;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const { beatMs, startMs } = options.limits;
    this.result = new Promise((done, fail) => {
      this.#settle = { done, fail };
    });
    this.asking = new Promise((resolve) => {
      this.#asking = resolve;
    });
    this.ready = new Promise((resolve) => {
      this.#ready = resolve;
    });
    this.#watchdog = new Watchdog({
      beat: this.#beat,
      limitMs: beatMs,
      startLimitMs: startMs,
      onSilent: (silentMs) => this.#onSilent(silentMs),
    });
  }

  start(): void {
    const { entry, data, memory, limits } = this.#options;
    const beatEveryMs = Math.max(5, Math.min(limits.beatMs / 10, 250));
    const workerData: WorkerData = { ...data, beat: this.#beat.memory, beatEveryMs };
    fullNewSpace();
    const worker = new Worker(entry, { workerData, resourceLimits: { ...memory }, name: 'engine' });
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#onMessage(message));
    worker.on('error', (cause) => this.#onDied(cause));
    worker.on('exit', (code) => this.#onDied(new Error(`It ended with code ${code}.`)));
    this.#watchdog.start();
  }

  /** Since the worker last moved; undefined once it is over. */
  beatAgeMs(): number | undefined {
    return this.#isOver ? undefined : this.#watchdog.silentMs;
  }

  /** Data folder and accounts are owned: feeds and brokers may be opened. */
  open(): void {
    this.#send({ kind: 'open' });
  }

  /** Everything that watches is ready: the run may begin. */
  go(): void {
    this.#send({ kind: 'go' });
  }

  /** A run that has begun makes its result; a start fails with ENGINE_START_STOPPED, also where the worker does not let go of it. */
  stop(): void {
    this.#beat.askToStop();
    this.#send({ kind: 'stop' });
    if (this.#isOver || this.#hasBegun) return;
    this.#startEnd ??= setTimeout(() => {
      if (!this.#hasBegun) this.#over(() => this.#settle.fail(startStopped()));
    }, LEAVE_MS);
  }

  async post(command: Command, late?: (outcome: CommandOutcome) => void): Promise<CommandOutcome | undefined> {
    const { commandMs } = this.#options.limits;
    const answer = await this.#ask(
      (id) => ({ kind: 'command', id, command }),
      commandMs,
      (answered) => {
        if (answered?.kind === 'outcome') late?.(answered.outcome);
      },
    );
    return answer?.kind === 'outcome' ? answer.outcome : undefined;
  }

  /**
   * Hands a panic over. A worker that takes it neither while it does not move nor within the time of an answer is lost: its
   * strategies are not waited for. Errors: none; the loss is that of the result.
   */
  async insist(command: Command): Promise<CommandOutcome | undefined> {
    const { panicMs } = this.#options.limits;
    const impatience = new Watchdog({
      beat: this.#beat,
      limitMs: panicMs,
      startLimitMs: panicMs,
      onSilent: (silentMs) => this.#onSilent(silentMs, true),
    });
    impatience.start();
    const outcome = await this.post(command);
    impatience.stop();
    // It moves from event to event and never looks up.
    if (outcome === undefined) this.#onSilent(this.#options.limits.commandMs, true);
    return outcome;
  }

  async snapshot(): Promise<{ readonly snapshot: EngineSnapshot; readonly isFresh: boolean } | undefined> {
    const answer = await this.#ask((id) => ({ kind: 'snapshot', id }), this.#options.limits.snapshotMs);
    if (answer?.kind === 'snapshot') return { snapshot: answer.snapshot, isFresh: true };
    return this.#snapshot === undefined ? undefined : { snapshot: this.#snapshot, isFresh: false };
  }

  /** Ends a worker whose run has not begun: it closes what it has opened. */
  async leave(): Promise<void> {
    const worker = this.#worker;
    if (worker !== undefined && !this.#isOver) {
      this.#over(() => {});
      const gone = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage({ kind: 'leave' } satisfies ToWorker);
      await withTimeLimit(() => gone, LEAVE_MS);
    }
    await this.end();
  }

  /** Ends a worker whose run is over. One that does not let itself be ended is left to the end of the process. */
  async end(): Promise<void> {
    this.#over(() => {});
    const ended = this.#worker?.terminate();
    if (ended === undefined) return;
    const outcome = await withTimeLimit(() => ended, this.#options.limits.terminateMs);
    if (outcome.kind !== 'done') this.#worker?.unref();
  }

  #onMessage(message: FromWorker): void {
    if (this.#isOver) return;
    if (message.kind === 'snapshot') this.#snapshot = message.snapshot;
    if (message.kind === 'snapshot' || message.kind === 'outcome') {
      const { id } = message;
      if (id !== undefined) this.#asked.get(id)?.(message);
    }
    if (message.kind === 'asking') this.#asking();
    if (message.kind === 'ready') this.#ready();
    if (message.kind === 'begun') this.#hasBegun = true;
    this.#options.onMessage(message);
    if (message.kind === 'result') this.#over(() => this.#settle.done(message.records));
    if (message.kind === 'failed') this.#over(() => this.#settle.fail(errorOf(message.error)));
  }

  #onSilent(silentMs: number, isForPanic = false): void {
    if (this.#isOver) return;
    const { strategy, phase } = this.#beat;
    const name = this.#options.strategies[strategy];
    const who = name === undefined ? '' : ` Strategy '${name}' was being called.`;
    const when = isForPanic ? ' while a panic waits' : phase === 'starting' ? ' while it started' : '';
    const message = `The engine has not moved for ${Math.round(silentMs)} ms${when} and is terminated.${who}`;
    const details = {
      silentMs: Math.round(silentMs),
      ...(name === undefined ? {} : { strategy: name }),
      ...(isForPanic ? { isForPanic } : {}),
    };
    this.#lose(liveError('ENGINE_WORKER_HUNG', message, { details }));
  }

  #onDied(cause: unknown): void {
    if (this.#isOver) return;
    const { code, message } = cause as NodeJS.ErrnoException;
    // The journal failed where nobody waits for it: a fresh worker would have the same disk.
    if (isJournalError(code)) return this.#over(() => this.#settle.fail(journalError(code, message)));
    const why =
      code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'It ran out of the memory it is allowed.' : String(message).split('\n')[0];
    this.#lose(liveError('ENGINE_WORKER_DIED', `The engine ended without a result. ${why}`, { cause }));
  }

  /** Latch first, then force. Whoever waits for the result hears of it once the worker is gone. */
  #lose(loss: Error): void {
    this.#over(() => {
      try {
        this.#options.onLost(loss);
      } finally {
        void this.#force().then(() => this.#settle.fail(loss));
      }
    });
  }

  /** Native code cannot be terminated, and holds its sockets: then the whole process goes. */
  async #force(): Promise<void> {
    const { kill = killProcess, limits } = this.#options;
    const timer = setTimeout(kill, limits.terminateMs);
    await this.#worker?.terminate();
    clearTimeout(timer);
  }

  #over(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#startEnd);
    this.#watchdog.stop();
    settle();
    // Nobody is left who could answer.
    for (const answered of [...this.#asked.values()]) answered(undefined);
  }

  #send(message: ToWorker): void {
    if (!this.#isOver) this.#worker?.postMessage(message);
  }

  /** `late` is told what is answered after that time, once; undefined where nobody is left who could. */
  #ask(
    message: (id: number) => ToWorker,
    limitMs: number,
    late?: (answer: FromWorker | undefined) => void,
  ): Promise<FromWorker | undefined> {
    if (this.#isOver) return Promise.resolve(undefined);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const answered = (answer: FromWorker | undefined): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => {
        answered(undefined);
        if (late !== undefined) this.#asked.set(id, (answer) => this.#asked.delete(id) && late(answer));
      }, limitMs);
      this.#asked.set(id, answered);
      this.#send(message(id));
    });
  }
}

function killProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
