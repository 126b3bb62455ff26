import { heldContract } from '../instruments/contract-details.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { GatewayClient } from '../gateway-model.js';
import type { AccountBook } from './account-book.js';
import { averageCostOf, quantityOf } from './account-ledger.js';
import type { Holding } from './account-ledger.js';

interface MultiSubscription {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly account: string;
  readonly model: string;
}

/** Positions: a snapshot of all accounts, then every change, down to zero. */
export class PositionDesk {
  readonly #accounts: AccountBook;
  readonly #subscribers = new Set<GatewayClient>();
  readonly #multi: MultiSubscription[] = [];

  constructor(accounts: AccountBook) {
    this.#accounts = accounts;
  }

  subscribe(client: GatewayClient): void {
    this.#subscribers.add(client);
    for (const { account, holdings } of this.#accounts.ledgers) {
      for (const holding of holdings) if (holding.lots !== 0) tell(client, account, holding);
    }
    client.send({ kind: 'positionEnd' });
  }

  cancel(client: GatewayClient): void {
    this.#subscribers.delete(client);
  }

  subscribeMulti(client: GatewayClient, wanted: Omit<MultiSubscription, 'client'>): void {
    const subscription = { client, ...wanted };
    this.#multi.push(subscription);
    for (const { account, holdings } of this.#accounts.ledgers) {
      if (!concerns(subscription, account)) continue;
      for (const holding of holdings) if (holding.lots !== 0) tellMulti(subscription, account, holding);
    }
    client.send({ kind: 'positionMultiEnd', requestId: wanted.requestId });
  }

  cancelMulti(client: GatewayClient, requestId: number): void {
    this.#drop((subscription) => subscription.client === client && subscription.requestId === requestId);
  }

  disconnect(client: GatewayClient): void {
    this.cancel(client);
    this.#drop((subscription) => subscription.client === client);
  }

  /** A position changed: a zero is told too. */
  changed(account: string, instrument: InstrumentDefinition): void {
    const holding = this.#accounts.ledger(account).holding(instrument);
    for (const client of this.#subscribers) tell(client, account, holding);
    for (const subscription of this.#multi)
      if (concerns(subscription, account)) tellMulti(subscription, account, holding);
  }

  #drop(isGone: (subscription: MultiSubscription) => boolean): void {
    for (let i = this.#multi.length - 1; i >= 0; i -= 1) if (isGone(this.#multi[i]!)) this.#multi.splice(i, 1);
  }
}

function concerns({ account }: MultiSubscription, of: string): boolean {
  return account === '' || account === 'All' || account === of;
}

function tell(client: GatewayClient, account: string, holding: Holding): void {
  const [position, avgCost] = [quantityOf(holding), averageCostOf(holding)];
  client.send({ kind: 'position', account, contract: heldContract(holding.instrument), position, avgCost });
}

function tellMulti({ client, requestId, model }: MultiSubscription, account: string, holding: Holding): void {
  client.send({
    kind: 'positionMulti',
    requestId,
    account,
    contract: heldContract(holding.instrument),
    position: quantityOf(holding),
    avgCost: averageCostOf(holding),
    model,
  });
}
