// A panic where others traded: somebody who closed by hand, or whoever a shared account is shared with. No more is sold than is there.
import type { EpochMs } from '@bookrunner/sdk';
import { HOLD } from '../execution/hold.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { give } from './give.js';
import type { Place } from './freeze.js';
import type { Reconciler } from './reconciler.js';
import { doubtKey, SUSPENSE, type SuspenseAccount } from './suspense.js';

/** Longest that such a panic waits for its broker to say what is there; then it sells what the books have. */
const LONGEST_LOOK_MS = 5_000;

/** Slots that are to be closed on one account in one instrument, that in suspense among them where it is closed as well. */
interface Closing {
  readonly account: SuspenseAccount;
  readonly index: number;
  readonly slots: readonly TargetSlot[];
}

/** Holds slots on shared accounts back until their brokers have said what is there; the watches that have to be asked. */
export function holdToLook({ watches }: Reconciler, slots: readonly TargetSlot[], at: EpochMs): readonly BrokerWatch[] {
  return watches.filter((watch) => {
    const shared = slots.filter((slot) => slot.heldScaled !== 0 && isShared(watch, slot));
    for (const slot of shared) slot.holds |= HOLD.look;
    if (shared.length > 0 && Number.isNaN(watch.lookUntil)) watch.lookUntil = at + LONGEST_LOOK_MS;
    return shared.length > 0;
  });
}

/**
 * Before a panic flattens: what no book explains is set off against the positions it hides in, so that nobody sells what the broker
 * does not have. What is left of it is closed with the suspense book where that is closed as well, else it belongs to nobody.
 */
function settleFrozen(reconciler: Reconciler, slots: readonly TargetSlot[], at: EpochMs): void {
  for (const frozen of allFrozen(reconciler)) {
    const { account, index } = frozen;
    let left = account.unexplainedOf(index);
    for (const slot of slots) {
      const isConcerned = slot.account === account.account && slot.instrumentIndex === index;
      if (!isConcerned || slot === account.slotOf(index) || left === 0) continue;
      const held = slot.heldScaled;
      if (held === 0 || held > 0 === left > 0) continue;
      const part = Math.sign(left) * Math.min(Math.abs(left), Math.abs(held));
      bookTo(slot, { reconciler, account, index, scaled: part, at });
      left -= part;
    }
    if (left !== 0 && !slots.includes(account.slotOf(index))) continue;
    reconciler.closing.settle(frozen, at);
  }
}

/**
 * Before slots of a broker sell: what others sold of what the books have is set off against them, and what is in doubt is kept back until it
 * is known. Slots that wait for the broker go on where it has `answered`, but for symbols of which reports came meanwhile, or where the time for
 * that is `over`. `anew`: what is to be closed from now on.
 */
export function settlePanic(
  reconciler: Reconciler,
  watch: BrokerWatch,
  { at, look, anew = [] }: { at: EpochMs; look?: 'answered' | 'over'; anew?: readonly TargetSlot[] },
): void {
  const slots = watch.slots.filter((slot) => slot.isOwn && (slot.isFlattening || anew.includes(slot)));
  if (slots.length > 0) settleFrozen(reconciler, slots, at);
  for (const closing of closingsOf(watch, slots)) {
    setOffIgnored(reconciler, closing, { watch, at });
    setOff(reconciler, closing, { watch, at });
    keepBack(watch, closing);
  }
  if (look === undefined) return;
  for (const slot of watch.slots) {
    if ((slot.holds & HOLD.look) !== 0 && (look === 'over' || !watch.isBusy(slot.instrumentIndex)))
      slot.holds &= ~HOLD.look;
  }
  if (watch.slots.every((slot) => (slot.holds & HOLD.look) === 0)) watch.lookUntil = Number.NaN;
}

function isShared(watch: BrokerWatch, slot: TargetSlot): boolean {
  return watch.accountOf(slot.account)?.isExclusive === false;
}

function closingsOf(watch: BrokerWatch, slots: readonly TargetSlot[]): readonly Closing[] {
  return watch.accounts.flatMap((account) => {
    const own = slots.filter((slot) => slot.account === account.account);
    return [...new Set(own.map(({ instrumentIndex }) => instrumentIndex))].map((index) => ({
      ...{ account, index },
      slots: own.filter(({ instrumentIndex }) => instrumentIndex === index),
    }));
  });
}

/**
 * Of what belongs to somebody else and is closed as well, no order trades what stands against a strategy's position: it is booked to that, at
 * the market's price, so that what it made or lost stays where it was. Where no price is known an order closes it.
 */
function setOffIgnored(
  reconciler: Reconciler,
  closing: Closing,
  { watch, at }: { readonly watch: BrokerWatch; readonly at: EpochMs },
): void {
  const { account, index, slots } = closing;
  const suspense = account.slotOf(index);
  const ignored = account.ignored.get(index) ?? 0;
  const { price } = suspense.state;
  if (ignored === 0 || !(price > 0) || !slots.includes(suspense)) return;
  for (const [slot, part] of shares(watch, { ...closing, slots: strategiesOf(closing) }, ignored)) {
    const scaled = Math.sign(ignored) * part;
    account.ignore(index, -scaled);
    bookTo(slot, { reconciler, account, index, scaled, at, given: price });
    account.explain(index, -scaled);
  }
}

function strategiesOf({ slots }: Closing): readonly TargetSlot[] {
  return slots.filter(({ strategy }) => strategy !== SUSPENSE);
}

/** What others sold, and nobody said is theirs for good, is booked to whom it was sold of. */
function setOff(
  reconciler: Reconciler,
  closing: Closing,
  { watch, at }: { readonly watch: BrokerWatch; readonly at: EpochMs },
): void {
  const { account, index } = closing;
  const others = account.slotOf(index).heldScaled - (account.ignored.get(index) ?? 0);
  for (const [slot, part] of shares(watch, { ...closing, slots: strategiesOf(closing) }, others)) {
    const scaled = Math.sign(others) * part;
    bookTo(slot, { reconciler, account, index, scaled, at });
    account.explain(index, -scaled);
  }
}

/** A part of what others traded goes from suspense to a slot that a panic closes. */
function bookTo(
  slot: TargetSlot,
  {
    reconciler,
    account,
    index,
    ...terms
  }: Omit<Closing, 'slots'> & { reconciler: Reconciler; scaled: number; at: EpochMs; given?: number },
): void {
  const { scaled, at } = terms;
  const price = give(reconciler, { account, index }, { heir: slot, ...terms });
  const { state, instrument, strategy, book } = slot;
  const owner = { account: account.account, symbol: instrument.symbol, strategy, book };
  reconciler.parts.notify({
    ts: at,
    level: 'warning',
    code: 'PANIC_SET_OFF',
    message:
      `${state.units(Math.abs(scaled))} ${instrument.symbol} that others ${scaled < 0 ? 'sold' : 'bought'} on ${account.account} are booked to ` +
      `${strategy} in book ${book}: the panic trades no more than the account holds.`,
    details: { ...owner, quantity: state.units(scaled), price },
  });
}

/** What the broker's last answer does not show waits for the next one, in suspense as well. */
function keepBack(watch: BrokerWatch, closing: Closing): void {
  const { account, index, slots } = closing;
  for (const slot of slots) slot.keptScaled = 0;
  const residue = watch.doubts.get(doubtKey(account, index))?.residueScaled ?? 0;
  for (const [slot, part] of shares(watch, closing, residue)) slot.keptScaled = Math.sign(slot.heldScaled) * part;
}

/** What of a quantity on the other side each slot has to leave, unsigned, so that others' books are not sold short by it. */
function shares(
  watch: BrokerWatch,
  { account, index, slots }: Closing,
  others: number,
): readonly (readonly [TargetSlot, number])[] {
  const side = -Math.sign(others);
  const stays = watch.slots
    .filter((slot) => slot.account === account.account && slot.instrumentIndex === index && slot.isOwn)
    .filter((slot) => slot !== account.slotOf(index) && !slots.includes(slot))
    .reduce((sum, slot) => sum + slot.heldScaled * side, 0);
  let left = Math.max(0, Math.abs(others) - Math.max(0, stays));
  return slots.flatMap((slot) => {
    const part = Math.min(left, Math.max(0, slot.heldScaled * side));
    left -= part;
    return part > 0 ? [[slot, part] as const] : [];
  });
}

/** Everything that a person has to decide on. */
function allFrozen({ watches }: Reconciler): readonly Place[] {
  return watches.flatMap((watch) =>
    watch.accounts.flatMap((account) => [...account.explained.keys()].map((index) => ({ watch, account, index }))),
  );
}
