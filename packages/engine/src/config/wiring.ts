// Which feed, venue, account and book a configuration means where it does not say. Reads the document before the schema has passed
// it, so that references are checked along with everything else.
import { SIMULATED } from './engine-config.js';
import { isRecord } from './plain-value.js';

/** Name of the book that a configuration without books has. */
export const DEFAULT_BOOK = 'MAIN';

/** Capital of a book on a simulated account that names none, in its base currency. */
export const SIMULATED_CAPITAL = 1_000_000;

/** The names a document declares or implies. Values that are no text are left out. */
export interface Wiring {
  readonly feeds: readonly string[];
  /** Venue name to what it uses. */
  readonly venues: ReadonlyMap<string, string>;
  /** Account name to its venue; the venue is undefined where it is neither said nor implied. */
  readonly accounts: ReadonlyMap<string, string | undefined>;
  /** Book name to its account. */
  readonly books: ReadonlyMap<string, string | undefined>;
}

/** The wiring of a document. */
export function wiringOf(data: unknown): Wiring {
  const venues = venuesOf(data);
  const accounts = accountsOf(data, venues);
  return { feeds: Object.keys(section(data, 'feeds')), venues, accounts, books: booksOf(data, accounts) };
}

function venuesOf(data: unknown): ReadonlyMap<string, string> {
  const declared = Object.entries(section(data, 'venues'));
  if (declared.length === 0) return new Map([[SIMULATED, SIMULATED]]);
  return new Map(declared.map(([name, venue]) => [name, textOf(venue, 'use') ?? '']));
}

function accountsOf(data: unknown, venues: ReadonlyMap<string, string>): ReadonlyMap<string, string | undefined> {
  const declared = Object.entries(section(data, 'accounts'));
  const accounts = new Map(
    declared.map(([name, account]) => [name, textOf(account, 'venue') ?? onlyOne(venues.keys())]),
  );
  const routed = new Set(listOf(data, 'routes').map((route) => textOf(route, 'venue')));
  for (const [venue, use] of venues) {
    // A simulator needs nobody's permission: it has an account wherever one could be needed.
    const isNeeded = declared.length === 0 || routed.has(venue);
    const hasAccount = [...accounts.values()].includes(venue);
    if (use === SIMULATED && isNeeded && !hasAccount && !accounts.has(venue)) accounts.set(venue, venue);
  }
  return accounts;
}

function booksOf(
  data: unknown,
  accounts: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, string | undefined> {
  const declared = Object.entries(section(data, 'books'));
  if (declared.length === 0) return new Map([[DEFAULT_BOOK, onlyOne(accounts.keys())]]);
  return new Map(declared.map(([name, book]) => [name, textOf(book, 'account') ?? onlyOne(accounts.keys())]));
}

/** The section as an object; empty where it is none. */
export function section(data: unknown, name: string): Readonly<Record<string, unknown>> {
  const value = isRecord(data) ? data[name] : undefined;
  return isRecord(value) ? value : {};
}

/** The section as a list; empty where it is none. */
export function listOf(data: unknown, name: string): readonly unknown[] {
  const value = isRecord(data) ? data[name] : undefined;
  return Array.isArray(value) ? value : [];
}

/** A text field; undefined where it is missing, empty or no text. */
export function textOf(entry: unknown, key: string): string | undefined {
  const value = isRecord(entry) ? entry[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The only element; undefined where there are none or several. */
export function onlyOne(values: Iterable<string>): string | undefined {
  const [first, ...others] = values;
  return others.length === 0 ? first : undefined;
}
