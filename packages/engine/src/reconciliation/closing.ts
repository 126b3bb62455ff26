// Quantities that no book explains and a person lets close: by the suspense book, and no more than that.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { OrderDesk } from '../execution/order-desk.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { type Difference, noticeOfDifference } from './difference.js';
import { closableAt, type Place, slotsAt } from './freeze.js';
import { SUSPENSE, type SuspenseAccount } from './suspense.js';

/** What closing works with. */
export interface ClosingParts {
  readonly execution: Execution;
  readonly desk: OrderDesk;
  readonly notify: (notice: EngineNotice) => void;
}

/** Closes what is frozen, and takes the hold off what is so no longer. */
export class Closing {
  readonly #parts: ClosingParts;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
  }

  /**
   * What was frozen is so no longer where nothing is left to decide on, whatever closed it: a decision, or a panic, also one that was taken back
   * while its orders could still fill. Of what a person let close: what could not be closed waits for another decision.
   */
  look(watch: BrokerWatch, at: EpochMs): void {
    for (const account of watch.accounts) {
      for (const index of account.explained.keys()) {
        const left = account.unexplainedOf(index);
        if (account.isSettled(index)) {
          this.settle({ watch, account, index }, at);
          continue;
        }
        if (!account.closing.has(index)) continue;
        const slot = account.slotOf(index);
        if (isWithdrawn(slot)) {
          if (slot.entries.length === 0) this.#notClosed(watch, { account, index, left, at });
          continue;
        }
        // Not begun while something was in its way.
        const isToBegin = Number.isNaN(slot.targetScaled) || this.#isInTheWay({ watch, account, index });
        const isAtWork = slot.entries.length > 0 || slot.pendingCount > 0 || slot.holds !== 0 || slot.isBlocked;
        const isUnderWay = isToBegin || isAtWork;
        if (isUnderWay) this.start({ watch, account, index });
        else this.#notClosed(watch, { account, index, left, at });
      }
    }
  }

  /** Nothing is left to decide on, though nobody has: who was told that it is frozen is told that it is so no longer. */
  settle(place: Place, at: EpochMs): void {
    const { watch, account, index } = place;
    const wasFrozen = slotsAt(place).some(({ holds }) => (holds & HOLD.frozen) !== 0);
    account.decided(index);
    this.stop(account, index);
    this.thaw(watch, account.account, index);
    if (!wasFrozen) return;
    const { symbol } = account.slotOf(index).instrument;
    this.#parts.notify({
      ...{ ts: at, level: 'info', code: 'SYMBOL_THAWED' },
      message: `${account.account}, ${symbol}: nothing is left to decide on; no longer frozen.`,
      details: { venue: watch.venue, account: account.account, symbol },
    });
  }

  /** The suspense book closes what nobody explains, no more than that, and no more than the broker has. */
  start(place: Place): void {
    if (this.#isInTheWay(place)) return;
    const slot = place.account.slotOf(place.index);
    const targetScaled = slot.heldScaled - closableAt(place, place.account.unexplainedOf(place.index));
    // Under way: what it waits for comes to the rule, which asks for nothing again that was just refused.
    const isUnderWay = slot.targetScaled === targetScaled && !slot.isWaiting && !slot.isExitHeld && !slot.awaitsAnswer;
    if (isUnderWay) return;
    slot.targetScaled = targetScaled;
    slot.isWaiting = false;
    slot.isExitHeld = false;
    slot.awaitsAnswer = false;
    this.#parts.execution.evaluate(slot);
  }

  /** A stop of a session that the journal does not have is being taken back: it could sell the same. */
  #isInTheWay(place: Place): boolean {
    return slotsAt(place).some(({ entries }) => entries.some(({ sequence }) => this.#parts.desk.isSkipped(sequence)));
  }

  /** Whatever the suspense book still closes is not to be closed any more. */
  stop(account: SuspenseAccount, index: number): void {
    const slot = account.slotOf(index);
    if (slot.isFlattening) return;
    slot.targetScaled = Number.NaN;
    for (const order of [...slot.entries]) this.#parts.desk.takeBack(order);
  }

  /**
   * A person decides otherwise while it is being closed: answers whether orders are at work for it, which are taken back first. Until they
   * are, they may fill, and what they sell would be given away or kept as well.
   */
  withdraw(account: SuspenseAccount, index: number): boolean {
    const slot = account.slotOf(index);
    if (slot.entries.length > 0) {
      this.stop(account, index);
      slot.wait();
    }
    return slot.entries.length > 0;
  }

  #notClosed(
    watch: BrokerWatch,
    { account, index, left, at }: { account: SuspenseAccount; index: number; left: number; at: EpochMs },
  ): void {
    const { state, instrument } = account.slotOf(index);
    const how = isWithdrawn(account.slotOf(index)) ? 'are not being closed any more' : 'could not be closed';
    account.closing.delete(index);
    this.stop(account, index);
    const isFrozen = slotsAt({ watch, account, index }).some(({ holds }) => (holds & HOLD.frozen) !== 0);
    // Nothing was held back for it: it stays to be decided as it was before.
    if (account.unheld.has(index) || (account.isExclusive && !isFrozen)) account.decided(index);
    account.told.set(index, { scaled: account.openOf(index), at });
    const difference: Difference = {
      ...{ cause: 'position', account: account.account, symbol: instrument.symbol, isOpen: true },
      evidence: `${state.units(left)} that no book explains ${how}`,
      action: `${isFrozen ? 'still frozen' : 'still to be decided'}: adopt, flatten or ignore ${instrument.symbol}`,
    };
    this.#parts.notify(noticeOfDifference(difference, watch.venue, at));
  }

  /** An instrument is frozen no longer. */
  thaw(watch: BrokerWatch, account: string, index: number): void {
    for (const slot of watch.slots) {
      if (slot.account !== account || slot.instrumentIndex !== index) continue;
      // A position of others can be closed while strategies trade the symbol: they go on as they are.
      if (slot.strategy !== SUSPENSE && (slot.holds & HOLD.frozen) === 0) continue;
      slot.holds &= ~HOLD.frozen;
      // What was refused as a part of the position is tried as the whole of it.
      slot.isProtectionRefused = false;
      if (!slot.isFlattening) slot.isExitHeld = true;
      this.#parts.execution.evaluate(slot);
    }
  }
}

/** Whether a person has taken back that it is closed. */
function isWithdrawn({ targetScaled, isWaiting }: TargetSlot): boolean {
  return Number.isNaN(targetScaled) && isWaiting;
}
