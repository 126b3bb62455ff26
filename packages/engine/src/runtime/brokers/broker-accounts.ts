import { brokerError } from './broker-errors.js';
import type { BrokerAccount, BrokerVenue } from './broker-setup.js';

/** Accounts of one venue by both their names: the engine's, and the broker's ids. */
export class AccountNames {
  readonly #names: ReadonlyMap<string, string>;
  readonly #ids: ReadonlyMap<string, string>;
  /** The engine's name of the account, where there is one only. */
  readonly only: string | undefined;

  constructor(accounts: readonly BrokerAccount[]) {
    this.#names = new Map(accounts.map(({ name, id }) => [id, name]));
    this.#ids = new Map(accounts.map(({ name, id }) => [name, id]));
    this.only = accounts.length === 1 ? accounts[0]?.name : undefined;
  }

  /** The engine's name; an id it has no name for stays as it is, but where the engine calls another account so. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? (this.#ids.has(id) ? `${id} (at the broker)` : id);
  }

  isKnown(id: string): boolean {
    return this.#names.has(id);
  }

  /** The broker's id. */
  idOf(name: string): string {
    return this.#ids.get(name) ?? name;
  }
}

/** Accounts of engine.yaml have to be those of the session, where it says which it has. Errors: BROKER_ACCOUNT_UNKNOWN, BROKER_ACCOUNTS_UNTOLD. */
export function requireAccounts({ name: venue, accounts }: BrokerVenue, known: readonly string[] | undefined): void {
  const unknown = accounts.filter(({ id }) => known !== undefined && !known.includes(id));
  if (unknown.length === 0) return;
  // One that is not there yet is not one that is not there.
  if (known?.length === 0) throw brokerError('BROKER_ACCOUNTS_UNTOLD', `Venue '${venue}' has no account yet.`);
  const places = unknown.map(({ name, id }) => `accounts.${name}.id: '${id}'`).join(', ');
  throw brokerError(
    'BROKER_ACCOUNT_UNKNOWN',
    `${places}: venue '${venue}' has no such account, but ${(known ?? []).map((id) => `'${id}'`).join(', ')}.`,
  );
}
