// A symbol of an account on which a person has to decide: what is held back, and what may go on protecting it.
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import { isEntry, type OrderDesk } from '../execution/order-desk.js';
import type { OrderRecord } from '../execution/order-record.js';
import { isClosing } from '../execution/protection.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { doubtKey, type SuspenseAccount } from './suspense.js';

/** One symbol of one account at a broker. */
export interface Place {
  readonly watch: BrokerWatch;
  readonly account: SuspenseAccount;
  /** Of the instrument. */
  readonly index: number;
}

/** How working protection is made smaller, and what was given up sent anew. */
export interface ProtectionParts {
  readonly execution: Execution;
  readonly desk: OrderDesk;
  readonly venueReplaces: boolean;
}

/** Slots of strategies there. */
export function slotsAt({ watch, account, index }: Place): readonly TargetSlot[] {
  const suspense = account.slotOf(index);
  return watch.slots.filter(
    (slot) => slot.account === account.account && slot.instrumentIndex === index && slot !== suspense,
  );
}

/** Scaled quantity of all books there. */
export function booksAt(place: Place): number {
  return slotsAt(place).reduce((sum, slot) => sum + slot.heldScaled, 0);
}

/** Scaled quantity that the broker has there, by its last complete answer and what was told since. */
export function brokerAt(place: Place): number {
  const { watch, account, index } = place;
  const doubted = watch.doubts.get(doubtKey(account, index))?.residueScaled ?? 0;
  return booksAt(place) + account.slotOf(index).heldScaled + doubted;
}

/** Of a quantity, what an order can close: none that would open a position at the broker, or make one larger. Scaled, signed. */
export function closableAt(place: Place, scaled: number): number {
  const broker = brokerAt(place);
  if (scaled === 0 || broker === 0 || scaled > 0 !== broker > 0) return 0;
  return Math.sign(scaled) * Math.min(Math.abs(scaled), Math.abs(broker));
}

/** Scaled quantity, signed, that others took off the books' position and nobody said is theirs; on an exclusive account only. */
export function takenAt(place: Place): number {
  const { account, index } = place;
  const books = booksAt(place);
  const others = account.slotOf(index).heldScaled - (account.ignored.get(index) ?? 0);
  if (!account.isExclusive || books === 0 || others === 0 || books > 0 === others > 0) return 0;
  return Math.sign(others) * Math.min(Math.abs(others), Math.abs(books));
}

/** Holds back what strategies would send. */
export function holdAt(place: Place, hold: number): void {
  for (const slot of slotsAt(place)) slot.holds |= hold;
}

/** Takes back what would add to a position there. */
export function cancelEntriesAt(place: Place, desk: OrderDesk): void {
  for (const slot of slotsAt(place)) for (const order of slot.entries.filter(isEntry)) desk.takeBack(order);
}

/**
 * Protection and exits of frozen positions cover what the broker has and no more: a stop that fires for what somebody else closed would open a
 * position. What is bare, as after a panic or a stop that was taken back, is protected so far as well. To be called with every report and
 * answer, since an order can be changed only when it is known to work. What is away is told nothing: its first answer brings this about.
 */
export function limitProtectionAt(watch: BrokerWatch, parts: ProtectionParts): void {
  if (watch.state === 'away') return;
  for (const account of watch.accounts) {
    for (const index of account.explained.keys()) limitProtection({ watch, account, index }, parts);
  }
}

/** Protection of one frozen symbol. */
function limitProtection(place: Place, parts: ProtectionParts): void {
  const open = place.account.openOf(place.index);
  let gone = Math.abs(open);
  for (const slot of slotsAt(place)) {
    const { heldScaled: held } = slot;
    if ((slot.holds & HOLD.frozen) === 0) continue;
    const isWhole = held > 0 === open > 0;
    const part = isWhole ? 0 : Math.min(gone, Math.abs(held));
    gone -= part;
    limitSlot(slot, Math.abs(held) - part, parts);
  }
}

/** What may close a frozen position sells no more together than its broker has of it; exits first, and protection what they leave. */
function limitSlot(slot: TargetSlot, most: number, parts: ProtectionParts): void {
  let room = most;
  for (const order of slot.entries.filter((entry) => !isEntry(entry))) {
    const left = order.qtyScaled - order.filledScaled;
    // What is left then is protected once it is gone. What a panic sells is set off by the panic, which would send the same again.
    const isTooMuch = left > room || !isClosing(slot, order);
    if (isTooMuch && !order.isTakenBack && !slot.isFlattening) parts.desk.takeBack(order);
    // Until its cancel is answered it may fill.
    room = Math.max(0, room - left);
  }
  for (const order of [...slot.protection]) {
    limit(order, slot, { most: isClosing(slot, order) ? room : 0, ...parts });
  }
  parts.execution.coverFrozen(slot, room);
}

function limit(
  order: OrderRecord,
  slot: TargetSlot,
  { most, desk, venueReplaces }: ProtectionParts & { readonly most: number },
): void {
  if (order.status !== 'working') return;
  const left = order.qtyScaled - order.filledScaled;
  // Less than that is right while an entry is being taken back.
  if (slot.state.isAsMuch(left, most) || (left < most && slot.entries.length > 0)) return;
  const qtyScaled = slot.state.tradableScaled(most + order.filledScaled);
  const isReplaced = qtyScaled > order.filledScaled && venueReplaces && !slot.isReplaceRefused;
  if (isReplaced) desk.replace(order, { qty: slot.state.units(qtyScaled) });
  // In an outage nothing may come after it: what covers too little stays.
  else if (left > most || !slot.isVenueOut) desk.cancel(order);
}
