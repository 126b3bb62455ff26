import { objectList } from '../numbers/object-list.js';
import type { TargetSlot } from './target-slot.js';

/** Slots of an engine with orders that move their position: mostly a few of many, so that what works is found without a walk over all. */
export class WorkingSlots {
  /** In no order. */
  readonly list: TargetSlot[] = objectList();

  /** Takes up a slot whose first such order begins to work. */
  add(slot: TargetSlot): void {
    const { list } = this;
    slot.workingPlace = list.length;
    list[list.length] = slot;
  }

  /** Leaves out a slot whose last such order has ended. */
  remove(slot: TargetSlot): void {
    const { list } = this;
    const last = list.pop() as TargetSlot;
    if (last === slot) return;
    list[slot.workingPlace] = last;
    last.workingPlace = slot.workingPlace;
  }
}
