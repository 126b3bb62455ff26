// The rows of account_leases: taken, renewed and given back, each in a transaction that no other writer can enter.
import type { EpochMs } from '@bookrunner/sdk';
import type { Transaction } from '../store/batch-writer.js';
import type { DatabaseSession } from '../store/database-session.js';
import type { LeaseHolder } from './lease-holder.js';

/** A broker account: what one engine owns at a time. */
export interface LeaseKey {
  /** Id of the venue's plugin contribution, such as `ibkr`. */
  readonly venue: string;
  /** The broker's own id of the account. */
  readonly account: string;
}

/** A row of the table. Instants are of the database's clock. */
export interface LeaseRow extends LeaseKey {
  readonly holder: LeaseHolder;
  /** Grows by one with each new holder of the account, and never falls. */
  readonly fence: number;
  readonly acquiredAt: EpochMs;
  readonly renewedAt: EpochMs;
  readonly expiresAt: EpochMs;
}

/** What a try to take leases came to. */
export type TakeOutcome =
  | { readonly kind: 'taken'; readonly fences: readonly number[] }
  /** The first account that somebody else holds. `now` is of the database's clock. */
  | { readonly kind: 'held'; readonly by: LeaseRow; readonly now: EpochMs };

const COLUMNS = ['venue', 'account', 'holder', 'fence', 'acquired_at', 'renewed_at', 'expires_at'] as const;

/** The table in one open database. */
export class LeaseTable {
  readonly #session: DatabaseSession;

  constructor(session: DatabaseSession) {
    this.#session = session;
  }

  /** Takes all accounts or none. Errors: STORE_…. */
  take(keys: readonly LeaseKey[], holder: LeaseHolder, ttlMs: number): Promise<TakeOutcome> {
    return this.#session.transaction(async (transaction) => {
      const now = await this.#now(transaction);
      const rows = await this.#rows(transaction, keys);
      const held = rows.find((row) => row !== undefined && row.expiresAt > now && !isSamePlace(row.holder, holder));
      if (held !== undefined) return { kind: 'held', by: held, now };
      const fences = rows.map((row) => (row?.fence ?? 0) + 1);
      for (const [index, { venue, account }] of keys.entries()) {
        const values = [venue, account, JSON.stringify(holder), fences[index] as number, now, now, now + ttlMs];
        await transaction.run(this.#upsert(transaction), values);
      }
      return { kind: 'taken', fences };
    });
  }

  /** Moves the expiry of all; false where one of them has another holder by now: then none is moved. Errors: STORE_…. */
  renew(keys: readonly LeaseKey[], fences: readonly number[], ttlMs: number): Promise<boolean> {
    return this.#changeOwn(keys, fences, (now) => [now, now + ttlMs]);
  }

  /** Ends all that are still ours. The rows stay, so that the counters never fall. Errors: STORE_…. */
  async release(keys: readonly LeaseKey[], fences: readonly number[]): Promise<void> {
    await this.#changeOwn(keys, fences, (now) => [now, now]);
  }

  /** The rows of accounts; undefined for one that nobody ever held. Errors: STORE_…. */
  read(keys: readonly LeaseKey[]): Promise<readonly (LeaseRow | undefined)[]> {
    return this.#session.transaction((transaction) => this.#rows(transaction, keys));
  }

  #changeOwn(
    keys: readonly LeaseKey[],
    fences: readonly number[],
    times: (now: EpochMs) => readonly [renewedAt: EpochMs, expiresAt: EpochMs],
  ): Promise<boolean> {
    return this.#session.transaction(async (transaction) => {
      const now = await this.#now(transaction);
      const rows = await this.#rows(transaction, keys);
      if (rows.some((row, index) => row?.fence !== fences[index])) return false;
      const mark = transaction.placeholder;
      for (const { venue, account } of keys) {
        await transaction.run(
          `UPDATE "account_leases" SET "renewed_at" = ${mark(1)}, "expires_at" = ${mark(2)} ` +
            `WHERE "venue" = ${mark(3)} AND "account" = ${mark(4)}`,
          [...times(now), venue, account],
        );
      }
      return true;
    });
  }

  /** Clocks of hosts differ: with Postgres its own counts for all. A SQLite file is on this machine, whose clock is the file's. */
  async #now(transaction: Transaction): Promise<EpochMs> {
    if (this.#session.dataSource.options.type !== 'postgres') return Date.now();
    const [row] = await transaction.run('SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS "now"', []);
    return Number(row?.['now']);
  }

  async #rows(transaction: Transaction, keys: readonly LeaseKey[]): Promise<readonly (LeaseRow | undefined)[]> {
    const mark = transaction.placeholder;
    const select =
      `SELECT ${COLUMNS.map((column) => `"${column}"`).join(', ')} FROM "account_leases" ` +
      `WHERE "venue" = ${mark(1)} AND "account" = ${mark(2)}`;
    const rows: (LeaseRow | undefined)[] = [];
    for (const { venue, account } of keys) {
      const [row] = await transaction.run(select, [venue, account]);
      rows.push(row === undefined ? undefined : leaseRow(row));
    }
    return rows;
  }

  #upsert({ placeholder }: Transaction): string {
    const changes = COLUMNS.slice(2).map((column) => `"${column}" = excluded."${column}"`);
    return (
      `INSERT INTO "account_leases" (${COLUMNS.map((column) => `"${column}"`).join(', ')}) ` +
      `VALUES (${COLUMNS.map((_, index) => placeholder(index + 1)).join(', ')}) ` +
      `ON CONFLICT ("venue", "account") DO UPDATE SET ${changes.join(', ')}`
    );
  }
}

/** Whoever holds the journal lock of a folder may take over what an engine of the same folder left behind. */
function isSamePlace(left: LeaseHolder, right: LeaseHolder): boolean {
  return left.place !== '' && left.place === right.place;
}

/** Postgres gives whole numbers of 64 bits as texts. */
function leaseRow(row: Readonly<Record<string, unknown>>): LeaseRow {
  return {
    venue: String(row['venue']),
    account: String(row['account']),
    holder: JSON.parse(String(row['holder'])) as LeaseHolder,
    fence: Number(row['fence']),
    acquiredAt: Number(row['acquired_at']),
    renewedAt: Number(row['renewed_at']),
    expiresAt: Number(row['expires_at']),
  };
}
