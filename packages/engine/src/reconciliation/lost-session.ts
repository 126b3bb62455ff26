// Orders of a session that the journal does not have, as after a restore: stops that protect what is there stay, so that nothing is bare.
import type { VenueOpenOrder, VenueSnapshot } from '@bookrunner/sdk';
import { isPanicking } from '../execution/halt-level.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { booksAt, brokerAt, type Place } from './freeze.js';
import { doubtKey } from './suspense.js';

/**
 * What becomes of such an order. `keep`: it closes what its strategy holds, which has no other protection. `wait`: so it would, if a second
 * answer does not show that protection either. `leave`: it closes no more than the broker has and no strategy does, until a person has
 * decided about that. `take-back`: it could open a position.
 */
export type LostOrderFate = 'keep' | 'wait' | 'leave' | 'take-back';

/** One of them, and whose it was. */
export interface LostOrder {
  readonly sequence: number;
  readonly open: VenueOpenOrder;
  readonly slot: TargetSlot;
}

/** Judges those of one answer, or those left alone after something was told: what one of them closes, the next one cannot. */
export class LostOrderJudge {
  readonly #watch: BrokerWatch;
  readonly #lost: readonly LostOrder[];
  readonly #snapshot: VenueSnapshot | undefined;
  /** Scaled, signed: what the broker has there, no strategy does, and none of them closes; by account and instrument. */
  readonly #free = new Map<string, number>();

  /** Without an answer by what is known of its position, after the executions of it are booked. */
  constructor(watch: BrokerWatch, lost: readonly LostOrder[], snapshot?: VenueSnapshot) {
    this.#watch = watch;
    this.#lost = lost;
    this.#snapshot = snapshot;
  }

  fateOf({ open, slot }: LostOrder): LostOrderFate {
    // A limit may have been an entry, and beside a stop both could fill. Under a panic nothing of ours stays.
    if (!isStop(open) || slot.scopes.some(isPanicking)) return 'take-back';
    return this.#asProtection(open, slot) ?? (this.#fits(open, slot) ? 'leave' : 'take-back');
  }

  /** Whether one that was left alone still closes no more than is there, whatever was sent meanwhile. */
  mayStay({ open, slot }: LostOrder): boolean {
    if (slot.scopes.some(isPanicking)) return false;
    return isWithin(open, slot, slot.heldScaled) || this.#fits(open, slot);
  }

  /** Whether one of them would take the place of what protects a position, if that is gone. */
  hasHeir(slot: TargetSlot): boolean {
    return this.#lost.some((lost) => lost.slot === slot && canProtect(lost));
  }

  #asProtection(open: VenueOpenOrder, slot: TargetSlot): LostOrderFate | undefined {
    if (!canProtect({ open, slot }) || this.#bestFor(slot) !== open) return undefined;
    if (slot.protection.length === 0) return 'keep';
    const isMissing = slot.protection.every(({ sequence }) => this.#watch.missing.has(sequence));
    return isMissing && isWithin(open, slot, slot.heldScaled) ? 'wait' : undefined;
  }

  /** A stop may have been an entry as well: the one whose quantity is nearest to what is held, and of equal ones the one that fires first. */
  #bestFor(slot: TargetSlot): VenueOpenOrder | undefined {
    const excess = ({ leavesQty }: VenueOpenOrder): number =>
      Math.abs(slot.state.scaled(leavesQty) - Math.abs(slot.heldScaled));
    const candidates = this.#lost.filter((lost) => lost.slot === slot && canProtect(lost)).map(({ open }) => open);
    return candidates.toSorted(
      (a, b) => excess(a) - excess(b) || (b.stopPrice - a.stopPrice) * Math.sign(slot.heldScaled),
    )[0];
  }

  /** Takes its quantity of what nobody has, where there is as much. */
  #fits(open: VenueOpenOrder, slot: TargetSlot): boolean {
    const account = this.#watch.accountOf(open.account);
    if (account === undefined) return false;
    const key = doubtKey(account, slot.instrumentIndex);
    const free = this.#free.get(key) ?? this.#nobodysAt({ watch: this.#watch, account, index: slot.instrumentIndex });
    const isEnough = isWithin(open, slot, free);
    this.#free.set(key, isEnough ? free - Math.sign(free) * slot.state.scaled(open.leavesQty) : free);
    return isEnough;
  }

  /** Of what the broker has there, what no strategy has and nobody said is somebody else's; never more than the broker has. */
  #nobodysAt(place: Place): number {
    const broker = this.#brokerAt(place);
    const nobodys = broker - booksAt(place) - (place.account.ignored.get(place.index) ?? 0);
    if (nobodys > 0 !== broker > 0) return 0;
    return Math.sign(broker) * Math.min(Math.abs(nobodys), Math.abs(broker));
  }

  /** As the answer shows it, unless something was told since it was asked for. */
  #brokerAt(place: Place): number {
    const { watch, account, index } = place;
    if (this.#snapshot === undefined || watch.isBusy(index)) return brokerAt(place);
    const { state, instrument } = account.slotOf(index);
    return this.#snapshot.positions.items
      .filter((position) => position.account === account.account && position.symbol === instrument.symbol)
      .reduce((sum, { qty }) => sum + state.scaled(qty), 0);
  }
}

function isStop({ orderType }: VenueOpenOrder): boolean {
  return orderType === 'stop' || orderType === 'trailing-stop';
}

function canProtect({ open, slot }: Omit<LostOrder, 'sequence'>): boolean {
  return isStop(open) && closes(open, slot.heldScaled) && Number.isFinite(open.stopPrice);
}

/** Whether an order takes something off a quantity. */
function closes({ side }: VenueOpenOrder, signed: number): boolean {
  return side === 'sell' ? signed > 0 : signed < 0;
}

/** Whether it takes no more than that off a quantity. */
function isWithin(open: VenueOpenOrder, { state }: TargetSlot, signed: number): boolean {
  return closes(open, signed) && state.scaled(open.leavesQty) <= Math.abs(signed);
}
