import { errorFactory } from '@bookrunner/sdk';
import type {
  AccountState,
  CancelOutcome,
  Clock,
  ErrorTable,
  Fill,
  Order,
  OrderRef,
  SnapshotPart,
  SubmitOutcome,
  Venue,
  VenueCapabilities,
  VenueReport,
  VenueSink,
  VenueSnapshot,
} from '@bookrunner/sdk';
import { z } from 'zod';
import type { Broker, BrokerEvent } from './broker.js';
import { refusalOf } from './order-checks.js';

/** Options in engine.yaml. */
export const myVenueOptions = z.strictObject({
  account: z.string().min(1).default('main').describe('Account at the broker.'),
});

/** What the venue can do; what is left out it refuses. */
export const MY_VENUE_CAPABILITIES: VenueCapabilities = Object.freeze({
  orderTypes: Object.freeze(['market', 'limit'] as const),
  timeInForce: Object.freeze(['GTC'] as const),
  shortSale: true,
  simulated: true,
});

const ERRORS = {
  MY_VENUE_NOT_OPEN: { severity: 'rejected', remedy: 'Open the venue first.' },
} as const satisfies ErrorTable;

const venueError = errorFactory<keyof typeof ERRORS>(ERRORS);

/** What the venue is made of. */
export interface MyVenueParts {
  readonly name: string;
  readonly account: string;
  readonly clock: Clock;
  readonly broker: Broker;
}

/** Orders to a broker, and its answers as reports. Orders fill whole; there are no fees. */
export class MyVenue implements Venue {
  readonly capabilities = MY_VENUE_CAPABILITIES;
  readonly #parts: MyVenueParts;
  /** Every order sent, final ones too: an id is never sent twice. */
  readonly #orders = new Map<string, Order>();
  readonly #working = new Set<string>();
  readonly #fills: Fill[] = [];
  #openedAt = Number.NaN;
  #sink: VenueSink | undefined;

  constructor(parts: MyVenueParts) {
    this.#parts = parts;
  }

  async open(sink: VenueSink): Promise<void> {
    const { broker, clock, name } = this.#parts;
    await broker.connect((event) => this.#onEvent(event));
    this.#sink = sink;
    this.#openedAt = clock.nowUtc();
    sink.status({ ts: this.#openedAt, venue: name, state: 'ready', reason: '', message: '' });
  }

  async close(): Promise<void> {
    this.#sink = undefined;
    await this.#parts.broker.disconnect();
  }

  async submit(group: readonly Order[]): Promise<SubmitOutcome> {
    if (this.#sink === undefined) return this.#notOpen();
    // All checks come before the first order leaves: a group is sent whole or not at all.
    const refusal = refusalOf(group, { capabilities: this.capabilities, sent: this.#orders });
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
    for (const order of group) this.#orders.set(order.clientOrderId, order);
    for (const { clientOrderId: id, symbol, side, qty, limitPrice } of group) {
      await this.#parts.broker.place({ id, symbol, side, qty, limitPrice });
    }
    return { kind: 'sent' };
  }

  async cancel({ clientOrderId }: OrderRef): Promise<CancelOutcome> {
    if (this.#sink === undefined) return this.#notOpen();
    if (!this.#orders.has(clientOrderId)) {
      return { kind: 'refused', reason: 'MY_VENUE_ORDER_UNKNOWN', message: `Order ${clientOrderId} was never sent.` };
    }
    await this.#parts.broker.cancel(clientOrderId);
    return { kind: 'sent' };
  }

  async snapshot(): Promise<VenueSnapshot> {
    if (this.#sink === undefined) throw venueError('MY_VENUE_NOT_OPEN', `Venue '${this.#parts.name}' is not open.`);
    const { account, clock } = this.#parts;
    const asOf = clock.nowUtc();
    const part = <T>(items: readonly T[]): SnapshotPart<T> => ({ asOf, complete: true, since: this.#openedAt, items });
    const working = Array.from(this.#working, (id) => this.#orders.get(id)!);
    return {
      positions: part(positionsOf(this.#fills, account)),
      openOrders: part(
        working.map(({ clientOrderId, symbol, tag, side, orderType, qty, limitPrice, stopPrice }) => ({
          ...{ clientOrderId, symbol, account, tag, side, orderType, qty, limitPrice, stopPrice },
          venueOrderId: clientOrderId,
          leavesQty: qty,
        })),
      ),
      executions: part([...this.#fills]),
      accounts: part([accountOf(account, asOf)]),
    };
  }

  #onEvent(event: BrokerEvent): void {
    const order = this.#orders.get(event.id);
    // An order of somebody else on the same account is the reconciliation's business, by snapshot.
    if (order === undefined) return;
    if (event.kind === 'accepted') this.#working.add(event.id);
    else if (event.kind !== 'cancel-rejected') this.#working.delete(event.id);
    this.#sink?.report(this.#reportOf(event, order));
  }

  #reportOf(event: BrokerEvent, order: Order): VenueReport {
    const ts = this.#parts.clock.nowUtc();
    const base = { ts, clientOrderId: order.clientOrderId, symbol: order.symbol };
    switch (event.kind) {
      case 'accepted':
        return { ...base, kind: 'accepted' };
      case 'rejected':
        return { ...base, kind: 'rejected', reason: 'MY_VENUE_REJECTED', message: event.why };
      case 'cancelled':
        return { ...base, kind: 'cancelled', reason: 'requested' };
      case 'cancel-rejected':
        return { ...base, kind: 'cancel-rejected', reason: 'MY_VENUE_NOT_WORKING' };
      case 'filled': {
        const { executionId, qty, price } = event;
        const { symbol, side, tag } = order;
        const cost = { fee: 0, feeCurrency: 'USD', liquidity: 'unknown' } as const;
        const fill: Fill = { orderId: order.clientOrderId, executionId, symbol, side, qty, price, ...cost, ts, tag };
        this.#fills.push(fill);
        return { ...base, kind: 'filled', fill, leavesQty: 0 };
      }
    }
  }

  #notOpen(): SubmitOutcome {
    return { kind: 'refused', reason: 'MY_VENUE_NOT_OPEN', message: `Venue '${this.#parts.name}' is not open.` };
  }
}

function positionsOf(fills: readonly Fill[], account: string): VenueSnapshot['positions']['items'] {
  const totals = new Map<string, number>();
  for (const { symbol, side, qty } of fills)
    totals.set(symbol, (totals.get(symbol) ?? 0) + (side === 'buy' ? qty : -qty));
  const held = [...totals].filter(([, qty]) => qty !== 0);
  // A broker tells the average price; this one does not.
  return held.map(([symbol, qty]) => ({ account, symbol, qty, avgPrice: Number.NaN }));
}

/** A broker tells these numbers; ask yours for them. */
function accountOf(account: string, ts: number): AccountState {
  return { ts, account, currency: 'USD', equity: 0, cash: 0, margin: 0, buyingPower: 0 };
}
