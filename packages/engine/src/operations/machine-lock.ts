// One engine of a machine trades an exclusive account, whatever database it uses. The lock is the operating system's, like that of the
// journal: it ends with the process.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Connection, ConnectionDriver } from '../journal/journal-connection.js';
import { sqliteFault } from '../journal/sqlite-fault.js';
import { leaseError } from './lease-errors.js';
import type { LeaseHolder } from './lease-holder.js';
import type { LeaseKey } from './lease-table.js';

/** Environment variable: a folder that all engines of the machine see, or `off`. */
export const LOCKS_VARIABLE = 'BOOKRUNNER_ACCOUNT_LOCKS';

/** Options of {@link lockAccounts}. */
export interface MachineLockOptions {
  readonly accounts: readonly LeaseKey[];
  readonly holder: LeaseHolder & { readonly dataDir: string };
  readonly driver: ConnectionDriver;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A lock could not be made, for which nobody is to blame who trades: the run goes on without it. */
  readonly onSkipped: (message: string) => void;
}

/**
 * Locks accounts for this process; returns what gives them back. Users of a machine share the folder.
 * Errors: ACCOUNT_LEASED.
 */
export function lockAccounts(options: MachineLockOptions): () => void {
  const folder = lockFolder(options.env);
  const held: (() => void)[] = [];
  const release = (): void => {
    for (const giveBack of held.splice(0)) giveBack();
  };
  if (folder === undefined) return release;
  try {
    for (const account of options.accounts) held.push(lockOne(folder, account, options));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

function lockFolder(env: MachineLockOptions['env']): string | undefined {
  const told = env[LOCKS_VARIABLE] ?? '';
  if (told === 'off') return undefined;
  return told === '' ? join(tmpdir(), 'bookrunner-accounts') : resolve(told);
}

function lockOne(folder: string, account: LeaseKey, { holder, driver, onSkipped }: MachineLockOptions): () => void {
  const key = createHash('sha256')
    .update(JSON.stringify([account.venue, account.account]))
    .digest('hex');
  const path = join(folder, `${key.slice(0, 32)}.lock`);
  const facts = `${path}.json`;
  let connection: Connection | undefined;
  try {
    makeFolder(folder);
    connection = new driver(path, { timeout: 0 });
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE');
    share(path, 0o666);
    rmSync(facts, { force: true });
    writeFileSync(facts, JSON.stringify(holder), { mode: 0o644 });
  } catch (cause) {
    connection?.close();
    const fault = sqliteFault(cause, `The lock ${path} cannot be taken`);
    if (fault.code === 'JOURNAL_IN_USE') throw refused(account, facts, cause);
    onSkipped(
      `Account ${account.account} at ${account.venue} is not locked on this machine: ${fault.message} Another engine with another database ` +
        `could trade it as well. Name a folder that can be written in ${LOCKS_VARIABLE}, or \`off\`.`,
    );
    return () => {};
  }
  const lock = connection;
  return () => {
    rmSync(facts, { force: true });
    lock.close();
  };
}

/** Engines of other users find it, and nobody takes away what is another's: as in the folder for temporary files. */
function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) share(folder, 0o1777);
}

/** Of another user it is what that user made of it. */
function share(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function refused({ venue, account }: LeaseKey, facts: string, cause: unknown): Error {
  const holder = holderIn(facts);
  const who =
    holder === undefined
      ? 'another engine of this machine'
      : `engine '${holder.engine}' (process ${holder.pid} on this machine, run ${holder.run}, data folder ${holder.dataDir})`;
  return leaseError('ACCOUNT_LEASED', `account ${account} at ${venue} belongs to ${who}, as long as that runs.`, {
    cause,
    details: { venue, account, holder },
  });
}

function holderIn(facts: string): MachineLockOptions['holder'] | undefined {
  try {
    return JSON.parse(readFileSync(facts, 'utf8')) as MachineLockOptions['holder'];
  } catch {
    return undefined;
  }
}
