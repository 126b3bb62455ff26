// What a worker begins with: the halts that are latched, and no strategy where the engine was lost before.
import { type Command, type EngineNotice, type EpochMs } from '@bookrunner/sdk';
import { controlError } from '../control/control-errors.js';
import { type HaltEntry, type HaltLatch, type HaltScope, haltText, isOpenPanic } from '../control/halt-latch.js';

/** Who latches when an engine is lost. */
export const WATCHDOG = 'watchdog';

/** What {@link firstCommands} is made from. */
export interface FirstCommandsParts {
  readonly latch: HaltLatch;
  readonly strategies: readonly string[];
  readonly now: () => EpochMs;
}

/**
 * Every halt of the latch, of the time it has there, after a stop of every strategy where the watchdog was among those who halted. A panic
 * counts from then.
 */
export function firstCommands({ latch, strategies, now }: FirstCommandsParts): readonly Command[] {
  const entries = latch.read();
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

/** A panic that is not complete is never taken back by a start: half of it would be. Errors: PANIC_NOT_COMPLETE. */
export function requireNoOpenPanic(latch: HaltLatch): void {
  const open = latch.read().filter(isOpenPanic);
  if (open.length === 0) return;
  const panics = open.map((entry) => `${haltText(entry).replace(/\.$/, '')}, ${new Date(entry.at).toISOString()}`);
  throw controlError(
    'PANIC_NOT_COMPLETE',
    `--resume takes back no panic that is not complete; ${latch.path} has: ${panics.join('; ')}.`,
    { details: { path: latch.path, panics: open } },
  );
}

/** What a session begins with, after a person was told of every halt of the latch. */
export function startCommands(
  parts: FirstCommandsParts,
  isResumed: boolean,
  tell: (notice: EngineNotice) => void,
): readonly Command[] {
  for (const entry of parts.latch.read()) tell(latchNotice(entry, isResumed, parts.now()));
  return isResumed ? resumeCommands(parts) : firstCommands(parts);
}

/**
 * Takes the latch back; the commands that do the same to a run that goes on from one with halts of its policies. Strategies that such a
 * run was lost with are off all the same: each is started by its name.
 */
export function resumeCommands({ latch, strategies, now }: FirstCommandsParts): readonly Command[] {
  const scopes = new Map<string, HaltScope>([['{}', {}]]);
  const entries = latch.read();
  const lost = entries.some(({ actor }) => actor === WATCHDOG) ? stops(strategies, now()) : [];
  for (const entry of entries) scopes.set(JSON.stringify(argsOf(entry)), argsOf(entry));
  latch.clear();
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
  const off = entry.actor === WATCHDOG ? ' Strategies are off: after it, `start NAME` for each.' : '';
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

function argsOf({ book, venue }: HaltScope): Readonly<Record<string, string>> {
  return { ...(book === undefined ? {} : { book }), ...(venue === undefined ? {} : { venue }) };
}
