// A broker's snapshot as the kernel takes it: accounts by the engine's names, and nothing damaged.
import type { Fill, SnapshotPart, VenueOpenOrder, VenuePosition, VenueSnapshot } from '@bookrunner/sdk';
import type { AccountNames } from './broker-accounts.js';
import { fillFault } from './broker-reports.js';

/** A snapshot and what was left out of it, one sentence each. */
export interface ReadSnapshot {
  readonly snapshot: VenueSnapshot;
  readonly faults: readonly string[];
}

/** Takes out of each part what no number can be made of; a part that lost something is not complete any more. Throws for no snapshot at all. */
export function readSnapshot(answer: VenueSnapshot, accounts: AccountNames): ReadSnapshot {
  const faults: string[] = [];
  const part = <Item>(
    name: keyof VenueSnapshot,
    read: { readonly fault: (item: Item) => string | undefined; readonly named: (item: Item) => Item },
  ): SnapshotPart<Item> => {
    const { asOf, complete, since, items } = answer[name] as unknown as SnapshotPart<Item>;
    const good = items.filter((item) => {
      const fault = read.fault(item);
      if (fault !== undefined) faults.push(`${name} has ${fault}`);
      return fault === undefined;
    });
    const isComplete = complete === true && good.length === items.length;
    return { asOf, complete: isComplete, since, items: good.map(read.named) };
  };
  const named = <Item extends { readonly account: string }>(item: Item): Item => ({
    ...item,
    account: accounts.nameOf(item.account),
  });
  const snapshot: VenueSnapshot = {
    positions: part('positions', { fault: positionFault, named }),
    openOrders: part('openOrders', { fault: orderFault, named }),
    executions: part<Fill>('executions', {
      fault: fillFault,
      named: (fill) => (fill.account === undefined ? fill : { ...fill, account: accounts.nameOf(fill.account) }),
    }),
    accounts: part('accounts', { fault: () => undefined, named }),
  };
  return { snapshot, faults };
}

function positionFault({ symbol, qty }: VenuePosition): string | undefined {
  return Number.isFinite(qty) ? undefined : `a position in ${symbol} of ${qty} units`;
}

function orderFault({ clientOrderId, side, qty, leavesQty }: VenueOpenOrder): string | undefined {
  const isWhole = Number.isFinite(qty) && Number.isFinite(leavesQty) && (side === 'buy' || side === 'sell');
  return isWhole ? undefined : `order '${clientOrderId}', ${String(side)} ${leavesQty} of ${qty} units`;
}
