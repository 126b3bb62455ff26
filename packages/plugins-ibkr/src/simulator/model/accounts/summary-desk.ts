import { MINUTE_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { repeat } from '../repeat.js';
import type { AccountBook } from './account-book.js';
import type { AccountRow, AccountValues } from './account-values.js';

interface Parts {
  readonly clock: Clock;
  readonly accounts: AccountBook;
  readonly values: AccountValues;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly tags: ReadonlySet<string>;
  readonly told: Map<string, string>;
  readonly stop: () => void;
}

const MOST_SUMMARIES = 2;
const EVERY_MS = 3 * MINUTE_MS;

/** Account summaries: two at a time, told in full at first and every three minutes what changed. */
export class SummaryDesk {
  readonly #parts: Parts;
  readonly #subscriptions: Subscription[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  subscribe(client: GatewayClient, requestId: number, tags: readonly string[]): void {
    if (this.#find(client, requestId) !== undefined) {
      return sendError(client, {
        id: requestId,
        code: 322,
        message: "Error processing request.-'bK' : cause - Duplicate ticker id",
      });
    }
    if (this.#subscriptions.length >= MOST_SUMMARIES) {
      const message = "Error processing request.-'bK' : cause - Maximum number of account summary requests exceeded";
      return sendError(client, { id: requestId, code: 322, message });
    }
    const subscription: Subscription = {
      client,
      requestId,
      tags: new Set(tags),
      told: new Map(),
      stop: repeat(this.#parts.clock, EVERY_MS, () => this.#tell(subscription)),
    };
    this.#subscriptions.push(subscription);
    this.#tell(subscription);
    client.send({ kind: 'accountSummaryEnd', requestId });
  }

  cancel(client: GatewayClient, requestId: number): void {
    const found = this.#find(client, requestId);
    if (found !== undefined) this.#drop(found);
  }

  disconnect(client: GatewayClient): void {
    for (const item of this.#subscriptions.filter((open) => open.client === client)) this.#drop(item);
  }

  #tell({ client, requestId, tags, told }: Subscription): void {
    for (const account of this.#parts.accounts.ids) {
      for (const { key, value, currency } of this.#rowsOf(account, tags)) {
        const name = `${account} ${key} ${currency}`;
        if (told.get(name) === value) continue;
        told.set(name, value);
        client.send({ kind: 'accountSummary', requestId, account, tag: key, value, currency });
      }
    }
  }

  /** `$LEDGER` is the base currency, `$LEDGER:EUR` one, `$LEDGER:ALL` all. */
  #rowsOf(account: string, tags: ReadonlySet<string>): readonly AccountRow[] {
    const { values } = this.#parts;
    const rows = values.summary(account).filter(({ key }) => tags.has(key));
    const wanted = [...tags].filter((tag) => tag.startsWith('$LEDGER')).map((tag) => tag.split(':')[1] ?? 'BASE');
    const isWanted = ({ currency }: AccountRow): boolean => wanted.includes('ALL') || wanted.includes(currency);
    return wanted.length === 0 ? rows : [...rows, ...values.ledger(account).filter(isWanted)];
  }

  #drop(item: Subscription): void {
    item.stop();
    this.#subscriptions.splice(this.#subscriptions.indexOf(item), 1);
  }

  #find(client: GatewayClient, requestId: number): Subscription | undefined {
    return this.#subscriptions.find((item) => item.client === client && item.requestId === requestId);
  }
}
