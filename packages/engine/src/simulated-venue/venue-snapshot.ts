import type { AccountState, EpochMs, VenueOpenOrder, VenuePosition, VenueSnapshot } from '@bookrunner/sdk';
import type { ExecutionLog } from './execution-log.js';
import type { AccountValuation } from './margin.js';
import type { VenueAccounts } from './venue-accounts.js';
import type { WorkingOrders } from './working-orders.js';

/** The parts of a venue that a snapshot reads. */
export interface SnapshotParts {
  readonly orders: WorkingOrders;
  readonly accounts: VenueAccounts;
  readonly valuation: AccountValuation;
  readonly log: ExecutionLog;
}

/** All the venue knows at an instant. Accounts are incomplete where a price or an exchange rate is not known. */
export function takeSnapshot(parts: SnapshotParts, asOf: EpochMs): VenueSnapshot {
  const accounts = parts.accounts.list.map((account): AccountState => {
    const equity = parts.valuation.equity(account);
    const margin = parts.valuation.worstCaseMargin(account);
    return {
      ts: asOf,
      account: account.name,
      currency: account.currency,
      equity,
      cash: parts.valuation.cash(account),
      margin,
      buyingPower: equity - margin,
    };
  });
  const isComplete = accounts.every(({ equity, cash, margin }) => Number.isFinite(equity + cash + margin));
  return {
    positions: { asOf, complete: true, since: asOf, items: positionsOf(parts) },
    openOrders: { asOf, complete: true, since: asOf, items: openOrdersOf(parts) },
    executions: { asOf, complete: true, since: Math.max(0, parts.log.droppedTs + 1), items: parts.log.list() },
    accounts: { asOf, complete: isComplete, since: asOf, items: accounts },
  };
}

function positionsOf({ accounts, orders }: SnapshotParts): VenuePosition[] {
  return accounts.list.flatMap((account) =>
    orders.slots.flatMap((slot) => {
      const position = account.positions[slot.index]!;
      if (position === 0) return [];
      return [
        {
          account: account.name,
          symbol: slot.instrument.symbol,
          qty: position / slot.quantityPower,
          avgPrice: account.averagePrice(slot),
        },
      ];
    }),
  );
}

function openOrdersOf({ orders }: SnapshotParts): VenueOpenOrder[] {
  return orders.slots.flatMap((slot) =>
    slot.resting.map((resting) => ({
      clientOrderId: resting.order.clientOrderId,
      symbol: slot.instrument.symbol,
      account: resting.account.name,
      venueOrderId: resting.order.clientOrderId,
      tag: resting.order.tag,
      side: resting.order.side,
      orderType: resting.order.orderType,
      qty: resting.qty / slot.quantityPower,
      leavesQty: (resting.qty - resting.filled) / slot.quantityPower,
      limitPrice: resting.limitPrice,
      stopPrice: resting.stopPrice,
    })),
  );
}
