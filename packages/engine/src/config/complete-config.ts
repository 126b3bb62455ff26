// From a document that passed the schema to the complete configuration: defaults that need other sections are filled in.
import { isAbsolute, join, resolve } from 'node:path';
import type { CalendarDefinitions, Instrument } from '@bookrunner/sdk';
import type { ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { SIMULATED } from './engine-config.js';
import type {
  AccountConfig,
  BookConfig,
  DatabaseConfig,
  EngineConfig,
  PluginReference,
  RouteConfig,
  StrategyConfig,
  UseConfig,
  VenueConfig,
} from './engine-config.js';
import { mapScalars } from './plain-value.js';
import type { EngineDocument } from './schema/engine-schema.js';
import { Secret } from '@bookrunner/sdk';
import { onlyOne, SIMULATED_CAPITAL, wiringOf } from './wiring.js';
import type { Wiring } from './wiring.js';

/** A block as the schema gives it. */
interface UseDocument {
  readonly use: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** What {@link completeConfig} starts from. References are checked already. */
export interface CompletionInput {
  readonly document: EngineDocument;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly source: ConfigSource;
}

/** What strategies that ask for nothing else get, and the global policy where none is named. */
const DEFAULT_BARS: UseConfig = { use: 'time', options: { seconds: 60 } };
const DEFAULT_SIZING: UseConfig = { use: 'fraction', options: {} };
const DEFAULT_RISK: UseConfig = { use: 'standard', options: {} };
const DEFAULT_DAY_CALENDAR = '24x7';

/** The configuration but for its warnings. */
export function completeConfig(input: CompletionInput): Omit<EngineConfig, 'warnings'> {
  return new Completion(input).run();
}

class Completion {
  readonly #document: EngineDocument;
  readonly #instruments: Readonly<Record<string, Instrument>>;
  readonly #source: ConfigSource;
  readonly #wiring: Wiring;

  constructor(input: CompletionInput) {
    this.#document = input.document;
    this.#instruments = input.instruments;
    this.#source = input.source;
    this.#wiring = wiringOf(input.document);
  }

  run(): Omit<EngineConfig, 'warnings'> {
    const { engine, risk } = this.#document;
    const dataDir = this.#absolute(engine.dataDir);
    return {
      engine: { ...engine, dataDir },
      database: this.#database(dataDir),
      plugins: this.#plugins(),
      allowIncompatible: this.#document.allowIncompatible,
      // JSON data has no undefined, so the schema's optional fields are exactly optional.
      calendars: this.#document.calendars as CalendarDefinitions,
      instruments: this.#instruments,
      feeds: this.#uses('feeds'),
      venues: this.#venues(),
      accounts: this.#accounts(),
      books: this.#books(),
      routes: this.#routes(),
      strategies: this.#strategies(),
      risk: risk === undefined ? DEFAULT_RISK : this.#use(risk, ['risk']),
      controls: this.#uses('controls'),
      source: this.#source,
    };
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : resolve(this.#source.directory, path);
  }

  #database(dataDir: string): DatabaseConfig {
    const database = this.#document.database;
    if (database.type === 'postgres') return database;
    const file = database.file === undefined ? join(dataDir, 'bookrunner.db') : this.#absolute(database.file);
    return { type: 'sqlite', file };
  }

  #plugins(): readonly PluginReference[] {
    return this.#document.plugins.map((plugin, index) =>
      typeof plugin === 'string'
        ? { use: plugin, options: {}, required: true }
        : { ...this.#use(plugin, ['plugins', index]), required: plugin.required },
    );
  }

  /** Text from the environment stays hidden until a schema says that it is no secret. */
  #use(block: UseDocument, path: ConfigPath): UseConfig {
    return { use: block.use, options: this.#hidden(block.options ?? {}, [...path, 'options']) };
  }

  #hidden(values: Readonly<Record<string, unknown>>, path: ConfigPath): Readonly<Record<string, unknown>> {
    return mapScalars(values, (scalar, inner) => {
      const isHidden = typeof scalar === 'string' && this.#source.isFromEnvironment([...path, ...inner]);
      return isHidden ? new Secret(scalar) : scalar;
    }) as Readonly<Record<string, unknown>>;
  }

  #uses(sectionName: 'feeds' | 'controls'): Readonly<Record<string, UseConfig>> {
    return mapValues(this.#document[sectionName], (block, name) => this.#use(block, [sectionName, name]));
  }

  #venues(): Readonly<Record<string, VenueConfig>> {
    const declared = mapValues(this.#document.venues, (block, name) => ({
      ...this.#use(block, ['venues', name]),
      outages: block.outages,
      ...(block.simulatedBy === undefined ? {} : { simulatedBy: block.simulatedBy }),
    }));
    if (Object.keys(declared).length > 0) return declared;
    return Object.fromEntries([...this.#wiring.venues].map(([name, use]) => [name, { use, options: {}, outages: [] }]));
  }

  #isSimulated(venue: string): boolean {
    return this.#wiring.venues.get(venue) === SIMULATED;
  }

  #accounts(): Readonly<Record<string, AccountConfig>> {
    return Object.fromEntries(
      [...this.#wiring.accounts].map(([name, venue = '']) => {
        const declared = this.#document.accounts[name];
        const exclusive = declared?.exclusive ?? this.#isSimulated(venue);
        return [name, { venue, id: declared?.id ?? name, exclusive }];
      }),
    );
  }

  #books(): Readonly<Record<string, BookConfig>> {
    return Object.fromEntries(
      [...this.#wiring.books].flatMap(([name, account]) => {
        // Undefined only for the implied book of a configuration that trades nothing.
        if (account === undefined) return [];
        const declared = this.#document.books[name];
        const risk = declared?.risk;
        const book: BookConfig = {
          account,
          base: declared?.base ?? this.#document.engine.baseCurrency,
          capital: declared?.capital ?? SIMULATED_CAPITAL,
          dayCalendar: declared?.dayCalendar ?? this.#dayCalendar(name),
          ...(risk === undefined ? {} : { risk: this.#use(risk, ['books', name, 'risk']) }),
        };
        return [[name, book] as const];
      }),
    );
  }

  #bookOf(strategy: string): string {
    return this.#document.strategies[strategy]?.book ?? onlyOne(this.#wiring.books.keys()) ?? '';
  }

  #strategiesOf(book: string): readonly string[] {
    return Object.keys(this.#document.strategies).filter((name) => this.#bookOf(name) === book);
  }

  #dayCalendar(book: string): string {
    const symbols = this.#strategiesOf(book).flatMap((name) => this.#document.strategies[name]?.symbols ?? []);
    const calendars = new Set(symbols.map((symbol) => this.#instruments[symbol]?.calendar ?? DEFAULT_DAY_CALENDAR));
    return onlyOne(calendars) ?? DEFAULT_DAY_CALENDAR;
  }

  #routes(): readonly RouteConfig[] {
    if (this.#document.routes.length === 0) {
      const venue = onlyOne(this.#wiring.venues.keys());
      return venue === undefined ? [] : [{ match: {}, venue }];
    }
    return this.#document.routes.map(({ match, venue }) => {
      const { assetClass, strategy, book } = match;
      const symbols = typeof match.symbols === 'string' ? [match.symbols] : match.symbols;
      return {
        match: {
          ...(assetClass === undefined ? {} : { assetClass }),
          ...(symbols === undefined ? {} : { symbols }),
          ...(strategy === undefined ? {} : { strategy }),
          ...(book === undefined ? {} : { book }),
        },
        venue,
      };
    });
  }

  #strategies(): Readonly<Record<string, StrategyConfig>> {
    return mapValues(this.#document.strategies, (declared, name) => {
      const path = ['strategies', name];
      const book = this.#bookOf(name);
      const { sizing, risk, warmup } = declared;
      return {
        use: declared.use,
        book,
        symbols: declared.symbols,
        bars: this.#bars(declared.bars, [...path, 'bars']),
        params: this.#hidden(declared.params ?? {}, [...path, 'params']),
        sizing: sizing === undefined ? DEFAULT_SIZING : this.#use(sizing, [...path, 'sizing']),
        allocation: declared.allocation ?? this.#evenAllocation(book),
        feed: declared.feed ?? onlyOne(this.#wiring.feeds) ?? '',
        entry: { tif: declared.entry?.tif ?? 'DAY' },
        ...(warmup === undefined ? {} : { warmup }),
        ...(risk === undefined ? {} : { risk: this.#use(risk, [...path, 'risk']) }),
      };
    });
  }

  #bars(declared: UseDocument | readonly UseDocument[] | undefined, path: ConfigPath): readonly UseConfig[] {
    if (declared === undefined) return [DEFAULT_BARS];
    if ('use' in declared) return [this.#use(declared, path)];
    return declared.map((bars, index) => this.#use(bars, [...path, index]));
  }

  /** What the strategies that name an allocation leave, in equal parts; 0 or less is refused by the caller. */
  #evenAllocation(book: string): number {
    const allocations = this.#strategiesOf(book).map((name) => this.#document.strategies[name]?.allocation);
    const given = allocations.reduce<number>((sum, allocation) => sum + (allocation ?? 0), 0);
    return (1 - given) / allocations.filter((allocation) => allocation === undefined).length;
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
