// Which accounts of a run are at brokers, and what the kernel has to know of those brokers.
import { type EngineConfig, SIMULATED } from '../../config/index.js';
import type { BrokerSetup } from '../../kernel/setup.js';
import type { PreparedEngine, RunMode } from '../../plugins/index.js';
import { brokerError } from './broker-errors.js';

/** An account of engine.yaml that trades at a broker. */
export interface BrokerAccount {
  /** As in engine.yaml. */
  readonly name: string;
  /** As the broker calls it. */
  readonly id: string;
  readonly isExclusive: boolean;
}

/** A venue of engine.yaml that is a broker, with the accounts that books trade on. */
export interface BrokerVenue {
  readonly name: string;
  readonly accounts: readonly BrokerAccount[];
}

/** The brokers of a run, in the order of `venues:`. Only live trades there; elsewhere their accounts are simulated. */
export function brokerVenues({ venues, accounts, books }: EngineConfig, mode: RunMode): readonly BrokerVenue[] {
  if (mode !== 'live') return [];
  const used = new Set(Object.values(books).map(({ account }) => account));
  return Object.entries(venues)
    .filter(([, { use }]) => use !== SIMULATED)
    .map(([name]) => ({ name, accounts: accountsOf(accounts, name).filter((account) => used.has(account.name)) }))
    .filter(({ accounts }) => accounts.length > 0);
}

function accountsOf(accounts: EngineConfig['accounts'], venue: string): readonly BrokerAccount[] {
  return Object.entries(accounts)
    .filter(([, account]) => account.venue === venue)
    .map(([name, { id, exclusive }]) => ({ name, id, isExclusive: exclusive }));
}

/** The brokers as the kernel is set up with them. Capabilities are those declared, so that a replay has the same. */
export function brokerSetups(prepared: PreparedEngine, mode: RunMode): readonly BrokerSetup[] {
  return brokerVenues(prepared.config, mode).map(({ name, accounts }) => ({
    venue: name,
    accounts: accounts.map((account) => ({ name: account.name, isExclusive: account.isExclusive })),
    isMarginSettled: prepared.venues.get(name)?.contribution.capabilities.marginSettled === true,
  }));
}

/** Whether every broker of the run can change an order in place. */
export function brokersReplace(prepared: PreparedEngine, mode: RunMode): boolean {
  return brokerVenues(prepared.config, mode).every(
    ({ name }) => prepared.venues.get(name)?.contribution.capabilities.replace === true,
  );
}

/** The brokers of a live run. Errors: BROKER_NONE. */
export function requireBrokers(config: EngineConfig): readonly BrokerVenue[] {
  const found = brokerVenues(config, 'live');
  if (found.length > 0) return found;
  throw brokerError(
    'BROKER_NONE',
    'books: every account that a book trades on is at a simulated venue, so no order would leave.',
  );
}

/** Names of the accounts at brokers. */
export function brokerAccounts(config: EngineConfig, mode: RunMode): ReadonlySet<string> {
  return new Set(brokerVenues(config, mode).flatMap(({ accounts }) => accounts.map(({ name }) => name)));
}
