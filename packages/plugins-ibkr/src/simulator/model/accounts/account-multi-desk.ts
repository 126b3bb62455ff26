import { MINUTE_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import type { GatewayClient } from '../gateway-model.js';
import { repeat } from '../repeat.js';
import type { AccountBook } from './account-book.js';
import type { AccountValues } from './account-values.js';

type Request = Extract<ClientRequest, { readonly kind: 'requestAccountUpdatesMulti' }>;

interface Parts {
  readonly clock: Clock;
  readonly accounts: AccountBook;
  readonly values: AccountValues;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly request: Request;
  readonly told: Map<string, string>;
  readonly stop: () => void;
}

const EVERY_MS = 3 * MINUTE_MS;

/** Account values under a request id, for any number of accounts at a time. */
export class AccountMultiDesk {
  readonly #parts: Parts;
  readonly #subscriptions: Subscription[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  subscribe(client: GatewayClient, request: Request): void {
    const stop = repeat(this.#parts.clock, EVERY_MS, () => this.#tell(subscription));
    const subscription: Subscription = { client, request, told: new Map(), stop };
    this.#subscriptions.push(subscription);
    this.#tell(subscription);
    client.send({ kind: 'accountUpdateMultiEnd', requestId: request.requestId });
  }

  cancel(client: GatewayClient, requestId: number): void {
    this.#drop((item) => item.client === client && item.request.requestId === requestId);
  }

  disconnect(client: GatewayClient): void {
    this.#drop((item) => item.client === client);
  }

  /** A position of an account changed. */
  changed(account: string): void {
    for (const item of this.#subscriptions) if (concerns(item.request, account)) this.#tell(item);
  }

  #tell({ client, request, told }: Subscription): void {
    const { accounts, values } = this.#parts;
    const { requestId, model, ledgerAndNlv } = request;
    for (const account of accounts.ids.filter((id) => concerns(request, id))) {
      const netLiquidation = values.summary(account).filter(({ key }) => key === 'NetLiquidation');
      const rows = ledgerAndNlv ? [...netLiquidation, ...values.ledger(account)] : values.of(account);
      for (const { key, value, currency } of rows) {
        const name = `${account} ${key} ${currency}`;
        if (told.get(name) === value) continue;
        told.set(name, value);
        client.send({ kind: 'accountUpdateMulti', requestId, account, model, key, value, currency });
      }
    }
  }

  #drop(isGone: (item: Subscription) => boolean): void {
    for (const item of this.#subscriptions.filter(isGone)) {
      item.stop();
      this.#subscriptions.splice(this.#subscriptions.indexOf(item), 1);
    }
  }
}

function concerns({ account }: Request, of: string): boolean {
  return account === '' || account === 'All' || account === of;
}
