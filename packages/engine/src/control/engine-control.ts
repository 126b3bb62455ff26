// What control surfaces hold of a running engine. Lives on the main thread, so it answers while a strategy hangs.
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Command, CommandResult, EngineControl, EngineNotice, EpochMs } from '@bookrunner/sdk';
import { isTradingError } from '@bookrunner/sdk';
import { answerQuestion } from './answer-question.js';
import { answerText } from './answer-text.js';
import type { AuditLog, AuditOutcome } from './audit-log.js';
import { ALL_STRATEGIES, checkCommand, type CommandScope, isQuestion, refusal, type Refusal } from './check-command.js';
import { Confirmations } from './confirmations.js';
import { doneText } from './done-text.js';
import { EngineMetrics } from '../metrics/engine-metrics.js';
import { NoticeCounts } from '../metrics/notice-counts.js';
import { ENGINE_VERSION } from '../version.js';
import type { EngineSnapshot } from './engine-snapshot.js';
import { IdleResume, letGoText } from './idle-resume.js';
import { differenceQuestion, isDecision, nothingFrozen } from './nothing-frozen.js';
import { OpenPanics } from './open-panics.js';
import { leftOpen, panicNotDone, panicTooLate } from './panic-not-done.js';
import { reconcileAnswer } from './reconcile-now.js';
import { RepeatedStatus } from './repeated-status.js';
import { stillHeld } from './still-held.js';
import {
  type HaltEntry,
  type HaltLatch,
  type HaltLevel,
  type HaltScope,
  haltText,
  isOpenPanic,
  isSameScope,
  scopeOf,
  scopeText,
  unreasoned,
} from './halt-latch.js';
import { withReasons } from './halt-reason.js';

/** What the engine made of a command. */
export type CommandOutcome =
  | { readonly kind: 'done'; readonly at: EpochMs }
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string };

/** The way to the thread that holds the kernel. Neither call waits longer than its own limit. */
export interface EngineLink {
  /** What the engine shows: fresh, or the last known where it does not answer; undefined before the first. */
  snapshot(): Promise<{ readonly snapshot: EngineSnapshot; readonly isFresh: boolean } | undefined>;
  /** Hands a command over; undefined where it was not taken in time. It stays handed over, and `late` hears what came of it then. */
  post(command: Command, late?: (outcome: CommandOutcome) => void): Promise<CommandOutcome | undefined>;
  /** Asks for the end of the run: its result is still made. */
  stop(reason: string): void;
  /** Milliseconds since the engine last moved; undefined where it is gone. */
  beatAgeMs?(): number | undefined;
}

/** Options of {@link RunControl}. */
export interface RunControlOptions {
  readonly link: EngineLink;
  readonly latch: HaltLatch;
  /** Path of the journal, whose size is shown. */
  readonly journalFile?: string;
  readonly audit: AuditLog;
  readonly scope: CommandScope;
  /** The global policy of engine.yaml, secrets masked. */
  readonly limits: unknown;
  readonly now: () => EpochMs;
  /** Where its own alarms go; to its listeners unless given. */
  readonly alarm?: (notice: EngineNotice) => void;
  /** A text nobody can guess; random unless given. */
  readonly token?: () => string;
  /** Practises a panic; absent where that is not to be had. */
  readonly drill?: (command: Command) => Promise<CommandResult>;
}

const LATE = 'The engine has not answered yet. The command is handed over and is taken as soon as it can be.';
const LATCHED_LATE =
  'The engine has not answered yet, but this is latched: it is carried out as soon as the engine, and the broker, is there. Nothing has to be said again.';
const UNSEEN = 'The engine does not show how it is now: ask `status` what is still halted.';
const LEVELS: ReadonlySet<string> = new Set<HaltLevel>(['halt', 'reduce-only', 'panic']);

/**
 * Takes commands: checks them, asks back where they are dangerous, latches what halts, hands them to the engine, writes the audit.
 * Dangerous are `panic`, `shutdown`, `stop` of all strategies, and `resume` after a panic.
 */
export class RunControl implements EngineControl {
  readonly #options: RunControlOptions;
  readonly #confirmations: Confirmations;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #metrics = new EngineMetrics();
  readonly #notices = new NoticeCounts();
  readonly #panics: OpenPanics;
  readonly #idle = new IdleResume();
  readonly #statuses = new RepeatedStatus();
  #isClosed = false;

  constructor(options: RunControlOptions) {
    this.#options = options;
    this.#panics = new OpenPanics(options.latch);
    this.#confirmations = new Confirmations({
      now: options.now,
      token: options.token ?? (() => randomBytes(9).toString('base64url')),
    });
  }

  async command(command: Command, confirmation?: string): Promise<CommandResult> {
    const refused = this.#isClosed
      ? refusal('ENGINE_ENDED', 'The run has ended.')
      : checkCommand(command, this.#options.scope);
    if (refused !== undefined) return this.#audited(command, refused);
    if (isQuestion(command)) return this.#answer(command);
    const question = isDecision(command) ? await this.#decision(command) : this.#question(command);
    if (question === undefined) return this.act(command);
    if (typeof question !== 'string') return this.#audited(command, question);
    if (confirmation === undefined) {
      return this.#audited(command, { kind: 'confirm', token: this.#confirmations.ask(command), question });
    }
    if (this.#confirmations.confirm(command, confirmation)) return this.act(command);
    const message = 'The confirmation is wrong, used, or older than a minute. Ask again.';
    return this.#audited(command, refusal('CONFIRMATION_INVALID', message));
  }

  /** Does what a checked command says without asking back: for doors that are their own confirmation, such as the PANIC file. */
  async act(command: Command): Promise<CommandResult> {
    const { link, now } = this.#options;
    if (command.name === 'shutdown') {
      this.#record(command, { outcome: 'done' });
      link.stop(`shutdown by ${command.actor}`);
      // Wall clock, as in every answer: the engine may be gone before it could tell its own time.
      return { kind: 'done', data: { takenAt: now() }, ...textOf(command) };
    }
    if (command.args['drill'] === true) return this.#drill(command);
    // Latched before anything else: whatever happens to the engine next, the halt is on disk.
    const latched = LEVELS.has(command.name) ? this.#latch(command) : undefined;
    const taken = this.#taking(command, latched);
    // Asked for first, and not waited for: commands keep their order.
    const wasHalted = command.name === 'resume' ? this.#wasHalted(command) : undefined;
    // A panic counts from the latch's own time, over restarts as well.
    const outcome = await link.post(latched === undefined ? command : { ...command, ts: latched.at }, taken);
    if (outcome === undefined) {
      this.#record(command, { outcome: 'late', reason: 'ENGINE_LATE' });
      return refusal('ENGINE_LATE', latched === undefined ? LATE : LATCHED_LATE);
    }
    taken(outcome);
    if (outcome.kind === 'refused') return this.#audited(command, outcome);
    const done = this.#audited(command, { kind: 'done', data: { at: outcome.at }, ...textOf(command) } as const);
    if (command.name === 'reconcile') return reconcileAnswer(link);
    if (command.name !== 'resume' && command.name !== 'start') return done;
    return this.#withHolds(command, outcome.at, await wasHalted);
  }

  /** A notice of the engine as it is told: after a `resume` that had nothing to resume, it says so. */
  told(notice: EngineNotice): EngineNotice {
    return this.#idle.told(notice);
  }

  #wasHalted(command: Command): Promise<boolean | undefined> {
    // That of one strategy takes nothing of the latch back.
    const isLatched = command.args['name'] === undefined && this.#panics.saidOf(scopeOf(command)).length > 0;
    return this.#idle.asked(command, this.#options.link.snapshot(), isLatched);
  }

  async metrics(): Promise<string> {
    const { link, latch, now, journalFile } = this.#options;
    const shown = this.#isClosed ? undefined : await link.snapshot();
    return this.#metrics.text({
      snapshot: shown?.snapshot,
      isFresh: shown?.isFresh ?? false,
      notices: this.#notices,
      latched: latch.read(),
      engineVersion: ENGINE_VERSION,
      now: now(),
      beatAgeMs: link.beatAgeMs?.(),
      journalBytes: journalFile === undefined ? undefined : sizeOf(journalFile),
    });
  }

  onNotice(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Tells every listener what it has not been told already, and counts all. One that throws hinders no other. */
  tell(given: EngineNotice): void {
    this.#notices.add(given);
    const notice = this.#statuses.told(given);
    if (notice === undefined) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(notice);
      } catch {
        // A surface that cannot show a notice has nobody to tell.
      }
    }
  }

  /** To be called with every notice of the run: the latch keeps whether a panic is complete. */
  notePanic(notice: EngineNotice): void {
    this.#guarded(() => this.#panics.heard(notice));
  }

  /**
   * To be called where the run fails: whoever said panic hears that nothing more of it is done, unless the run has told so itself; where
   * nobody did, and the journal failed, what stays open.
   */
  async tellOpenPanics(failure: unknown): Promise<void> {
    const open = this.#panics.untold();
    const snapshot = (await this.#options.link.snapshot())?.snapshot;
    const { now, alarm = (notice) => this.tell(notice) } = this.#options;
    const ended = { ts: now(), failure, snapshot };
    for (const panic of open) alarm(panicNotDone(panic, ended));
    const left = open.length === 0 ? leftOpen(ended) : undefined;
    if (left !== undefined) alarm(left);
  }

  /** To be called when nothing can be asked for any more: what came after the run was over, nobody has carried out. */
  tellLatePanics(): void {
    const { now, alarm = (notice) => this.tell(notice) } = this.#options;
    for (const panic of this.#panics.untold()) alarm(panicTooLate(panic, now()));
  }

  /**
   * What an outcome does to the latch, whenever it comes: a resume takes back what was said before it, and nothing that was said since. A
   * halt that the kernel refuses is none: no start could carry it out. One that the engine has no time for stays.
   */
  #taking(command: Command, latched: HaltEntry | undefined): (outcome: CommandOutcome) => void {
    const scope = scopeOf(command);
    // That of one strategy takes back what its policies halted; nothing of that is latched.
    const isResume = command.name === 'resume' && command.args['name'] === undefined;
    const over = isResume ? this.#panics.saidOf(scope) : latched === undefined ? [] : [latched];
    return (outcome) => {
      const isOver = outcome.kind === 'done' ? isResume : !isResume && outcome.reason === 'COMMAND_REFUSED';
      if (isOver && over.length > 0) this.#guarded(() => this.#panics.takeBack(scope, over));
    };
  }

  /** From now on every command is refused, and nobody is told anything. */
  close(): void {
    this.#isClosed = true;
    this.#metrics.close();
    this.#listeners.clear();
  }

  /** A person who lets something go on hears what still does not. */
  async #withHolds(command: Command, at: EpochMs, wasHalted?: boolean): Promise<CommandResult> {
    const { link, latch } = this.#options;
    const shown = await link.snapshot();
    const known = { at, ...(wasHalted === undefined ? {} : { wasHalted }) };
    if (shown?.isFresh !== true) return { kind: 'done', data: known, text: letGoText(command, wasHalted, [UNSEEN]) };
    const latched = latch.read();
    const held = stillHeld(command, withReasons(shown.snapshot, latched), latched);
    return { kind: 'done', data: { ...known, stillHeld: held }, text: letGoText(command, wasHalted, held) };
  }

  /** What to ask a person, or that there is nothing to decide; where what is shown is old, the engine itself finds out. */
  async #decision(command: Command): Promise<string | Refusal> {
    const shown = await this.#options.link.snapshot();
    if (shown?.isFresh !== true) return differenceQuestion(command, undefined);
    return nothingFrozen(command, shown.snapshot) ?? differenceQuestion(command, shown.snapshot);
  }

  async #drill(command: Command): Promise<CommandResult> {
    const { drill } = this.#options;
    const message = 'A panic is practised on paper only: here it would close positions that are real.';
    return this.#audited(command, (await drill?.(command)) ?? refusal('DRILL_REFUSED', message));
  }

  async #answer(command: Command): Promise<CommandResult> {
    const { link, latch, limits } = this.#options;
    const shown = await link.snapshot();
    if (shown === undefined) return refusal('ENGINE_STARTING', 'The engine is starting and shows nothing yet.');
    const latched = latch.read();
    const snapshot = withReasons(shown.snapshot, latched);
    const context = { ...shown, snapshot, latched, limits };
    const text = answerText(command, context);
    return { kind: 'done', data: answerQuestion(command, context), ...(text === undefined ? {} : { text }) };
  }

  /** What to ask a person before the command is done; undefined where it is done at once. */
  #question(command: Command): string | undefined {
    const scope = scopeOf(command);
    const what = scopeText(scope);
    switch (command.name) {
      case 'panic':
        return `${command.args['drill'] === true ? 'Drill of a panic' : 'Panic'}, ${what}: cancel all orders and close all positions?`;
      case 'shutdown':
        return 'Stop the engine? Positions stay, and orders as `engine.onStop` has it.';
      case 'stop':
        return command.args['name'] === ALL_STRATEGIES ? 'Stop all strategies?' : undefined;
      case 'resume':
        return command.args['name'] === undefined ? resumeQuestion(this.#options.latch.read(), scope) : undefined;
      default:
        return undefined;
    }
  }

  #latch(command: Command): HaltEntry {
    const { latch, now } = this.#options;
    const who = { level: command.name as HaltLevel, actor: command.actor };
    const given = typeof command.args['reason'] === 'string' ? command.args['reason'].trim() : '';
    const entry = { ...who, reason: given === '' ? unreasoned(who) : given, at: now() };
    const scoped = { ...entry, ...scopeOf(command) };
    const isLatched = this.#guarded(() => latch.add(scoped));
    if (scoped.level === 'panic' && isLatched) this.#panics.forget(scoped);
    else if (scoped.level === 'panic') this.#panics.addUnlatched(scoped);
    return entry;
  }

  #audited<Result extends CommandResult>(command: Command, result: Result): Result {
    if (result.kind === 'refused') {
      const { reason, message } = result;
      this.#record(command, { outcome: 'refused', reason, message });
    } else {
      this.#record(command, { outcome: result.kind });
    }
    return result;
  }

  #record(command: Command, outcome: AuditOutcome): void {
    this.#guarded(() => this.#options.audit.record(command, outcome));
  }

  /** A disk that fails must not keep a panic from the engine: the command goes on, and an alarm says what is missing. */
  #guarded(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (!isTradingError(error)) throw error;
      const { code, message, remedy } = error;
      const { now, alarm = (notice) => this.tell(notice) } = this.#options;
      alarm({ ts: now(), level: 'alarm', code, message: `${message} ${remedy}`, details: {} });
      return false;
    }
  }
}

function textOf(command: Command): { readonly text?: string } {
  const text = doneText(command);
  return text === undefined ? {} : { text };
}

/** Of a database and its log; undefined where there is none. */
function sizeOf(file: string): number | undefined {
  const sizes = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size);
  return sizes[0] === undefined ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** Asks before a panic is taken back, and says what else goes with it; undefined where there is no panic. */
function resumeQuestion(latched: readonly HaltEntry[], scope: HaltScope): string | undefined {
  const entries = latched.filter((entry) => isSameScope(entry, scope));
  const panic = entries.find(({ level }) => level === 'panic');
  if (panic === undefined) return undefined;
  const others = entries.filter((entry) => entry !== panic).map((entry) => ` This also takes away: ${haltText(entry)}`);
  const open = isOpenPanic(panic)
    ? ' It is not complete: what it has cancelled and closed stays so, nothing more of it is done, and positions that are left stay.'
    : '';
  return `Resume ${scopeText(scope)} after a panic by ${panic.actor} (${panic.reason})?${open}${others.join('')}`;
}
