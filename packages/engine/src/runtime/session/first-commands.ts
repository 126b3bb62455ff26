// What a worker begins with: the halts that are latched, and no strategy where the engine was lost before.
import { type Command, type EngineNotice, type EpochMs, isTradingError } from '@bookrunner/sdk';
import { controlError } from '../../control/control-errors.js';
import {
  type HaltEntry,
  type HaltLatch,
  type HaltScope,
  haltText,
  isOpenPanic,
  isSameScope,
} from '../../control/halt-latch.js';

import { type BookPlaces, concernsNobody } from '../../control/panic-of-nobody.js';

/** Who latches when an engine is lost. */
export const WATCHDOG = 'watchdog';

/** What {@link firstCommands} is made from. */
export interface FirstCommandsParts {
  readonly latch: HaltLatch;
  readonly strategies: readonly string[];
  readonly now: () => EpochMs;
  /** `--resume` takes back what was latched before: it was said then. Absent: all of it. */
  readonly resumeBefore?: EpochMs;
}

/**
 * Every halt of the latch, of the time it has there, after a stop of every strategy where the watchdog was among those who halted. A panic
 * counts from then. Halts that are `taken` back are none.
 */
export function firstCommands(
  { latch, strategies, now }: FirstCommandsParts,
  taken: readonly HaltEntry[] = [],
): readonly Command[] {
  const entries = latch.read().filter((entry) => !taken.some((other) => isSameHalt(entry, other)));
  const at = now();
  const halts = entries.map((entry): Command => ({
    ts: entry.at,
    name: entry.level,
    args: argsOf(entry),
    actor: `${entry.actor}, before this start`,
  }));
  return entries.some(({ actor }) => actor === WATCHDOG) ? [...stops(strategies, at), ...halts] : halts;
}

/** A stop of every strategy that calls none of them: not even its `onStop`. */
export function stops(strategies: readonly string[], at: EpochMs): readonly Command[] {
  return strategies.map((name) => ({ ts: at, name: 'stop', args: { name, isLost: true }, actor: WATCHDOG }));
}

/** Whether a command is one of {@link stops}. */
export function isLossStop({ name, args }: Command): boolean {
  return name === 'stop' && args['isLost'] === true;
}

/** Whether a command is for a run that goes on alone: one that begins anew has nothing that hung before. */
export function isForGoingOn({ args }: Command): boolean {
  return args['isGoingOn'] === true;
}

/**
 * A panic that is not complete is never taken back by a start: half of it would be. One from after `--resume` was said goes on, and one
 * that concerns no book has nothing to be done.
 * Errors: PANIC_NOT_COMPLETE.
 */
export function requireNoOpenPanic(
  latch: HaltLatch,
  places: BookPlaces,
  resumeBefore = Number.POSITIVE_INFINITY,
): void {
  const open = latch
    .read()
    .filter((entry) => isOpenPanic(entry) && entry.at < resumeBefore && !concernsNobody(entry, places));
  if (open.length === 0) return;
  const panics = open.map((entry) => `${haltText(entry).replace(/\.$/, '')}, ${new Date(entry.at).toISOString()}`);
  throw controlError(
    'PANIC_NOT_COMPLETE',
    `--resume takes back no panic that is not complete; ${latch.path} has: ${panics.join('; ')}.`,
    { details: { path: latch.path, panics: open } },
  );
}

/**
 * What the workers of a session begin with. A latch that `--resume` takes back stays on disk until the session has begun: one that
 * ends before leaves it as it was, with what it holds off.
 */
export class StartCommands {
  readonly #parts: FirstCommandsParts;
  readonly #isResumed: boolean;
  readonly #tell: (notice: EngineNotice) => void;
  #taken: readonly HaltEntry[] = [];
  #resumes: readonly Command[] | undefined;

  constructor(parts: FirstCommandsParts, isResumed: boolean, tell: (notice: EngineNotice) => void) {
    this.#parts = parts;
    this.#isResumed = isResumed;
    this.#tell = tell;
  }

  /** Of each try to start: what the first one took back, and what is latched by now. A person is told of the latch at the first. */
  first(): readonly Command[] {
    this.#resumes ??= this.#look();
    return [...this.#resumes, ...firstCommands(this.#parts, this.#taken)];
  }

  /** Of a worker in the place of a lost one. Strategies are off whether or not the latch could be written. */
  recovering(): readonly Command[] {
    const { strategies, now } = this.#parts;
    const commands = firstCommands(this.#parts);
    return [...stops(strategies, now()), ...commands.filter(({ name }) => name !== 'stop')];
  }

  /** The session has begun: what was taken back is off the disk, and what was latched since stays. */
  begun(): void {
    try {
      for (const entry of this.#taken) this.#parts.latch.release(entry, (known) => isSameHalt(known, entry));
    } catch (error) {
      if (!isTradingError(error)) throw error;
      const { code, message, remedy } = error;
      const left = 'It still has the halts that --resume took back, and the next start begins with them.';
      this.#tell({ ts: this.#parts.now(), level: 'alarm', code, message: `${message} ${left} ${remedy}`, details: {} });
    }
  }

  /** What takes back the latch, where that is asked for. */
  #look(): readonly Command[] {
    const { latch, now, resumeBefore = Number.POSITIVE_INFINITY } = this.#parts;
    const entries = latch.read();
    if (this.#isResumed) this.#taken = entries.filter(({ at }) => at < resumeBefore);
    for (const entry of entries) this.#tell(latchNotice(entry, this.#taken.includes(entry), now()));
    return this.#isResumed ? resumeCommands(this.#parts, this.#taken) : [];
  }
}

/**
 * What takes the halts of the latch back in a run that goes on from one with them, and those of its policies. Strategies that such a
 * run was lost with are off all the same: each is started by its name.
 */
export function resumeCommands(
  { latch, strategies, now }: FirstCommandsParts,
  entries: readonly HaltEntry[] = latch.read(),
): readonly Command[] {
  const scopes = new Map<string, HaltScope>([['{}', {}]]);
  const lost = entries.some(({ actor }) => actor === WATCHDOG) ? stops(strategies, now()) : [];
  for (const entry of entries) scopes.set(JSON.stringify(argsOf(entry)), argsOf(entry));
  return [
    ...lost.map((stop) => ({ ...stop, args: { ...stop.args, isGoingOn: true } })),
    ...[...scopes.values()].map((args): Command => ({
      ts: now(),
      name: 'resume',
      args: { ...args },
      actor: '--resume',
    })),
  ];
}

/** What a person is told of the latch at a start. */
export function latchNotice(entry: HaltEntry, isResumed: boolean, ts: EpochMs): EngineNotice {
  const off = entry.actor === WATCHDOG ? ' Strategies are off: after it, `start name=NAME` for each.' : '';
  const next = isOpenPanic(entry)
    ? 'It is not complete, so it goes on: PANIC_COMPLETE says when nothing of it is left. No start takes --resume before that.'
    : 'Resume with --resume.';
  return isResumed
    ? { ts, level: 'info', code: 'HALT_RESUMED', message: `Resumed after ${haltText(entry)}`, details: {} }
    : {
        ...{ ts, level: 'alarm', code: 'HALT_LATCHED', details: {} },
        message: `New risk is halted: ${haltText(entry)} ${next}${off}`,
      };
}

function isSameHalt(a: HaltEntry, b: HaltEntry): boolean {
  return a.level === b.level && a.at === b.at && isSameScope(a, b);
}

function argsOf({ book, venue }: HaltScope): Readonly<Record<string, string>> {
  return { ...(book === undefined ? {} : { book }), ...(venue === undefined ? {} : { venue }) };
}
