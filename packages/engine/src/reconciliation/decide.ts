// What a person decides about a position that no book explains.
import type { Command, EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerWatch } from './broker-watch.js';
import { brokerAt, closableAt } from './freeze.js';
import { give } from './give.js';
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
  let given: EngineNotice['details'] = {};
  if (command.name === 'flatten') {
    const closed = closableAt(frozen, scaled);
    if (closed === 0) return notToClose(frozen);
    reconciler.reviewAll(at, frozen);
    flatten(reconciler, frozen, closed);
    what =
      closed === scaled ? 'is closed' : `is closed as far as the broker has it, by ${state.units(Math.abs(closed))}`;
  } else if (heir !== undefined) {
    const { strategy, book } = heir;
    given = { strategy, book, quantity: state.units(scaled), price: give(reconciler, frozen, { heir, scaled, at }) };
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
      ...given,
    },
  });
  return undefined;
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
  // Nor is it withdrawn any more, nor what a panic aimed at before, which would count as under way.
  const slot = account.slotOf(index);
  slot.isWaiting = false;
  if (slot.entries.length === 0) slot.targetScaled = Number.NaN;
  reconciler.closing.start({ watch, account, index });
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
