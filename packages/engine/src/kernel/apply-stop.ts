// The end of a run as the kernel has it: what `engine.onStop` does to it is the stop's own, and the run that goes on takes it back.
import type { Command } from '@bookrunner/sdk';
import { STOP_ACTOR } from '../execution/guards.js';
import { HOLD } from '../execution/hold.js';
import type { StopPolicy } from '../execution/guarded-scope.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { KernelParts } from './build.js';

/** How runs ended that halted all for it, before it was a state of its own. */
const OLD_HALT = `reduce-only by ${STOP_ACTOR}`;

/** What is said to a kernel whose run ends, or goes on from one that was ending. */
export function stopCommand(ts: number, onStop: Exclude<StopPolicy, ''> | 'over'): Command {
  return { ts, name: 'shutdown', args: { onStop }, actor: STOP_ACTOR };
}

/** Whether the kernel is that of a run that was ending: killed meanwhile, or with nobody after it yet. */
export function isEnding({ scopes: { global } }: KernelParts): boolean {
  return global.stopPolicy !== '' || global.haltReason === OLD_HALT;
}

/** `shutdown`, see {@link stopCommand}. With `cancel: all`, as it was recorded once, orders are cancelled and what is held waits bare. */
export function applyStop(parts: KernelParts, { args: { onStop, cancel } }: Command): void {
  const { global } = parts.scopes;
  const { slots } = parts.execution;
  if (onStop === 'over') return goOn(parts);
  if (onStop === 'cancel-entries' || onStop === 'cancel-all') global.stopPolicy = onStop;
  if (onStop === 'cancel-entries') for (const slot of slots) parts.execution.abandon(slot);
  if (onStop === 'cancel-all') for (const slot of slots) stop(parts, slot);
  if (cancel === 'all') for (const slot of slots) cancelAll(parts, slot);
}

/** All that is live is cancelled, and nothing follows. What a panic closes it goes on closing. */
function stop(parts: KernelParts, slot: TargetSlot): void {
  slot.holds |= HOLD.stop;
  if (slot.isStopped) giveUp(parts, slot);
}

/** No wish is left of what was given up, nor of what was answered and refused meanwhile; what is held is protected again. */
function goOn({ scopes: { global }, execution, reconciler }: KernelParts): void {
  const { stopPolicy } = global;
  global.stopPolicy = '';
  if (global.haltReason === OLD_HALT) global.haltReason = '';
  if (stopPolicy === '') return;
  for (const slot of execution.slots) {
    if (!slot.isFlattening) execution.abandon(slot);
    if ((slot.holds & HOLD.stop) === 0) continue;
    slot.holds &= ~HOLD.stop;
    execution.evaluate(slot);
  }
  reconciler?.limitProtection();
}

/** What is held stays, unprotected, until its strategy answers anew. */
function cancelAll(parts: KernelParts, slot: TargetSlot): void {
  slot.protect = undefined;
  slot.kept = undefined;
  giveUp(parts, slot);
}

function giveUp({ execution, desk }: KernelParts, slot: TargetSlot): void {
  execution.abandon(slot);
  slot.targetScaled = Number.NaN;
  for (const order of [...slot.entries, ...slot.protection]) {
    if (order.status !== 'pending-cancel') desk.cancel(order);
  }
}
