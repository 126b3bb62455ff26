// One engine owns a broker account at a time: a lease in the database, renewed while the engine lives.
import { type EpochMs, isTradingError } from '@bookrunner/sdk';
import { DatabaseSession } from '../store/database-session.js';
import { databaseTarget, type StoreOptions } from '../store/open-store.js';
import { pause } from '../runtime/session/pause.js';
import { leaseError } from './lease-errors.js';
import type { LeaseHolder } from './lease-holder.js';
import { type LeaseKey, type LeaseRow, LeaseTable, type TakeOutcome } from './lease-table.js';

/** How often a lease is renewed, and how long it lasts without. */
export const LEASE_RENEW_MS = 5_000;
export const LEASE_TTL_MS = 30_000;

/** Options of {@link AccountLease.take}. */
export interface AccountLeaseOptions {
  /** The accounts to own: all or none. */
  readonly accounts: readonly LeaseKey[];
  readonly holder: LeaseHolder;
  /**
   * Called once, when the accounts may belong to somebody else: another engine has one, or the lease could not be renewed and is
   * about to end. Stop new risk at once; there is {@link LEASE_RENEW_MS} left until another engine may begin. Must not throw.
   */
  readonly onLost: (loss: Error) => void;
  /** How long to wait for a lease of somebody else; 0 unless given. One that is renewed meanwhile is not waited for. */
  readonly waitMs?: number;
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly ttlMs?: number;
  readonly renewMs?: number;
  /** Milliseconds that only move on. */
  readonly stopwatch?: () => number;
}

/** The lease of one engine on its accounts, from {@link AccountLease.take} until it is lost or released. */
export class AccountLease {
  /** Counters of the accounts, in their order: a higher one is a later owner. */
  readonly fences: readonly number[];
  readonly #options: AccountLeaseOptions;
  readonly #session: DatabaseSession;
  readonly #table: LeaseTable;
  readonly #ttlMs: number;
  readonly #renewMs: number;
  readonly #stopwatch: () => number;
  #timer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #isRenewing = false;
  #lastFault = '';
  #isOver = false;

  private constructor(
    options: AccountLeaseOptions,
    opened: { readonly session: DatabaseSession; readonly table: LeaseTable; readonly taken: Taken },
  ) {
    this.#options = options;
    this.#session = opened.session;
    this.#table = opened.table;
    this.fences = opened.taken.fences;
    this.#ttlMs = options.ttlMs ?? LEASE_TTL_MS;
    this.#renewMs = options.renewMs ?? LEASE_RENEW_MS;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
    this.#watch(opened.taken.since);
    this.#timer = setInterval(() => void this.renew(), this.#renewMs);
  }

  /**
   * Takes the accounts in the database of the store. Call it when the journal lock of the data folder is held: what an engine of
   * the same folder left behind is then taken over at once.
   * Errors: ACCOUNT_LEASED with who holds it; STORE_….
   */
  static async take(store: StoreOptions, options: AccountLeaseOptions): Promise<AccountLease> {
    const session = await DatabaseSession.open(databaseTarget(store));
    try {
      const table = new LeaseTable(session);
      return new AccountLease(options, { session, table, taken: await patientTake(table, options) });
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Whether the accounts are ours for certain. */
  get isHeld(): boolean {
    return !this.#isOver;
  }

  /** Renews now; a renewal under way is waited for. Never rejects: what fails is tried again until the lease is about to end. */
  renew(): Promise<void> {
    if (!this.#isRenewing && !this.#isOver) this.#renewing = this.#renewOnce();
    return this.#renewing;
  }

  /** Gives the accounts back. Safe to call twice, and after the lease was lost; a database that is gone is let go. */
  async release(): Promise<void> {
    const wasHeld = this.isHeld;
    this.#end();
    await this.#renewing;
    try {
      if (wasHeld) await this.#table.release(this.#options.accounts, this.fences);
    } catch (error) {
      // Then it expires.
      if (!isTradingError(error)) throw error;
    } finally {
      await this.#session.close();
    }
  }

  async #renewOnce(): Promise<void> {
    this.#isRenewing = true;
    // Counted from before the question: by the database's clock it ends later.
    const since = this.#stopwatch();
    try {
      const isOurs = await this.#table.renew(this.#options.accounts, this.fences, this.#ttlMs);
      if (this.#isOver) return;
      if (isOurs) this.#watch(since);
      else this.#lose(await this.#whoHas());
    } catch (error) {
      if (!isTradingError(error)) throw error;
      this.#lastFault = ` ${error.code}: ${error.message}`;
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Loses the lease one renewal before it ends, unless that is moved. */
  #watch(since: number): void {
    clearTimeout(this.#deadline);
    const left = since + this.#ttlMs - this.#renewMs - this.#stopwatch();
    const seconds = (this.#ttlMs - this.#renewMs) / 1000;
    this.#deadline = setTimeout(
      () => this.#lose(`It could not be renewed for ${seconds} s.${this.#lastFault}`),
      Math.max(0, left),
    );
  }

  async #whoHas(): Promise<string> {
    const rows = await this.#table.read(this.#options.accounts);
    const other = rows.find((row, index) => row?.fence !== this.fences[index]);
    return other === undefined ? 'Its row is gone from the database.' : `It belongs to ${holderText(other)} now.`;
  }

  #lose(why: string): void {
    if (this.#isOver) return;
    this.#end();
    const names = this.#options.accounts.map(accountText).join(', ');
    const message = `The lease on ${names} is lost. ${why}`;
    this.#options.onLost(leaseError('ACCOUNT_LEASE_LOST', message, { details: { accounts: this.#options.accounts } }));
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    clearTimeout(this.#deadline);
  }
}

interface Taken {
  readonly fences: readonly number[];
  /** Of the stopwatch, before the question. */
  readonly since: number;
}

async function patientTake(table: LeaseTable, options: AccountLeaseOptions): Promise<Taken> {
  const { accounts, holder, waitMs = 0, ttlMs = LEASE_TTL_MS, renewMs = LEASE_RENEW_MS, signal } = options;
  const stopwatch = options.stopwatch ?? (() => performance.now());
  const until = stopwatch() + waitMs;
  let known: LeaseRow | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const since = stopwatch();
    const outcome = await table.take(accounts, holder, ttlMs);
    if (outcome.kind === 'taken') return { fences: outcome.fences, since };
    const left = until - stopwatch();
    // One that is renewed meanwhile belongs to an engine that lives: waiting would not help.
    if (left <= 0 || isRenewed(outcome.by, known)) throw refused(outcome);
    known = outcome.by;
    await pause(Math.min(left, renewMs / 5), signal);
  }
}

function isRenewed(row: LeaseRow, known: LeaseRow | undefined): boolean {
  return row.venue === known?.venue && row.account === known.account && row.expiresAt > known.expiresAt;
}

function refused({ by, now }: Extract<TakeOutcome, { kind: 'held' }>): Error {
  const { venue, account, acquiredAt, expiresAt, fence, holder } = by;
  const left = Math.ceil((expiresAt - now) / 1000);
  return leaseError(
    'ACCOUNT_LEASED',
    `${accountText(by)} belongs to ${holderText(by)}; unless renewed its lease ends in ${left} s.`,
    { details: { venue, account, holder, fence, acquiredAt, expiresAt } },
  );
}

function accountText({ venue, account }: LeaseKey): string {
  return `account ${account} at ${venue}`;
}

function holderText({ holder, acquiredAt }: LeaseRow): string {
  const { engine, host, pid, run } = holder;
  return `engine '${engine}' (process ${pid} on ${host}, run ${run}) since ${isoText(acquiredAt)}`;
}

function isoText(at: EpochMs): string {
  return new Date(at).toISOString();
}
