// The broker accounts of a live run, owned by this engine alone while it runs.
import type { EngineConfig } from '../config/index.js';
import type { AccountLease } from '../operations/account-lease.js';
import { thisHolder } from '../operations/lease-holder.js';
import type { LeaseKey } from '../operations/lease-table.js';
import { brokerVenues } from './broker-setup.js';

/** A lease that is not renewed any more has ended by then. */
const WAIT_MS = 35_000;

/** What {@link ownAccounts} needs besides the configuration. */
export interface OwnerFacts {
  readonly run: string;
  readonly onLost: (loss: Error) => void;
}

/**
 * Takes the accounts that books trade on at brokers. Call it when the journal lock of the data folder is held, and let nothing trade
 * before. Errors: ACCOUNT_LEASED, STORE_….
 */
export async function ownAccounts(config: EngineConfig, { run, onLost }: OwnerFacts): Promise<AccountLease> {
  // The database is loaded only where accounts are leased.
  const { AccountLease: Lease } = await import('../operations/account-lease.js');
  const { database, engine } = config;
  const { name, dataDir } = engine;
  return Lease.take(
    { database, dataDir },
    { accounts: accountsOf(config), holder: thisHolder({ engine: name, run, dataDir }), onLost, waitMs: WAIT_MS },
  );
}

/** By contribution, not by the name a venue has in engine.yaml: two engines may call the same broker differently. */
function accountsOf(config: EngineConfig): readonly LeaseKey[] {
  return brokerVenues(config, 'live').flatMap(({ name, accounts }) =>
    accounts.map(({ id }) => ({ venue: config.venues[name]?.use ?? name, account: id })),
  );
}
