// What a panic closes when it begins and while it goes on, and what is left as it is where it is taken back.
import type { EpochMs } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { TargetSlot } from '../execution/target-slot.js';
import { holdAt, takenAt } from './freeze.js';
import { settlePanic } from './panic-set-off.js';
import type { Reconciler } from './reconciler.js';

/** What a panic closes with. */
interface PanicParts {
  readonly execution: Execution;
  readonly reconciler: Reconciler | undefined;
}

/** Makes slots flat, for a panic that begins; what nobody explains is set off first. */
export function closeSlots({ execution, reconciler }: PanicParts, slots: readonly TargetSlot[], at: EpochMs): void {
  if (reconciler !== undefined) {
    execution.together(() => {
      settleAll(reconciler, slots, at);
      reconciler.reviewAll(at);
    });
  }
  reconciler?.lookFirst(slots, at);
  flattenAll({ execution, reconciler }, slots);
}

/** Makes flat what came to light since a panic began: where others closed what is being closed, there is less to do. */
export function closeLater({ execution, reconciler }: PanicParts, slots: readonly TargetSlot[], at: EpochMs): void {
  execution.together(() => {
    if (reconciler !== undefined) settleAll(reconciler, slots, at);
    flattenAll({ execution, reconciler }, slots);
  });
}

function settleAll(reconciler: Reconciler, slots: readonly TargetSlot[], at: EpochMs): void {
  for (const watch of reconciler.watches) {
    if (watch.slots.some((slot) => slots.includes(slot))) settlePanic(reconciler, watch, { at, anew: slots });
  }
}

/**
 * A panic is taken back before all is flat: nothing more of it is done, and what no book explains is for a person to decide on again. Only
 * where others took off what the books have is it frozen for that; what is left is protected again as it was.
 */
export function releaseSlots({ execution, reconciler }: PanicParts, slots: readonly TargetSlot[]): void {
  for (const watch of reconciler?.watches ?? []) {
    watch.isClearing = false;
    for (const account of watch.accounts) {
      account.slots.forEach((slot, index) => {
        const place = { watch, account, index };
        if (!slots.includes(slot) || takenAt(place) === 0) return;
        account.ask(index, slot.heldScaled);
        holdAt(place, HOLD.frozen);
      });
    }
  }
  for (const slot of slots) {
    slot.release();
    execution.evaluate(slot);
  }
  reconciler?.limitProtection();
}

/** What of a suspense book is closed with the rest is not kept for anybody, whatever a person has said before. */
function flattenAll({ execution, reconciler }: PanicParts, slots: readonly TargetSlot[]): void {
  for (const { accounts } of reconciler?.watches ?? []) {
    for (const { ignored, slots: own } of accounts) {
      for (const index of [...ignored.keys()]) if (slots.includes(own[index] as TargetSlot)) ignored.delete(index);
    }
  }
  for (const slot of slots) execution.flatten(slot);
}
