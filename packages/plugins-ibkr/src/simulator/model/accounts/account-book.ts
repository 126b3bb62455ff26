import type { Money } from '@bookrunner/sdk';
import { AccountLedger } from './account-ledger.js';
import type { Booking } from './account-ledger.js';
import { simulatorError } from '../../simulator-errors.js';

/** An account of the simulator. */
export interface SimulatorAccount {
  readonly id: string;
  /** USD where left out. */
  readonly baseCurrency?: string;
  /** Money per currency at the start; a million of the base currency where left out. */
  readonly cash?: Readonly<Record<string, number>>;
}

/** An execution as the accounts know it. */
export interface AccountBooking extends Booking {
  readonly account: string;
  readonly key: string;
}

/** All accounts: deposits and executions, and the ledgers that follow from them. */
export class AccountBook {
  readonly #accounts: readonly Required<SimulatorAccount>[];
  readonly #deposits: { readonly account: string; readonly amount: number; readonly currency: string }[] = [];
  readonly #bookings = new Map<string, AccountBooking>();
  #ledgers = new Map<string, AccountLedger>();
  #realized = new Map<string, Money | undefined>();

  constructor(accounts: readonly SimulatorAccount[]) {
    this.#accounts = accounts.map(({ id, baseCurrency = 'USD', cash = { [baseCurrency]: 1_000_000 } }) => ({
      id,
      baseCurrency,
      cash,
    }));
    for (const { id, cash } of this.#accounts) {
      for (const [currency, amount] of Object.entries(cash)) this.#deposits.push({ account: id, amount, currency });
    }
    this.#rebuild();
  }

  get ids(): readonly string[] {
    return this.#accounts.map(({ id }) => id);
  }

  has(account: string): boolean {
    return this.#ledgers.has(account);
  }

  /** Errors: SIMULATOR_UNKNOWN for an account that is not managed here. */
  ledger(account: string): AccountLedger {
    const ledger = this.#ledgers.get(account);
    if (ledger === undefined) throw unknownAccount(account, this.ids);
    return ledger;
  }

  get ledgers(): readonly AccountLedger[] {
    return [...this.#ledgers.values()];
  }

  deposit(account: string, amount: number, currency: string): void {
    this.ledger(account).deposit(amount, currency);
    this.#deposits.push({ account, amount, currency });
  }

  /** Books an execution; one with a known key takes the other's place. Returns what it realized. */
  book(booking: AccountBooking): Money | undefined {
    const isKnown = this.#bookings.has(booking.key);
    this.#bookings.set(booking.key, booking);
    if (isKnown) this.#rebuild();
    else this.#realized.set(booking.key, this.ledger(booking.account).book(booking));
    return this.#realized.get(booking.key);
  }

  /** Takes an execution back. */
  bust(key: string): void {
    if (this.#bookings.delete(key)) this.#rebuild();
  }

  /** What an execution realized as of now; undefined where it only opened. */
  realizedBy(key: string): Money | undefined {
    return this.#realized.get(key);
  }

  #rebuild(): void {
    this.#ledgers = new Map(this.#accounts.map(({ id, baseCurrency }) => [id, new AccountLedger(id, baseCurrency)]));
    this.#realized = new Map();
    for (const { account, amount, currency } of this.#deposits) this.ledger(account).deposit(amount, currency);
    for (const booking of this.#bookings.values()) {
      this.#realized.set(booking.key, this.ledger(booking.account).book(booking));
    }
  }
}

function unknownAccount(account: string, managed: readonly string[]): Error {
  return simulatorError(
    'SIMULATOR_UNKNOWN',
    `The simulator manages no account '${account}'; it manages ${managed.join(', ')}.`,
  );
}
