import type { EpochMs, Order, VenueOpenOrder, VenuePosition } from '@bookrunner/sdk';
import type { Execution } from './ledger.js';
import type { BrokerOrderStatus, WorkingOrder } from './working-order.js';

/** An order the broker ever received: its terms, what became of it, and how often it came. */
export interface KnownOrder {
  readonly order: Order;
  readonly venueOrderId: string;
  readonly status: BrokerOrderStatus;
  readonly qty: number;
  readonly filledQty: number;
  readonly timesReceived: number;
}

/** Everything, as it really is at the broker. */
export interface BrokerTruth {
  readonly ts: EpochMs;
  readonly orders: readonly KnownOrder[];
  /** Orders given at the broker by hand, without an id of ours. */
  readonly externalOrders: readonly KnownOrder[];
  /** Ids that came more than once. */
  readonly duplicates: readonly string[];
  readonly openOrders: readonly VenueOpenOrder[];
  /** All that ever were, busted ones marked. */
  readonly executions: readonly Execution[];
  readonly positions: readonly VenuePosition[];
  /** In the currency of each account. */
  readonly cash: Readonly<Record<string, number>>;
  /** In all its currencies. */
  readonly balances: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Entry {
  readonly order: Order;
  working?: WorkingOrder;
  timesReceived: number;
}

/** Every order that ever reached the broker. */
export class OrderRegister {
  readonly #entries = new Map<string, Entry>();
  readonly #external: WorkingOrder[] = [];

  has(clientOrderId: string): boolean {
    return this.#entries.has(clientOrderId);
  }

  /** Counts an arrival; the terms of the first one stay. */
  receive(order: Order): void {
    const entry = this.#entries.get(order.clientOrderId);
    if (entry === undefined) this.#entries.set(order.clientOrderId, { order, timesReceived: 1 });
    else entry.timesReceived += 1;
  }

  take(orders: readonly WorkingOrder[]): void {
    for (const working of orders) (this.#entries.get(working.order.clientOrderId) as Entry).working = working;
  }

  takeExternal(working: WorkingOrder): void {
    this.#external.push(working);
  }

  /** Units that were left of the order after one of its executions. */
  leavesAfter(execution: Execution, all: readonly Execution[]): number {
    const last = all.indexOf(execution);
    const later = all.filter((other, i) => i > last && sameOrder(other, execution));
    const working =
      this.#entries.get(execution.orderId)?.working ??
      this.#external.find((order) => order.venueOrderId === execution.venueOrderId);
    return later.reduce((sum, { qty }) => sum + qty, working?.leavesQty ?? 0);
  }

  truth(): Pick<BrokerTruth, 'orders' | 'externalOrders' | 'duplicates'> {
    const entries = [...this.#entries.values()];
    const duplicates = entries.filter((entry) => entry.timesReceived > 1).map((entry) => entry.order.clientOrderId);
    return {
      orders: entries.map(knownOf),
      externalOrders: this.#external.map((working) => knownOf({ order: working.order, working, timesReceived: 1 })),
      duplicates,
    };
  }
}

function knownOf({ order, working, timesReceived }: Entry): KnownOrder {
  const { venueOrderId = '', status = 'rejected', qty = order.qty, filledQty = 0 } = working ?? {};
  return { order, venueOrderId, status, qty, filledQty, timesReceived };
}

/** The broker's ids alone do not tell: they may have been rolled back. */
function sameOrder(one: Execution, other: Execution): boolean {
  return one.venueOrderId === other.venueOrderId && one.orderId === other.orderId;
}
