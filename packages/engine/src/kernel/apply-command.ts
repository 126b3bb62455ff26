import type { Command, EpochMs } from '@bookrunner/sdk';
import type { GuardedScope } from '../execution/risk-gate.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';
import type { KernelParts } from './build.js';

/** Commands that change the kernel. Questions (status, orders, …) are answered outside, from what the kernel shows. */
export function applyCommand(parts: KernelParts, command: Command, at: EpochMs): void {
  switch (command.name) {
    case 'start':
      return withStrategy(parts, command, at, (runner) =>
        parts.signals.start(runner, { from: at, to: at, reason: 'started by command' }),
      );
    case 'stop':
      return withStrategy(parts, command, at, (runner) =>
        parts.signals.stop(runner, at, 'stopped', `stopped by ${command.actor}`),
      );
    case 'alloc':
      return withStrategy(parts, command, at, (runner) => setAllocation(parts, runner, command, at));
    case 'risk':
      return withStrategy(parts, command, at, (runner) => limitLoss(parts, runner, command, at));
    case 'halt':
    case 'reduce-only':
      return halt(parts, command, at);
    case 'resume':
      for (const scope of scopesOf(parts, command, at)) parts.guards.set(scope, at, '');
      for (const slot of parts.execution.slots) if (concerns(command, slot.book)) slot.isFlattening = false;
      return;
    case 'panic':
      halt(parts, command, at);
      for (const slot of parts.execution.slots) {
        if (concerns(command, slot.book)) parts.execution.flatten(slot);
      }
      return;
    case 'shutdown':
      return shutDown(parts, command);
    default:
      return;
  }
}

/** With `cancel: all` a run that ends takes back what works, protection as well. */
function shutDown(parts: KernelParts, command: Command): void {
  if (command.args['cancel'] === 'all') for (const slot of parts.execution.slots) cancelAll(parts, slot);
}

/** What is held stays, unprotected, until its strategy answers anew. */
function cancelAll(parts: KernelParts, slot: TargetSlot): void {
  parts.execution.abandon(slot);
  slot.targetScaled = Number.NaN;
  slot.protect = undefined;
  for (const order of [...slot.entries, ...slot.protection]) {
    if (order.status !== 'pending-cancel') parts.desk.cancel(order);
  }
}

/** `risk NAME BPS`: the strategy's new risk stops at that loss of the day. Positions stay, protection stays. */
function limitLoss(parts: KernelParts, runner: StrategyRunner, command: Command, at: EpochMs): void {
  const { bps } = command.args;
  const scope = parts.scopes.strategies[runner.index];
  if (typeof bps === 'number' && bps > 0 && scope !== undefined) parts.guards.limitLoss(scope, at, bps);
  else refuse(parts, command, at, `bps has to be a number above 0; it is ${JSON.stringify(bps)}.`);
}

function halt(parts: KernelParts, command: Command, at: EpochMs): void {
  for (const scope of scopesOf(parts, command, at)) parts.guards.set(scope, at, `${command.name} by ${command.actor}`);
  if (command.name === 'halt') return;
  for (const slot of parts.execution.slots) if (concerns(command, slot.book)) parts.execution.abandon(slot);
}

/** The strategy named in `args.name` (of `resume`), the book named in `args.book`, or everything. */
function scopesOf(parts: KernelParts, command: Command, at: EpochMs): readonly GuardedScope[] {
  const { book, name } = command.args;
  if (name !== undefined) {
    const named = parts.scopes.strategies.filter((scope) => scope.view.name === name);
    if (named.length === 0) refuse(parts, command, at, `no strategy is named ${JSON.stringify(name)}.`);
    return named;
  }
  if (book === undefined) return [parts.scopes.global];
  const found = parts.scopes.books.filter((scope) => scope.view.name === book);
  if (found.length === 0) refuse(parts, command, at, `no book is named ${JSON.stringify(book)}.`);
  return found;
}

function concerns(command: Command, book: string): boolean {
  return command.args['book'] === undefined || command.args['book'] === book;
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
  refuse(parts, command, at, `weight has to be a number from 0 to 1; it is ${String(weight)}.`);
}
