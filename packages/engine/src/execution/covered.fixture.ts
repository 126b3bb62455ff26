// The law of protection, checked after every event.
import { expect } from '@jest/globals';
import type { Scene } from '../kernel/kernel.fixture.js';
import type { OrderRecord } from './order-record.js';
import { isCrowdedOut } from './protection.js';
import type { TargetSlot } from './target-slot.js';

/**
 * Checks from now on, after every event, that no position stands without its declared protection because an order waits, and that protection
 * covers all that is left of it and no more.
 */
export function watchCover(scene: Scene): void {
  const { kernel } = scene;
  const process = kernel.process.bind(kernel);
  kernel.process = (event) => {
    process(event);
    for (const slot of scene.slots) expect([slot.strategy, missing(slot)]).toEqual([slot.strategy, 'nothing']);
  };
}

/** What a position lacks, or has too much of. */
function missing(slot: TargetSlot): string {
  const { heldScaled: held, protection, state } = slot;
  if (waits(slot)) return 'nothing';
  const closes = ({ direction }: OrderRecord): boolean => held !== 0 && direction > 0 !== held > 0;
  if (protection.some((order) => !closes(order))) return 'less protection: it would open a position';
  // An order that trades at any price closes its part.
  const leaving = slot.entries.filter((order) => closes(order) && order.orderType === 'market').reduce(sumLeft, 0);
  const rest = state.tradableScaled(Math.max(0, Math.abs(held) - leaving));
  if (protection.some((order) => left(order) > rest)) return `less protection: ${rest} are left to protect`;
  return rest === 0 ? 'nothing' : bareOf(slot, rest);
}

/** Whether it is to be looked at later: while a cancel, a replace or an unknown order is pending, its report comes first. */
function waits(slot: TargetSlot): boolean {
  const { entries, protection } = slot;
  if (slot.isProtectionRefused || slot.pendingCount > 0 || slot.isHeldBack) return true;
  // What is asked of an order that has not left yet follows its report.
  if (slot.isOwed && [...entries, ...protection].some(({ status }) => status === 'pending' || status === 'sent'))
    return true;
  // A cancel or change of what works was refused: it is asked for again with the next bar. What is bare does not wait for that.
  return !slot.isSettled && (protection.length > 0 || isCrowdedOut(slot));
}

/** What is missing to protect so much. */
function bareOf({ instruction, protection, isBlocked }: TargetSlot, rest: number): string {
  if (instruction === undefined) return 'nothing';
  const hasStop = instruction.stop !== undefined || instruction.trail !== undefined;
  const stop = protection.find(({ orderType }) => orderType !== 'limit');
  if (hasStop && (stop === undefined || left(stop) < rest)) return `a stop for ${rest}`;
  // A take-profit that could meet another's order stays away.
  if (!hasStop && isBlocked) return 'nothing';
  return protection.some((order) => left(order) >= rest) ? 'nothing' : `protection for ${rest}`;
}

function left({ qtyScaled, filledScaled }: OrderRecord): number {
  return qtyScaled - filledScaled;
}

function sumLeft(sum: number, order: OrderRecord): number {
  return sum + left(order);
}
