import type { Command, EpochMs } from '@bookrunner/sdk';
import { isPanicking, levelOf } from '../execution/halt-level.js';
import { HOLD } from '../execution/hold.js';
import type { GuardedScope } from '../execution/guarded-scope.js';
import type { Book } from '../portfolio/book.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';
import { decideDifference } from '../reconciliation/decide.js';
import { closeSlots, releaseSlots } from '../reconciliation/panic-closing.js';
import type { KernelParts } from './build.js';
import { applyStop } from './apply-stop.js';
import type { PanicScope } from './panic-watch.js';

/** Commands that change the kernel. Questions (status, orders, …) are answered outside, from what the kernel shows. */
export function applyCommand(parts: KernelParts, command: Command, at: EpochMs): void {
  switch (command.name) {
    case 'start':
      return withStrategy(parts, command, at, (runner) =>
        parts.signals.start(runner, { from: at, to: at, reason: 'started by command' }),
      );
    case 'stop':
      return withStrategy(parts, command, at, (runner) =>
        parts.signals.stop(
          runner,
          at,
          // One that is stopped because the engine was lost with it is not even asked for its last words.
          command.args['isLost'] === true ? 'failed' : 'stopped',
          `stopped by ${command.actor}`,
        ),
      );
    case 'alloc':
      return withStrategy(parts, command, at, (runner) => setAllocation(parts, runner, command, at));
    case 'risk':
      return withStrategy(parts, command, at, (runner) => limitLoss(parts, runner, command, at));
    case 'halt':
    case 'reduce-only':
      return halt(parts, command, at);
    case 'resume':
      return resume(parts, command, at);
    case 'panic':
      return panic(parts, command, at);
    case 'shutdown':
      return applyStop(parts, command);
    default:
      return reconcile(parts, command, at);
  }
}

/** Cancels and closes everything; what nobody explains is set off first. */
function panic(parts: KernelParts, command: Command, at: EpochMs): void {
  const scope = scopeOf(command);
  const isOfAll = (scope.book ?? scope.venue) === undefined;
  // What is refused since no book is meant is no panic that could be complete.
  if (isOfAll || parts.portfolio.books.some((book) => concerns(command, book)))
    parts.panics.begin(scope, command.ts, at);
  halt(parts, command, at);
  const slots = parts.execution.slots.filter((slot) => slot.isOwn && concerns(command, slot.bookOf));
  closeSlots(parts, slots, at);
}

/** Commands about brokers: to ask them, and what becomes of a position that no book explains. */
function reconcile(parts: KernelParts, command: Command, at: EpochMs): void {
  if (command.name === 'reconcile') return parts.reconciler?.askAll(at);
  if (command.name !== 'adopt' && command.name !== 'flatten' && command.name !== 'ignore') return;
  const { reconciler, execution } = parts;
  let why: string | undefined = 'all fills are simulated.';
  if (reconciler !== undefined) {
    execution.together(() => {
      why = decideDifference(reconciler, command, at);
    });
  }
  if (why !== undefined) refuse(parts, command, at, why);
}

/** `risk NAME BPS`: the strategy's new risk stops at that loss of the day. Positions stay, protection stays. */
function limitLoss(parts: KernelParts, runner: StrategyRunner, command: Command, at: EpochMs): void {
  const { bps } = command.args;
  const scope = parts.scopes.strategies[runner.index];
  if (typeof bps === 'number' && bps > 0 && scope !== undefined) parts.guards.limitLoss(scope, at, bps);
  else
    refuse(
      parts,
      command,
      at,
      `bps has to be a number above 0; it is ${typeof bps === 'string' ? 'the text ' : ''}${JSON.stringify(bps)}.`,
    );
}

function halt(parts: KernelParts, command: Command, at: EpochMs): void {
  const reason = `${command.name} by ${command.actor}`;
  const isOfVenue = command.args['venue'] !== undefined;
  for (const scope of scopesOf(parts, command, at)) {
    // A lower level takes nothing of a higher one back.
    if (levelOf(isOfVenue ? scope.venueHalt : scope.haltReason) > levelOf(reason)) continue;
    if (isOfVenue) parts.guards.setVenue(scope, at, reason);
    else parts.guards.set(scope, at, reason);
  }
  if (command.name === 'halt') return;
  for (const slot of parts.execution.slots) if (concerns(command, slot.bookOf)) parts.execution.abandon(slot);
}

/** Ends what was said to this very scope: a panic of everything goes on where a book is resumed. Of one that ends nothing more is done. */
function resume(parts: KernelParts, command: Command, at: EpochMs): void {
  const isOfVenue = command.args['venue'] !== undefined;
  for (const scope of scopesOf(parts, command, at)) {
    if (isOfVenue) parts.guards.setVenue(scope, at, '');
    else parts.guards.set(scope, at, '');
  }
  if (command.args['name'] === undefined) parts.panics.end(scopeOf(command));
  // What no book explains is of no scope: that a panic still closes it, only the panic says.
  const freed = parts.execution.slots.filter(
    (slot) => concerns(command, slot.bookOf) && !slot.scopes.some(isPanicking) && !parts.panics.covers(slot),
  );
  for (const slot of freed) slot.holds &= ~HOLD.look;
  releaseSlots(
    parts,
    freed.filter(({ isFlattening }) => isFlattening),
  );
}

/** The strategy named in `args.name` (of `resume`), the book in `args.book`, the books of `args.venue`, or everything. */
function scopesOf(parts: KernelParts, command: Command, at: EpochMs): readonly GuardedScope[] {
  const { book, venue, name } = command.args;
  if (name !== undefined) {
    const named = parts.scopes.strategies.filter((scope) => scope.view.name === name);
    if (named.length === 0) refuse(parts, command, at, `no strategy is named ${JSON.stringify(name)}.`);
    return named;
  }
  if (book === undefined && venue === undefined) return [parts.scopes.global];
  const found = parts.scopes.books.filter((_, index) => concerns(command, parts.portfolio.books[index] as Book));
  if (found.length === 0) {
    const what =
      book === undefined
        ? `no book trades at venue ${JSON.stringify(venue)}`
        : `no book is named ${JSON.stringify(book)}`;
    refuse(parts, command, at, `${what}.`);
  }
  return found;
}

function concerns({ args: { book, venue } }: Command, of: Book): boolean {
  return (book === undefined || book === of.name) && (venue === undefined || venue === of.venue);
}

function scopeOf({ args: { book, venue } }: Command): PanicScope {
  return { ...(typeof book === 'string' ? { book } : {}), ...(typeof venue === 'string' ? { venue } : {}) };
}

function withStrategy(parts: KernelParts, command: Command, at: EpochMs, act: (runner: StrategyRunner) => void): void {
  const runner = parts.signals.runners.find((candidate) => candidate.name === command.args['name']);
  if (runner !== undefined) return act(runner);
  refuse(parts, command, at, `no strategy is named ${JSON.stringify(command.args['name'])}.`);
}

function refuse(parts: KernelParts, command: Command, at: EpochMs, why: string): void {
  parts.outbox.notify({
    ts: at,
    level: 'warning',
    code: 'COMMAND_REFUSED',
    message: `Command ${command.name}: ${why}`,
    details: { command: command.name },
  });
}

function setAllocation(parts: KernelParts, runner: StrategyRunner, command: Command, at: EpochMs): void {
  const weight = command.args['weight'];
  if (typeof weight === 'number' && weight >= 0 && weight <= 1) {
    runner.allocation = weight;
    parts.guards.watch();
    return;
  }
  refuse(
    parts,
    command,
    at,
    `weight has to be a number from 0 to 1; it is ${typeof weight === 'string' ? 'the text ' : ''}${JSON.stringify(weight)}.`,
  );
}
