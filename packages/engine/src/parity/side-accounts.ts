// Accounts of a comparison: brokers number executions each on their own, so that an id says nothing without its account.
import { runConfigOf } from '../journal/fold-setup.js';
import type { RunFacts } from '../journal/segment-header.js';
import { suspenseBook } from '../reconciliation/suspense.js';

/** Which account is whose. */
export interface SideAccounts {
  /** Account that a book trades on; empty where nobody knows. */
  readonly of: (book: string) => string;
  /** Those that lie at a venue. */
  readonly at: (venue: string) => readonly string[];
}

/** As the sessions had them, whatever the backtest is made from; what a later one says counts. */
export function sideAccounts(sessions: readonly RunFacts[]): SideAccounts {
  const byBook = new Map<string, string>();
  const venues = new Map<string, string>();
  for (const { books, accounts } of sessions.map(runConfigOf)) {
    for (const [name, { account }] of Object.entries(books)) byBook.set(name, account);
    for (const [name, { venue }] of Object.entries(accounts)) {
      venues.set(name, venue);
      byBook.set(suspenseBook(name), name);
    }
  }
  return {
    of: (book) => byBook.get(book) ?? '',
    at: (venue) => [...venues.keys()].filter((account) => venues.get(account) === venue),
  };
}
