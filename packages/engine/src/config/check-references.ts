// Names that refer to other parts of engine.yaml. Works on the document as written, before the schema has passed it.
import { BUILT_IN_CALENDARS } from '@bookrunner/sdk';
import type { ConfigIssue, ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { SIMULATED } from './engine-config.js';
import { hintFor } from './near-miss.js';
import { isRecord } from './plain-value.js';
import { listOf, onlyOne, section, textOf, wiringOf } from './wiring.js';
import type { Wiring } from './wiring.js';

/** Everything that names something that does not exist, or that has to be named because there are several. */
export function checkReferences(data: unknown, source: ConfigSource): readonly ConfigIssue[] {
  const checker = new ReferenceChecker(data, source);
  checker.instruments();
  checker.venues();
  checker.accounts();
  checker.books();
  checker.routes();
  checker.strategies();
  return checker.issues;
}

class ReferenceChecker {
  readonly issues: ConfigIssue[] = [];
  readonly #data: unknown;
  readonly #source: ConfigSource;
  readonly #wiring: Wiring;
  readonly #calendars: readonly string[];
  readonly #symbols: readonly string[];

  constructor(data: unknown, source: ConfigSource) {
    this.#data = data;
    this.#source = source;
    this.#wiring = wiringOf(data);
    this.#calendars = [...Object.keys(section(data, 'calendars')), ...BUILT_IN_CALENDARS];
    this.#symbols = Object.keys(section(data, 'instruments'));
  }

  instruments(): void {
    for (const [symbol, instrument] of Object.entries(section(this.#data, 'instruments'))) {
      this.#name('calendar', ['instruments', symbol, 'calendar'], {
        name: textOf(instrument, 'calendar'),
        known: this.#calendars,
      });
    }
  }

  venues(): void {
    const { venues } = this.#wiring;
    const simulated = [...venues.keys()].filter((name) => venues.get(name) === SIMULATED);
    for (const [name, venue] of Object.entries(section(this.#data, 'venues'))) {
      const by = textOf(venue, 'simulatedBy');
      if (by === undefined) continue;
      const path = ['venues', name, 'simulatedBy'];
      if (venues.get(name) === SIMULATED)
        this.#add(path, 'is for brokers; this venue is simulated itself.', 'Take it away.');
      else if (!simulated.includes(by))
        this.#add(
          path,
          `there is no simulated venue '${by}'.${hintFor(by, simulated)}`,
          'Name a venue with `use: simulated`, or declare one under `venues:`.',
        );
    }
  }

  accounts(): void {
    const owners = new Map<string, { readonly name: string; readonly venue: string }>();
    for (const [name, account] of Object.entries(section(this.#data, 'accounts'))) {
      const path = ['accounts', name];
      const venue = this.#wiring.accounts.get(name);
      if (venue === undefined) this.#needsName('venue', [...path, 'venue'], this.#wiring.venues.keys());
      this.#name('venue', [...path, 'venue'], { name: textOf(account, 'venue'), known: this.#wiring.venues.keys() });
      const id = textOf(account, 'id');
      if (venue === undefined || !this.#wiring.venues.has(venue)) continue;
      const isSimulated = this.#wiring.venues.get(venue) === SIMULATED;
      if (id === undefined && !isSimulated && isRecord(account) && !('id' in account)) {
        this.#add(
          path,
          `has no id; venue '${venue}' needs the broker's account id.`,
          "Add `id:` with the broker's account id.",
        );
      }
      if (id === undefined) continue;
      // Two sessions of one plugin see the same account, and each would take the other's orders for a stranger's.
      const key = `${isSimulated ? venue : this.#wiring.venues.get(venue)}\n${id}`;
      const other = owners.get(key);
      if (other === undefined) owners.set(key, { name, venue });
      else this.#isTwice([...path, 'id'], venue, other);
    }
  }

  #isTwice(path: ConfigPath, venue: string, other: { readonly name: string; readonly venue: string }): void {
    if (other.venue === venue) return this.#add(path, `is the account of '${other.name}' too.`, 'Keep one of the two.');
    this.#add(
      path,
      `is the account of '${other.name}' too: venues '${other.venue}' and '${venue}' use the same plugin.`,
      'Keep one of the two accounts, and one venue for it.',
    );
  }

  books(): void {
    const declared = section(this.#data, 'books');
    const hasStrategies = Object.keys(section(this.#data, 'strategies')).length > 0;
    for (const [name, account] of this.#wiring.books) {
      const isDeclared = Object.hasOwn(declared, name);
      if (!isDeclared && !hasStrategies) continue;
      const path = isDeclared ? ['books', name] : ['books'];
      const book = declared[name];
      this.#name('calendar', [...path, 'dayCalendar'], { name: textOf(book, 'dayCalendar'), known: this.#calendars });
      this.#name('account', [...path, 'account'], {
        name: textOf(book, 'account'),
        known: this.#wiring.accounts.keys(),
      });
      if (account === undefined) this.#needsName('account', [...path, 'account'], this.#wiring.accounts.keys());
      else this.#needsCapital(path, account, book);
    }
  }

  #needsCapital(path: ConfigPath, account: string, book: unknown): void {
    const venue = this.#wiring.accounts.get(account);
    const use = venue === undefined ? undefined : this.#wiring.venues.get(venue);
    const hasCapital = isRecord(book) && book['capital'] !== undefined;
    if (use === undefined || use === SIMULATED || hasCapital) return;
    this.#add(
      path,
      `has no capital; account '${account}' is not simulated.`,
      'Say how much of the account the book gets: books: { NAME: { capital: 100000 } }.',
    );
  }

  routes(): void {
    listOf(this.#data, 'routes').forEach((route, index) => {
      const path = ['routes', index];
      const venue = textOf(route, 'venue');
      this.#name('venue', [...path, 'venue'], { name: venue, known: this.#wiring.venues.keys() });
      if (
        venue !== undefined &&
        this.#wiring.venues.has(venue) &&
        ![...this.#wiring.accounts.values()].includes(venue)
      ) {
        this.#add([...path, 'venue'], `venue '${venue}' has no account.`, 'Declare one under `accounts:`.');
      }
      const match = isRecord(route) && isRecord(route['match']) ? route['match'] : {};
      const symbol = match['symbols'];
      const symbols = Array.isArray(symbol) ? symbol : [symbol];
      symbols.forEach((item: unknown, position) => {
        const at = [...path, 'match', 'symbols', ...(Array.isArray(symbol) ? [position] : [])];
        this.#name('symbol', at, { name: typeof item === 'string' ? item : undefined, known: this.#symbols });
      });
      this.#name('book', [...path, 'match', 'book'], { name: textOf(match, 'book'), known: this.#wiring.books.keys() });
      const strategies = Object.keys(section(this.#data, 'strategies'));
      this.#name('strategy', [...path, 'match', 'strategy'], { name: textOf(match, 'strategy'), known: strategies });
    });
  }

  strategies(): void {
    for (const [name, strategy] of Object.entries(section(this.#data, 'strategies'))) {
      if (!isRecord(strategy)) continue;
      const path = ['strategies', name];
      this.#name('book', [...path, 'book'], { name: textOf(strategy, 'book'), known: this.#wiring.books.keys() });
      if (!('book' in strategy) && onlyOne(this.#wiring.books.keys()) === undefined) {
        this.#needsName('book', [...path, 'book'], this.#wiring.books.keys());
      }
      this.#name('feed', [...path, 'feed'], { name: textOf(strategy, 'feed'), known: this.#wiring.feeds });
      if (!('feed' in strategy) && onlyOne(this.#wiring.feeds) === undefined) {
        this.#needsName('feed', [...path, 'feed'], this.#wiring.feeds);
      }
      listOf(strategy, 'symbols').forEach((symbol, index) => {
        this.#name('symbol', [...path, 'symbols', index], {
          name: typeof symbol === 'string' ? symbol : undefined,
          known: this.#symbols,
        });
      });
    }
  }

  /** A name that is given has to be known. */
  #name(
    kind: Kind,
    path: ConfigPath,
    given: { readonly name: string | undefined; readonly known: Iterable<string> },
  ): void {
    const { name } = given;
    if (name === undefined || name === '') return;
    const names = [...given.known];
    if (names.includes(name)) return;
    this.#add(
      path,
      `there is no ${kind} '${name}'.${hintFor(name, names)}`,
      `Name one of ${SECTIONS[kind]}, or declare it there.`,
    );
  }

  /** A name that is left out while it is not clear which is meant. */
  #needsName(kind: Kind, path: ConfigPath, known: Iterable<string>): void {
    const names = [...known];
    const [message, remedy] =
      names.length === 0
        ? [`there is no ${kind} to use.`, `Declare one under ${SECTIONS[kind]}.`]
        : [`is missing; there are several: ${names.join(', ')}.`, 'Name one of them.'];
    this.#add(path, message, remedy);
  }

  #add(path: ConfigPath, message: string, remedy: string): void {
    this.issues.push(this.#source.issue(path, message, { remedy }));
  }
}

type Kind = 'venue' | 'account' | 'book' | 'feed' | 'symbol' | 'calendar' | 'strategy';

const SECTIONS: Readonly<Record<Kind, string>> = {
  venue: '`venues:`',
  account: '`accounts:`',
  book: '`books:`',
  feed: '`feeds:`',
  symbol: '`instruments:`',
  calendar: '`calendars:`',
  strategy: '`strategies:`',
};
