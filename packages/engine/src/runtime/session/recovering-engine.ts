// The engine of a session as the main thread sees it: one worker after the other. A fresh one goes on from the journal of the lost one.
import { type Command, isTradingError } from '@bookrunner/sdk';
import type { CommandOutcome, EngineLink } from '../../control/engine-control.js';
import type { EngineSnapshot } from '../../control/engine-snapshot.js';
import { liveError } from '../live/live-errors.js';
import type { FromWorker } from './paper-messages.js';
import type { PaperRecords } from './paper-result.js';
import { isPassing } from '../live/passing-failure.js';
import { pause } from './pause.js';
import { recoveringSnapshot } from './recovering-snapshot.js';
import { isStartStopped, startStopped } from '../live/start-stopped.js';
import { FIRST_WAIT_MS } from './start-waits.js';
import type { Supervisor } from './supervisor.js';

/** More losses than this within this time end the session. */
export const MOST_LOSSES = 3;
export const LOSSES_WITHIN_MS = 10 * 60_000;

/** A start that waits for the other side is tried again after 1, 2, 4 … 30 s. */
const LONGEST_WAIT_MS = 30_000;

/** Options of {@link RecoveringEngine}. */
export interface RecoveringEngineOptions {
  /** Makes a worker: the first has number 1. It is not started. */
  readonly worker: (number: number, onMessage: (message: FromWorker) => void) => Supervisor;
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, to own the data folder and the accounts of a live session: its first worker opens nothing before this resolves. */
  readonly own?: () => Promise<void>;
  /** A worker was lost and is gone; a fresh one of this number begins now. */
  readonly onRecovering: (loss: Error, number: number) => void;
  /** It has gone on: from here on it is watched like the first. */
  readonly onRecovered: (number: number) => void;
  /** A start failed in a way that time may mend, and is tried again after so long; absent: it ends the session. */
  readonly onWaiting?: (failure: Error, waitMs: number) => void;
  /** Resolves after so many milliseconds, or at the signal. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A command that the lost worker had not answered, and that nobody says again. */
  readonly onUnanswered: (command: Command) => void;
  /** Milliseconds that only move on. */
  readonly stopwatch?: () => number;
}

const LOSSES: ReadonlySet<string> = new Set(['ENGINE_WORKER_HUNG', 'ENGINE_WORKER_DIED']);
/** These are on the latch, and a fresh worker begins with them. */
const LATCHED: ReadonlySet<string> = new Set(['halt', 'reduce-only', 'panic']);

const NOBODY: CommandOutcome = {
  kind: 'refused',
  reason: 'ENGINE_STARTING',
  message:
    'The start waits for the other side, and no engine runs that could take the command: say it again when it has begun.',
};

/** Workers in a row. Answers at any time: while a fresh one begins, from what was last known. */
export class RecoveringEngine implements EngineLink {
  readonly #options: RecoveringEngineOptions;
  readonly #stopwatch: () => number;
  readonly #unanswered = new Set<Command>();
  #worker: Supervisor | undefined;
  #number = 1;
  #losses: number[] = [];
  #loss: Error | undefined;
  #snapshot: EngineSnapshot | undefined;
  /** The first worker has begun, and what it does can be gone on with. */
  #canRecover = false;
  #isRunning = false;
  #isOwned = false;
  /** Starts in a row that failed in a way that time may mend. */
  #waits = 0;
  #isBetweenTries = false;
  readonly #stopping = new AbortController();

  constructor(options: RecoveringEngineOptions) {
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
  }

  /**
   * Makes and starts the first worker. Resolves when its feeds are open; rejects where it fails before, or where data folder and
   * accounts of a live run cannot be owned: nothing is open then. Errors: ENGINE_START_STOPPED where it was stopped meanwhile.
   */
  async start(): Promise<void> {
    for (;;) {
      try {
        // One after the other on purpose.
        // oxlint-disable-next-line no-await-in-loop
        return await this.#open();
      } catch (error) {
        // oxlint-disable-next-line no-await-in-loop
        await this.#waitAfter(error);
      }
    }
  }

  async #open(): Promise<void> {
    const worker = this.#make();
    this.#worker = worker;
    worker.start();
    const isAsking = await Promise.race([
      worker.asking.then(() => true),
      worker.ready.then(() => false),
      worker.result.then(() => false),
    ]);
    if (isAsking && !this.#isOwned) await this.#options.own?.();
    this.#isOwned = true;
    worker.open();
    await Promise.race([worker.ready, worker.result]);
  }

  /** Lets the run begin; its result, of whichever worker ends it. Errors: those of the run, ENGINE_LOST_TOO_OFTEN. */
  async run(): Promise<PaperRecords> {
    this.#started().go();
    for (;;) {
      try {
        return await this.#started().result;
      } catch (error) {
        if (isPassing(error)) {
          await this.#waitAfter(error);
          this.#goOn();
        } else this.#begin(error as Error);
      }
    }
  }

  /** Of the worker that runs now. */
  beatAgeMs(): number | undefined {
    return this.#worker?.beatAgeMs();
  }

  stop(): void {
    this.#stopping.abort();
    this.#worker?.stop();
  }

  /** Between two tries of a start nobody is there to take a command: only what is latched is obeyed, as the next try begins with it. */
  async post(command: Command, late?: (outcome: CommandOutcome) => void): Promise<CommandOutcome | undefined> {
    if (this.#isBetweenTries) return LATCHED.has(command.name) ? undefined : NOBODY;
    this.#unanswered.add(command);
    const worker = this.#worker;
    const taken = (outcome: CommandOutcome): void => {
      this.#unanswered.delete(command);
      late?.(outcome);
    };
    const outcome = await (this.#isInsisted(command) ? worker?.insist(command) : worker?.post(command, taken));
    if (outcome !== undefined) this.#unanswered.delete(command);
    return outcome;
  }

  async snapshot(): Promise<{ readonly snapshot: EngineSnapshot; readonly isFresh: boolean } | undefined> {
    const shown = await this.#worker?.snapshot();
    const snapshot = shown?.snapshot ?? this.#snapshot;
    if (snapshot === undefined) return undefined;
    const isRecovering = this.#number > 1 && !this.#isRunning;
    return {
      snapshot: isRecovering ? recoveringSnapshot(snapshot) : snapshot,
      isFresh: shown?.isFresh === true,
    };
  }

  /** Where the run never began, what is open is closed first. Where no worker could be made there is nothing to end. */
  async end(): Promise<void> {
    await (this.#isRunning || this.#number > 1 ? this.#worker?.end() : this.#worker?.leave());
  }

  #started(): Supervisor {
    if (this.#worker === undefined) throw new Error('The engine was not started.');
    return this.#worker;
  }

  /** A panic waits for no strategy, where a fresh worker can take it in the place of this one. All else waits. */
  #isInsisted({ name }: Command): boolean {
    return name === 'panic' && this.#canRecover && this.#isRunning && !this.#stopping.signal.aborted;
  }

  #make(): Supervisor {
    const worker = this.#options.worker(this.#number, (message) => this.#onMessage(message));
    this.#isBetweenTries = false;
    return worker;
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'snapshot') this.#snapshot = message.snapshot;
    if (message.kind === 'ready') this.#canRecover = message.canRecover;
    if (message.kind === 'begun') {
      this.#isRunning = true;
      this.#waits = 0;
      if (this.#number > 1) this.#options.onRecovered(this.#number);
    }
    this.#options.onMessage(message);
  }

  /** A fresh worker in the place of a lost one; throws what ends the session instead. */
  #begin(loss: Error): void {
    const isLoss = isTradingError(loss) && LOSSES.has(loss.code);
    const hasBegun = this.#number > 1 || this.#isRunning;
    // A session that was lost, and stopped before a fresh worker had gone on, ends with its loss.
    if (isStartStopped(loss)) throw this.#loss ?? loss;
    if (!isLoss || !hasBegun || !this.#canRecover || this.#stopping.signal.aborted) throw loss;
    this.#count(loss);
    this.#loss = loss;
    this.#number += 1;
    this.#isRunning = false;
    this.#forget();
    this.#options.onRecovering(loss, this.#number);
    this.#goOn();
  }

  /** Throws where the session ends with the failure, or was stopped meanwhile. Whatever the failed start had open is gone then. */
  async #waitAfter(failure: unknown): Promise<void> {
    const { onWaiting, wait = pause } = this.#options;
    const { signal } = this.#stopping;
    if (onWaiting === undefined || this.#isRunning || !isPassing(failure)) throw failure;
    this.#isBetweenTries = true;
    this.#waits += 1;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#waits - 1));
    onWaiting(failure as Error, waitMs);
    await this.#worker?.end();
    this.#forget();
    await wait(waitMs, signal);
    if (signal.aborted) throw this.#loss ?? startStopped();
  }

  /** The next worker, which begins as soon as it can. */
  #goOn(): void {
    this.#worker = this.#make();
    const worker = this.#worker;
    worker.start();
    // They are owned since the first.
    void worker.asking.then(() => worker.open());
    void worker.ready.then(() => worker.go());
  }

  /** Throws where the engine was lost too often. A loss by a panic is not counted: ending would leave open what is to be closed. */
  #count(loss: Error): void {
    if (isTradingError(loss) && loss.details['isForPanic'] === true) return;
    const now = this.#stopwatch();
    this.#losses = [...this.#losses.filter((at) => now - at < LOSSES_WITHIN_MS), now];
    if (this.#losses.length > MOST_LOSSES) throw lostTooOften(loss, this.#losses.length);
  }

  /** What the lost worker was told and had not done is not done by the next one: a `start` must come from a person who has looked. */
  #forget(): void {
    for (const command of this.#unanswered) if (!LATCHED.has(command.name)) this.#options.onUnanswered(command);
    this.#unanswered.clear();
  }
}

function lostTooOften(loss: Error, count: number): Error {
  const message = `The engine was lost ${count} times within ${LOSSES_WITHIN_MS / 60_000} minutes. The last time: ${loss.message}`;
  return liveError('ENGINE_LOST_TOO_OFTEN', message, { cause: loss, details: { losses: count } });
}
