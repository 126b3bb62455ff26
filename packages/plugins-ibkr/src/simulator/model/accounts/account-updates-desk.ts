import { MINUTE_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { heldContract } from '../instruments/contract-details.js';
import { repeat } from '../repeat.js';
import { timeText } from '../wall-clock.js';
import type { AccountBook } from './account-book.js';
import { averageCostOf } from './account-ledger.js';
import type { AccountValuation, ValuedHolding } from './account-valuation.js';
import type { AccountRow, AccountValues } from './account-values.js';

interface Parts {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly accounts: AccountBook;
  readonly values: AccountValues;
  readonly valuation: AccountValuation;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly account: string;
  readonly told: Map<string, string>;
  readonly stop: () => void;
}

const EVERY_MS = 3 * MINUTE_MS;
const REPLACED = {
  id: -1,
  code: 2100,
  message: 'New account data requested from TWS. API client has been unsubscribed from account data.',
};

/** Account updates: of one account at a time, in full at first, then every three minutes and with each position. */
export class AccountUpdatesDesk {
  readonly #parts: Parts;
  #subscriptions: Subscription[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  subscribe(client: GatewayClient, named: string): void {
    const { accounts, clock } = this.#parts;
    const account = named === '' ? accounts.ids[0]! : named;
    if (!accounts.has(account)) {
      return sendError(client, {
        id: -1,
        code: 321,
        message: "Error validating request.-'b6' : cause - Invalid account code",
      });
    }
    const others = this.#subscriptions.filter((item) => item.client !== client && item.account !== account);
    if (others.length > 0) {
      const message = `Unable to subscribe to account as the following clients are subscribed to a different account. ${others.map((item) => item.client.clientId).join(', ')}`;
      return sendError(client, { id: -1, code: 2101, message });
    }
    const mine = this.#subscriptions.find((item) => item.client === client);
    if (mine !== undefined && mine.account !== account) sendError(client, REPLACED);
    this.cancel(client);
    const stop = repeat(clock, EVERY_MS, () => this.#tell(subscription));
    const subscription: Subscription = { client, account, told: new Map(), stop };
    this.#subscriptions.push(subscription);
    this.#tell(subscription);
    client.send({ kind: 'accountDownloadEnd', account });
  }

  cancel(client: GatewayClient): void {
    for (const item of this.#subscriptions) if (item.client === client) item.stop();
    this.#subscriptions = this.#subscriptions.filter((item) => item.client !== client);
  }

  /** A position changed: it is told at once, a zero too. */
  changed(account: string, conId: number): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.account === account) this.#tell(subscription, conId);
    }
  }

  /** What changed; a holding that is closed is told only when it just changed. */
  #tell(subscription: Subscription, changedConId = 0): void {
    const { values, valuation, clock, timeZone } = this.#parts;
    const { client, account, told } = subscription;
    for (const row of values.of(account)) if (isNew(told, row)) client.send({ kind: 'accountValue', ...row, account });
    for (const held of valuation.holdings(account)) {
      const { lots, instrument } = held.holding;
      if (lots !== 0 || instrument.conId === changedConId) client.send(portfolioValue(account, held));
    }
    client.send({ kind: 'accountUpdateTime', time: timeText(clock.nowUtc(), timeZone).slice(0, 5) });
  }
}

function isNew(told: Map<string, string>, { key, value, currency }: AccountRow): boolean {
  const name = `${key} ${currency}`;
  if (told.get(name) === value) return false;
  told.set(name, value);
  return true;
}

function portfolioValue(account: string, { holding, qty, price, value, unrealized, realized }: ValuedHolding) {
  return {
    kind: 'portfolioValue',
    contract: { ...heldContract(holding.instrument), exchange: '' },
    position: qty,
    marketPrice: price,
    marketValue: value,
    avgCost: averageCostOf(holding),
    unrealizedPnl: unrealized,
    realizedPnl: realized,
    account,
  } as const;
}
