// The run as the main thread steers it: takes commands into the kernel, shows what is there, ends it.
import type { Command, EngineNotice, EpochMs } from '@bookrunner/sdk';
import { ALL_STRATEGIES } from '../../control/check-command.js';
import type { CommandOutcome } from '../../control/engine-control.js';
import type { EngineSnapshot, FeedView, RunState, VenueFacts } from '../../control/engine-snapshot.js';
import type { Assembly } from '../assemble.js';
import { DifferenceLog } from '../difference-log.js';
import { takeSnapshot } from './paper-snapshot.js';

/** The source of a run's events, as far as its steering needs it. */
export interface RunSource {
  /** Kernel time of something that happens now and is no row; minus infinity before the first row. */
  now(): EpochMs;
  /** Real milliseconds behind its clock. */
  readonly lagMs: number;
  /** Deadlines may have changed. */
  wake(): void;
  feeds(): readonly FeedView[];
  /** Brokers; none where all is simulated. */
  venues?(): readonly VenueFacts[];
}

/** Options of {@link WorkerSession}. */
export interface WorkerSessionOptions {
  readonly runId: string;
  readonly name: string;
  readonly source: RunSource;
  /** `paper` unless given. */
  readonly mode?: 'paper' | 'live';
  readonly wallClock: () => EpochMs;
}

interface Waiting {
  readonly command: Command;
  readonly done: (outcome: CommandOutcome) => void;
}

const ENDED: CommandOutcome = { kind: 'refused', reason: 'ENGINE_ENDED', message: 'The run has ended.' };

/** One run in the worker. Calls come between events only: the event loop never runs inside one. */
export class WorkerSession {
  readonly #options: WorkerSessionOptions;
  /** Commands that came before the first row: they are taken with it. */
  #waiting: Waiting[] = [];
  #assembly: Assembly | undefined;
  #refusal: CommandOutcome | undefined;
  readonly #differences = new DifferenceLog();
  #state: RunState = 'starting';
  #hasEnded = false;

  constructor(options: WorkerSessionOptions) {
    this.#options = options;
  }

  attach(assembly: Assembly): void {
    this.#assembly = assembly;
  }

  /** To be called before the first row of the run, at its instant: what has waited is done. */
  begin(at: EpochMs): void {
    if (this.#state === 'starting') this.#state = 'running';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { command, done } of waiting) done(this.#apply(command, at));
  }

  stopping(): void {
    this.#state = 'stopping';
  }

  /** The run is over and its journal closed: nothing is taken any more, though results are still being written. */
  end(): void {
    this.#hasEnded = true;
    for (const { done } of this.#waiting.splice(0)) done(ENDED);
  }

  /** For `onNotice` of the run: a refusal of the kernel is the answer to the command it refused. */
  heard(notice: EngineNotice): void {
    this.#differences.heard(notice);
    if (notice.code !== 'COMMAND_REFUSED') return;
    this.#refusal = { kind: 'refused', reason: notice.code, message: notice.message };
  }

  /** Calls back with what the kernel made of the command; at once, unless nothing has happened yet. */
  command(command: Command, done: (outcome: CommandOutcome) => void): void {
    if (this.#hasEnded) return done(ENDED);
    const at = this.#now();
    if (at === Number.NEGATIVE_INFINITY || this.#state === 'starting') this.#waiting.push({ command, done });
    else done(this.#apply(command, at));
  }

  /** To be called when the run is over: panics that end with it are an alarm. */
  unfinishedPanics(): readonly EngineNotice[] {
    if (this.#assembly === undefined) return [];
    const { kernel, recorder } = this.#assembly;
    return kernel.parts.panics.unfinished(kernel.now).map(({ scope, name, left }) => {
      const message = `The panic of ${name} is not complete: ${left}`;
      const notice: EngineNotice = {
        ...{ ts: kernel.now, level: 'alarm', code: 'PANIC_UNFINISHED', message, details: { ...scope } },
      };
      recorder.notice(notice);
      return notice;
    });
  }

  /** Fills booked at a venue's accounts from an instant of kernel time on. */
  fillsSince(venue: string, since: EpochMs): number {
    if (this.#assembly === undefined) return 0;
    const { kernel, recorder } = this.#assembly;
    const books = new Set(kernel.parts.portfolio.books.filter((book) => book.venue === venue).map(({ name }) => name));
    const { fills } = recorder;
    let count = 0;
    for (let index = fills.total - 1; index >= fills.first && fills.at(index).ts >= since; index--)
      if (books.has(fills.at(index).book)) count += 1;
    return count;
  }

  /** Undefined before there is a kernel. */
  snapshot(): EngineSnapshot | undefined {
    const { runId, name, source, wallClock, mode = 'paper' } = this.#options;
    if (this.#assembly === undefined) return undefined;
    const takenAt = wallClock();
    return takeSnapshot(this.#assembly, {
      ...{ runId, name, takenAt, mode },
      state: this.#state,
      lagMs: source.lagMs,
      feeds: source.feeds(),
      venues: source.venues?.() ?? [],
      differences: this.#differences.all,
    });
  }

  #now(): EpochMs {
    return Math.max(this.#options.source.now(), this.#assembly?.kernel.now ?? Number.NEGATIVE_INFINITY);
  }

  #apply(command: Command, at: EpochMs): CommandOutcome {
    const { driver } = this.#assembly as Assembly;
    this.#refusal = undefined;
    for (const one of this.#each(command)) driver.event({ kind: 'command', at, command: one });
    this.#options.source.wake();
    return this.#refusal ?? { kind: 'done', at };
  }

  /** A command to all strategies is one to each. */
  #each(command: Command): readonly Command[] {
    if (command.args['name'] !== ALL_STRATEGIES) return [command];
    const { runners } = (this.#assembly as Assembly).kernel.parts.signals;
    return runners.map(({ name }) => ({ ...command, args: { ...command.args, name } }));
  }
}
