// The broker accounts of a live run, owned by this engine alone while it runs.
import type { EngineConfig } from '../../config/index.js';
import { thisHolder } from '../../operations/lease-holder.js';
import type { LeaseKey } from '../../operations/lease-table.js';
import { brokerVenues } from './broker-setup.js';

/** A lease that is not renewed any more has ended by then. */
const WAIT_MS = 35_000;

/** What {@link ownAccounts} needs besides the configuration. */
export interface OwnerFacts {
  readonly run: string;
  readonly onLost: (loss: Error) => void;
  /** Ends the waiting for a lease; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An account could not be locked on this machine: the lease is all there is. */
  readonly onUnlocked: (message: string) => void;
}

/** The accounts of a run, while it has them. */
export interface OwnedAccounts {
  /** Gives them back. */
  release(): Promise<void>;
}

/**
 * Takes the accounts that books trade on at brokers: exclusive ones on this machine, all of them in the database. Call it when the
 * journal lock of the data folder is held, and let nothing trade before. Errors: ACCOUNT_LEASED, STORE_….
 */
export async function ownAccounts(config: EngineConfig, facts: OwnerFacts): Promise<OwnedAccounts> {
  // The database is loaded only where accounts are owned.
  const { AccountLease } = await import('../../operations/account-lease.js');
  const { lockAccounts } = await import('../../operations/machine-lock.js');
  const { loadDriver } = await import('../../journal/journal-connection.js');
  const { run, onLost, env, onUnlocked, signal } = facts;
  const { database, engine } = config;
  const { name, dataDir } = engine;
  const holder = thisHolder({ engine: name, run, dataDir });
  const unlock = lockAccounts({
    ...{ accounts: accountsOf(config, true), holder: { ...holder, dataDir } },
    ...{ driver: await loadDriver(), env, onSkipped: onUnlocked },
  });
  try {
    const accounts = accountsOf(config);
    const lease = await AccountLease.take(
      { database, dataDir },
      {
        ...{ accounts, holder, onLost, signal, waitMs: WAIT_MS },
      },
    );
    return { release: () => lease.release().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** By contribution, not by the name a venue has in engine.yaml: two engines may call the same broker differently. */
function accountsOf(config: EngineConfig, areExclusive = false): readonly LeaseKey[] {
  return brokerVenues(config, 'live').flatMap(({ name, accounts }) =>
    accounts
      .filter(({ isExclusive }) => isExclusive || !areExclusive)
      .map(({ id }) => ({ venue: config.venues[name]?.use ?? name, account: id })),
  );
}
