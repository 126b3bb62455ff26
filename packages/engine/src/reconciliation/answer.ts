// What a broker's answer shows as it is, before anything is compared.
import type { OrderRef, VenueOpenOrder, VenuePosition, VenueSnapshot } from '@bookrunner/sdk';
import type { OrderDesk } from '../execution/order-desk.js';
import { parseOrderId } from '../execution/order-id.js';
import type { BrokerWatch } from './broker-watch.js';

/** All four parts, each complete. */
export function isWhole({ positions, openOrders, executions, accounts }: VenueSnapshot): boolean {
  return positions.complete && openOrders.complete && executions.complete && accounts.complete;
}

/** Accounts of engine.yaml that a whole answer knows nothing of, and those it does show: empty where it shows them all, or none at all. */
export interface UnknownAccounts {
  readonly unknown: readonly string[];
  readonly shown: readonly string[];
}

/**
 * Accounts that the broker does not know: it states no balance of them, has nothing on them, and has others. Such an answer says nothing of
 * them, least of all that they are flat.
 */
export function unknownAccounts({ accounts }: BrokerWatch, snapshot: VenueSnapshot): UnknownAccounts {
  const { positions, openOrders, executions } = snapshot;
  const rows = [snapshot.accounts, positions, openOrders, executions].flatMap(
    ({ items }: { readonly items: readonly { readonly account?: string }[] }) => items,
  );
  const shown = [...new Set(rows.flatMap(({ account }) => account ?? []))].filter((name) => name !== '');
  if (shown.length === 0) return { unknown: [], shown };
  return { unknown: accounts.map(({ account }) => account).filter((name) => !shown.includes(name)), shown };
}

/** Executions as they happened. */
export function inOrder({ executions }: VenueSnapshot): VenueSnapshot['executions']['items'] {
  return executions.items.toSorted((a, b) => a.ts - b.ts);
}

/** Whether an open order is of this run, whether or not anything is known of it. */
function isOurs(watch: BrokerWatch, { account, clientOrderId }: VenueOpenOrder, runEpoch: string): boolean {
  return watch.accountOf(account) !== undefined && !Number.isNaN(parseOrderId(runEpoch, clientOrderId));
}

/** Whether it shows an open order of this run that nothing here watches: of a strategy that is no more. */
export function hasStray(
  watch: BrokerWatch,
  { openOrders }: VenueSnapshot,
  { desk, runEpoch }: { readonly desk: OrderDesk; readonly runEpoch: string },
): boolean {
  const isWatched = (sequence: number): boolean => desk.find(sequence) !== undefined || watch.left.has(sequence);
  return openOrders.items.some(
    (order) => isOurs(watch, order, runEpoch) && !isWatched(parseOrderId(runEpoch, order.clientOrderId)),
  );
}

/** Whether it shows nothing of ours; on an exclusive account, nothing at all. */
export function isFlat(watch: BrokerWatch, { positions, openOrders }: VenueSnapshot, runEpoch: string): boolean {
  const isOwnFlat = watch.slots.every((slot) => !slot.isOwn || (slot.isFlat && slot.protection.length === 0));
  const isShown = (name: string): boolean => watch.accountOf(name)?.isExclusive === true;
  return (
    isOwnFlat &&
    positions.items.every((position) => !isShown(position.account) || isRest(watch, position)) &&
    openOrders.items.every((order) => !isShown(order.account) && !isOurs(watch, order, runEpoch))
  );
}

/** Whether it is no more than what flat books have left, each less than a lot. */
function isRest({ slots }: BrokerWatch, { account, symbol, qty }: VenuePosition): boolean {
  const own = slots.filter((slot) => slot.account === account && slot.instrument.symbol === symbol);
  const held = own.reduce((sum, slot) => sum + slot.heldScaled, 0);
  return qty === 0 || own[0]?.state.scaled(qty) === held;
}

/** What others have open on exclusive accounts. */
export function foreignOrders(watch: BrokerWatch, { openOrders }: VenueSnapshot, desk: OrderDesk): readonly OrderRef[] {
  const own = new Set([...desk.live()].map(({ clientOrderId }) => clientOrderId));
  return openOrders.items
    .filter(({ clientOrderId, account }) => !own.has(clientOrderId) && watch.accountOf(account)?.isExclusive === true)
    .map(({ clientOrderId, symbol, venueOrderId }) => ({ clientOrderId, symbol, venueOrderId }));
}

/** Why a broker's answers do not prove that nothing is left. */
export function unprovenText({ venue, unknownAccounts: unknown }: BrokerWatch): string {
  if (unknown.length === 0) return `${venue} does not show that nothing is left; look at orders and positions there`;
  return `${venue} does not know account ${unknown.join(', ')}; correct its id in engine.yaml, and look at orders and positions there`;
}
