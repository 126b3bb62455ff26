import { SECOND_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import { UNSET_DOUBLE } from '../../wire/contract.js';
import type { ServerMessage } from '../../wire/messages.js';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { repeat } from '../repeat.js';
import type { AccountBook } from './account-book.js';
import type { AccountValuation } from './account-valuation.js';

interface Parts {
  readonly clock: Clock;
  readonly accounts: AccountBook;
  readonly valuation: AccountValuation;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly read: () => ServerMessage;
  readonly stop: () => void;
  told: string;
}

/** Profit and loss, once a second where it changed. The day's is what is realized and unrealized since the simulator started. */
export class PnlDesk {
  readonly #parts: Parts;
  readonly #subscriptions: Subscription[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  subscribe(client: GatewayClient, requestId: number, account: string): void {
    const { valuation } = this.#parts;
    this.#start(client, { requestId, account }, () => {
      const { unrealized, realized } = valuation.of(account);
      return { kind: 'pnl', requestId, daily: unrealized + realized, unrealized, realized };
    });
  }

  /** Of one contract; unset where nothing is held. */
  subscribeSingle(
    client: GatewayClient,
    requestId: number,
    of: { readonly account: string; readonly conId: number },
  ): void {
    this.#start(client, { requestId, account: of.account }, () => {
      const held = this.#parts.valuation
        .holdings(of.account)
        .find(({ holding }) => holding.instrument.conId === of.conId);
      const isHeld = held !== undefined && held.qty !== 0;
      const realized = held?.realized ?? 0;
      return {
        kind: 'pnlSingle',
        requestId,
        position: held?.qty ?? 0,
        daily: isHeld ? held.unrealized + realized : realized,
        unrealized: isHeld ? held.unrealized : UNSET_DOUBLE,
        realized: held === undefined ? UNSET_DOUBLE : realized,
        value: isHeld ? held.value : UNSET_DOUBLE,
      };
    });
  }

  cancel(client: GatewayClient, requestId: number): void {
    this.#drop((item) => item.client === client && item.requestId === requestId);
  }

  disconnect(client: GatewayClient): void {
    this.#drop((item) => item.client === client);
  }

  #start(
    client: GatewayClient,
    { requestId, account }: { readonly requestId: number; readonly account: string },
    read: () => ServerMessage,
  ): void {
    if (!this.#parts.accounts.has(account)) {
      return sendError(client, {
        id: requestId,
        code: 321,
        message: "Error validating request.-'cS' : cause - Invalid account code",
      });
    }
    const stop = repeat(this.#parts.clock, SECOND_MS, () => this.#tell(subscription));
    const subscription: Subscription = { client, requestId, read, stop, told: '' };
    this.#subscriptions.push(subscription);
    this.#tell(subscription);
  }

  #tell(subscription: Subscription): void {
    const message = subscription.read();
    const text = JSON.stringify(message);
    if (text === subscription.told) return;
    subscription.told = text;
    subscription.client.send(message);
  }

  #drop(isGone: (item: Subscription) => boolean): void {
    for (const item of this.#subscriptions.filter(isGone)) {
      item.stop();
      this.#subscriptions.splice(this.#subscriptions.indexOf(item), 1);
    }
  }
}
