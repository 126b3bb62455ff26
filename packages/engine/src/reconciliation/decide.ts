// What a person decides about a position that no book explains.
import type { Command, EpochMs } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { moveSuspense } from './compare-balances.js';
import { brokerAt, closableAt, holdAt, takenAt } from './freeze.js';
import type { Reconciler } from './reconciler.js';
import type { SuspenseAccount } from './suspense.js';

/** An instrument on one account of which something is frozen, or stands in suspense. */
interface Frozen {
  readonly watch: BrokerWatch;
  readonly account: SuspenseAccount;
  readonly index: number;
  readonly scaled: number;
}

/** `adopt`, `flatten` and `ignore`. Answers why not; undefined where it is done. */
export function decideDifference(reconciler: Reconciler, command: Command, at: EpochMs): string | undefined {
  const frozen = findOpen(reconciler, command);
  if (typeof frozen === 'string') return frozen;
  const { watch, account, index, scaled } = frozen;
  const heir = command.name === 'adopt' ? heirOf(frozen, command) : undefined;
  if (typeof heir === 'string') return heir;
  if (command.name !== 'flatten' && reconciler.closing.withdraw(account, index)) return stillAtWork(frozen);
  const state = account.slotOf(index).state;
  const quantity = `${state.units(scaled)} ${state.instrument.symbol}`;
  let what = `stays in the suspense book`;
  if (command.name === 'flatten') {
    const closed = closableAt(frozen, scaled);
    if (closed === 0) return notToClose(frozen);
    reconciler.reviewAll(at, frozen);
    flatten(reconciler, frozen, closed);
    what =
      closed === scaled ? 'is closed' : `is closed as far as the broker has it, by ${state.units(Math.abs(closed))}`;
  } else if (heir !== undefined) {
    give(reconciler, frozen, { heir, scaled, at });
    what = `goes to ${heir.strategy} in book ${heir.book}`;
  }
  if (command.name === 'ignore') account.ignore(index, scaled);
  if (command.name !== 'flatten') {
    account.decided(index);
    reconciler.closing.stop(account, index);
    reconciler.closing.thaw(watch, account.account, index);
    reconciler.reviewAll(at);
  }
  reconciler.parts.notify({
    ts: at,
    level: 'info',
    code: 'DIFFERENCE_DECIDED',
    message: `${quantity} on ${account.account} that no book explains ${what}, by ${command.actor}.`,
    details: {
      account: account.account,
      symbol: state.instrument.symbol,
      decision: command.name,
      actor: command.actor,
    },
  });
  return undefined;
}

/** What a panic closes with. */
interface PanicParts {
  readonly execution: Execution;
  readonly reconciler: Reconciler | undefined;
}

/** Makes slots flat, for a panic that begins; what nobody explains is set off first. */
export function closeSlots({ execution, reconciler }: PanicParts, slots: readonly TargetSlot[], at: EpochMs): void {
  if (reconciler !== undefined) {
    execution.together(() => {
      settleBeforePanic(reconciler, slots, at);
      reconciler.reviewAll(at);
    });
  }
  reconciler?.lookFirst(slots, at);
  flattenAll({ execution, reconciler }, slots);
}

/** Makes flat what came to light since a panic began. */
export function closeLater({ execution, reconciler }: PanicParts, slots: readonly TargetSlot[]): void {
  for (const { watch, account, index } of reconciler === undefined ? [] : allFrozen(reconciler)) {
    if (!slots.includes(account.slotOf(index))) continue;
    account.decided(index);
    reconciler?.closing.thaw(watch, account.account, index);
  }
  flattenAll({ execution, reconciler }, slots);
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

/**
 * Before a panic flattens: what no book explains is set off against the positions it hides in, so that nobody sells what the broker
 * does not have. What is left of it is closed with the suspense book where that is closed as well, else it belongs to nobody.
 */
export function settleBeforePanic(reconciler: Reconciler, slots: readonly TargetSlot[], at: EpochMs): void {
  for (const frozen of allFrozen(reconciler)) {
    const { account, index, watch } = frozen;
    let left = frozen.scaled;
    for (const slot of slots) {
      const isConcerned = slot.account === account.account && slot.instrumentIndex === index;
      if (!isConcerned || slot === account.slotOf(index) || left === 0) continue;
      const held = slot.heldScaled;
      if (held === 0 || held > 0 === left > 0) continue;
      const part = Math.sign(left) * Math.min(Math.abs(left), Math.abs(held));
      give(reconciler, frozen, { heir: slot, scaled: part, at });
      left -= part;
    }
    if (left !== 0 && !slots.includes(account.slotOf(index))) continue;
    account.decided(index);
    reconciler.closing.thaw(watch, account.account, index);
  }
}

/** Why it cannot be decided yet: an order that closes it may still fill. */
function stillAtWork({ account, index }: Frozen): string {
  const { symbol } = account.slotOf(index).instrument;
  return `the order that closes ${symbol} on ${account.account} is being cancelled: say it again once it is, for what is left then.`;
}

/** Why there is nothing to close: an order would open a position, or make one larger. */
function notToClose(frozen: Frozen): string {
  const { account, index, scaled } = frozen;
  const { state, instrument } = account.slotOf(index);
  const side = scaled > 0 ? 'sell' : 'buy';
  return (
    `the broker has ${state.units(brokerAt(frozen))} ${instrument.symbol} on ${account.account}: to ${side} ${state.units(Math.abs(scaled))} ` +
    `would close nothing there. Adopt or ignore it.`
  );
}

/** The suspense book closes what a person has decided on, and no more; what cannot be closed of what is frozen stays so. */
function flatten(reconciler: Reconciler, { watch, account, index, scaled }: Frozen, closed: number): void {
  const isFrozen = account.isFrozen(index);
  account.ask(index, isFrozen ? scaled : closed);
  account.closing.add(index);
  if (!isFrozen) account.unheld.add(index);
  // Nor is it withdrawn any more.
  account.slotOf(index).isWaiting = false;
  reconciler.closing.start({ watch, account, index });
}

/** Moves a quantity from the suspense book to a slot, at the price it has there. */
export function give(
  { parts }: Reconciler,
  { account, index }: Pick<Frozen, 'account' | 'index'>,
  { heir, scaled, at }: { readonly heir: TargetSlot; readonly scaled: number; readonly at: EpochMs },
): void {
  const { state } = heir;
  const suspense = account.slotOf(index).position.holding;
  const price = [suspense.avgPrice, state.price].find((candidate) => Number.isFinite(candidate)) ?? 0;
  moveSuspense(parts.execution, account, { state, scaled: -scaled, price, at });
  parts.execution.bookOutside(heir, {
    at,
    side: scaled > 0 ? 'buy' : 'sell',
    qty: state.units(Math.abs(scaled)),
    price,
    fee: 0,
    feeCurrency: state.instrument.quote,
    liquidity: 'unknown',
    executionId: '',
  });
}

function heirOf({ watch, account, index }: Frozen, { args }: Command): TargetSlot | string {
  const candidates = watch.slots.filter(
    (slot) => slot.account === account.account && slot.instrumentIndex === index && slot !== account.slotOf(index),
  );
  const named = args['strategy'];
  const heirs = named === undefined ? candidates : candidates.filter(({ strategy }) => strategy === named);
  const [only] = heirs;
  if (only !== undefined && heirs.length === 1) return only;
  const { symbol } = account.slotOf(index).instrument;
  const names = candidates.map(({ strategy }) => strategy).join(', ');
  if (candidates.length === 0) return `no strategy trades ${symbol} on ${account.account}; flatten or ignore it.`;
  return named === undefined
    ? `several strategies trade ${symbol}: name one of ${names}.`
    : `${String(named)} does not trade ${symbol} on ${account.account}; ${names} do.`;
}

function findOpen(reconciler: Reconciler, { args }: Command): Frozen | string {
  const symbol = String(args['symbol']);
  const found = allOpen(reconciler).filter(
    ({ account, index }) =>
      account.slotOf(index).instrument.symbol === symbol &&
      (args['account'] === undefined || args['account'] === account.account),
  );
  // What a panic closes is sold once: nobody else gets it, and it is nobody's to be kept.
  const open = found.filter(({ account, index }) => !account.slotOf(index).isFlattening);
  const [only] = open;
  if (only !== undefined && open.length === 1) return only;
  if (found.length === 0) return `nothing in ${symbol} is frozen or in suspense.`;
  if (open.length === 0) return `a panic closes what is in suspense of ${symbol}: resume first to decide otherwise.`;
  return `${symbol} is in suspense on several accounts: name one of ${open.map(({ account }) => account.account).join(', ')}.`;
}

/** All that a person can decide on, whether or not it is frozen. */
function allOpen({ watches }: Reconciler): readonly Frozen[] {
  return watches.flatMap((watch) =>
    watch.accounts.flatMap((account) =>
      account.slots.flatMap((_, index) => {
        const scaled = account.openOf(index);
        return scaled === 0 && !account.explained.has(index) ? [] : [{ watch, account, index, scaled }];
      }),
    ),
  );
}

function allFrozen({ watches }: Reconciler): readonly Frozen[] {
  return watches.flatMap((watch) =>
    watch.accounts.flatMap((account) =>
      [...account.unexplained].map(([index, scaled]) => ({ watch, account, index, scaled })),
    ),
  );
}
