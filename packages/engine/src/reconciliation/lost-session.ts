// Orders of a session that the journal does not have, as after a restore: stops that protect what is held stay, so that nothing held is bare.
import type { VenueOpenOrder, VenueSnapshot } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { booksAt } from './freeze.js';

/**
 * What becomes of such an order. `keep`: it closes what its strategy holds, which has no other protection. `leave`: it closes what the broker
 * has and no strategy does, until a person has decided about that. `take-back`: nobody knows what it was for.
 */
export type LostOrderFate = 'keep' | 'leave' | 'take-back';

/** Judges one, after the executions of the same answer are booked. */
export function fateOfLost(
  open: VenueOpenOrder,
  slot: TargetSlot,
  { watch, snapshot }: { readonly watch: BrokerWatch; readonly snapshot: VenueSnapshot },
): LostOrderFate {
  // A limit may have been an entry, and beside a stop both could fill.
  if (open.orderType !== 'stop' && open.orderType !== 'trailing-stop') return 'take-back';
  if (closes(open, slot.heldScaled)) {
    const isBare = slot.protection.every(({ sequence }) => watch.missing.has(sequence));
    return isBare && Number.isFinite(open.stopPrice) ? 'keep' : 'take-back';
  }
  return closes(open, nobodysAt(open, slot, { watch, snapshot })) ? 'leave' : 'take-back';
}

/** Whether an order takes something off a quantity. */
function closes({ side }: VenueOpenOrder, signed: number): boolean {
  return side === 'sell' ? signed > 0 : signed < 0;
}

/** Scaled, signed: what the broker has there and no strategy does. */
function nobodysAt(
  { account: name, symbol }: VenueOpenOrder,
  { state, instrumentIndex: index }: TargetSlot,
  { watch, snapshot }: { readonly watch: BrokerWatch; readonly snapshot: VenueSnapshot },
): number {
  const account = watch.accountOf(name);
  if (account === undefined) return 0;
  const theirs = snapshot.positions.items.filter((position) => position.account === name && position.symbol === symbol);
  const broker = theirs.reduce((sum, { qty }) => sum + state.scaled(qty), 0);
  return broker - booksAt({ watch, account, index });
}
