// The law of protection, checked after every event.
import { expect } from '@jest/globals';
import type { Scene } from '../kernel/kernel.fixture.js';
import type { TargetSlot } from './target-slot.js';

/** Checks from now on, after every event, that no position stands without its declared protection because an order waits. */
export function watchCover(scene: Scene): void {
  const { kernel } = scene;
  const process = kernel.process.bind(kernel);
  kernel.process = (event) => {
    process(event);
    for (const slot of scene.slots) expect([slot.strategy, missing(slot)]).toEqual([slot.strategy, 'nothing']);
  };
}

/** What a position lacks. While a cancel, a replace or an unknown order is pending, its report comes first. */
function missing(slot: TargetSlot): string {
  const { heldScaled: held, instruction, protection } = slot;
  if (held === 0 || instruction === undefined || slot.isProtectionRefused || slot.pendingCount > 0) return 'nothing';
  // What is asked of an order that has not left yet follows its report.
  const isUnderWay = [...slot.entries, ...protection].some(({ status }) => status === 'pending' || status === 'sent');
  if (slot.isOwed && isUnderWay) return 'nothing';
  // A request of the slot was refused: it is looked at again with the next bar.
  if (!slot.isSettled) return 'nothing';
  const isLong = held > 0;
  const against = [...slot.entries, ...protection].filter((order) => order.direction > 0 !== isLong);
  // An order that trades at any price closes it.
  if (slot.entries.some((order) => against.includes(order) && order.orderType === 'market')) return 'nothing';
  const hasStop = protection.some((order) => order.orderType === 'stop' && against.includes(order));
  if (instruction.stop !== undefined && !hasStop) return 'a stop';
  // A take-profit that could meet another's order stays away.
  if (instruction.stop === undefined && slot.isBlocked) return 'nothing';
  return protection.some((order) => against.includes(order)) ? 'nothing' : 'protection';
}
