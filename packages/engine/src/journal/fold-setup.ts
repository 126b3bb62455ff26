// What orders and books of a journalled run belong to, from the configuration in its journal; no plugin of it is loaded.
import type { Instrument, MarketCalendar } from '@bookrunner/sdk';
import { parse } from 'yaml';
import { barSpecSeconds } from '../bars/bar-spec.js';
import { effectiveConfig, type EngineConfig, SIMULATED } from '../config/index.js';
import { type FoldSetup, foldedKernelSetup } from '../kernel/fold-setup.js';
import { KernelFold } from '../kernel/fold.js';
import { Kernel } from '../kernel/kernel.js';
import type { BrokerSetup } from '../kernel/setup.js';
import type { KernelListener } from '../kernel/listener.js';
import type { PreparedEngine } from '../plugins/index.js';
import { withBrokers } from '../runtime/assemble.js';
import { withTerms } from '../runtime/brokers/broker-instruments.js';
import { brokerSetups } from '../runtime/brokers/broker-setup.js';
import { makeSimulatedVenue, type VenueChoice } from '../runtime/simulated-venues.js';
import { plainText } from './entry-text.js';
import { ReplayVenue } from './replay-venue.js';
import type { RunFacts } from './segment-header.js';

/** The engine that goes on. */
export interface NextEngine {
  readonly prepared: PreparedEngine;
  readonly calendar: (id: string) => MarketCalendar;
}

/** The sections of a run's effective configuration that a fold needs. */
export interface RunConfig {
  readonly engine: Pick<EngineConfig['engine'], 'baseCurrency' | 'closeDelayMs' | 'reconcile'> &
    // Journals of before it was a setting do not have it.
    Partial<Pick<EngineConfig['engine'], 'barGraceMs'>>;
  readonly instruments: Readonly<Record<string, Omit<Instrument, 'symbol'>>>;
  readonly venues: EngineConfig['venues'];
  readonly accounts: EngineConfig['accounts'];
  readonly books: EngineConfig['books'];
  readonly strategies: Readonly<
    Record<string, Pick<EngineConfig['strategies'][string], 'book' | 'symbols' | 'allocation' | 'feed' | 'bars'>>
  >;
  readonly calendars?: unknown;
}

/** The effective configuration of a run, as its journal has it. */
export function runConfigOf({ config }: RunFacts): RunConfig {
  return parse(config) as RunConfig;
}

/** A kernel and a simulated venue that a run can be folded into. */
export interface FoldParts {
  readonly fold: KernelFold;
  readonly venue: ReplayVenue;
  readonly choices: readonly VenueChoice[];
}

/** The simulated venues are those of the engine that goes on: {@link venueChanges} has to be empty. */
export function prepareFold(facts: RunFacts, { prepared, calendar }: NextEngine): FoldParts {
  const old = runConfigOf(facts);
  const instruments = facts.instruments.map(({ symbol, terms = {} }) => {
    // Quantities and prices of the journal are integers of the terms that the broker gave.
    const instrument = withTerms({ ...old.instruments[symbol], symbol } as Instrument, terms);
    return { instrument, calendar: calendar(instrument.calendar) };
  });
  const brokers = brokerSetups(withOld(prepared, old), facts.mode ?? 'paper');
  const kernel = new Kernel(foldedKernelSetup(setupOf(facts, { old, instruments, calendar, brokers })), NOBODY);
  const venue = new ReplayVenue();
  const venues = makeSimulatedVenue({
    prepared: withOld(prepared, old),
    instruments,
    listener: venue.relay,
    rateOf: (from, to) => kernel.parts.converter.rate(from, to),
    brokerAccounts: new Set(brokers.flatMap(({ accounts }) => accounts.map(({ name }) => name))),
    isTransient: false,
  });
  // What went to brokers went there; what they said of it is in the journal.
  venue.connect(withBrokers(venues));
  return { fold: new KernelFold(kernel), venue, choices: venues.choices };
}

/** Instruments as the engine that goes on trades them. */
export function nextInstruments({
  instruments,
  engine,
}: {
  readonly instruments: RunFacts['instruments'];
  readonly engine: NextEngine;
}): readonly Instrument[] {
  const declared = engine.prepared.config.instruments;
  return instruments.map(({ symbol, terms = {} }) => withTerms(declared[symbol] as Instrument, terms));
}

/** The engine that goes on, with the books and accounts of the run. */
function withOld(prepared: PreparedEngine, { books, accounts }: RunConfig): PreparedEngine {
  return { ...prepared, config: { ...prepared.config, books, accounts } };
}

function setupOf(
  { runEpoch, source, instruments: sources }: RunFacts,
  parts: Pick<FoldSetup, 'instruments'> &
    Pick<NextEngine, 'calendar'> & { readonly old: RunConfig; readonly brokers: readonly BrokerSetup[] },
): FoldSetup {
  const { old, instruments, calendar, brokers } = parts;
  const { baseCurrency, closeDelayMs, barGraceMs = 0 } = old.engine;
  const books = Object.keys(old.books);
  const symbols = instruments.map(({ instrument }) => instrument.symbol);
  return {
    ...{ runEpoch, baseCurrency, closeDelayMs, instruments },
    ...(source === 'live' ? { barGraceMs } : {}),
    streams: readyStreams(sources),
    ...(brokers.length === 0 ? {} : { brokers, reconcile: old.engine.reconcile }),
    books: Object.entries(old.books).map(([name, { account, base, capital, dayCalendar }]) => ({
      ...{ name, account, base, capital, venue: old.accounts[account]?.venue ?? '' },
      dayCalendar: calendar(dayCalendar),
    })),
    strategies: Object.entries(old.strategies).map(([name, strategy]) => ({
      ...{ name, allocation: strategy.allocation, feed: strategy.feed },
      bookIndex: books.indexOf(strategy.book),
      instrumentIndexes: strategy.symbols.map((symbol) => symbols.indexOf(symbol)),
    })),
  };
}

/** A run plans the streams of ready bars first, in the order of its instruments. */
function readyStreams(instruments: RunFacts['instruments']): FoldSetup['streams'] {
  return instruments.flatMap(({ bars }, instrumentIndex) => {
    if (bars === undefined) return [];
    return [{ instrumentIndex, source: 'feed' as const, barMs: barSpecSeconds(bars) * 1_000 }];
  });
}

/**
 * What has changed of which the simulated venue's state is made, one sentence each: positions and resting orders mean nothing to
 * another venue. Instruments, books and accounts that are gone or new are no change of it.
 */
export function venueChanges(facts: RunFacts, { prepared }: NextEngine): readonly string[] {
  const old = runConfigOf(facts);
  const now = effectiveConfig(prepared.config, prepared.optionsByPath) as unknown as RunConfig;
  const symbols = facts.instruments.map(({ symbol }) => symbol);
  return [
    ...changed("The engine's base currency", old.engine.baseCurrency, now.engine.baseCurrency),
    ...symbols.flatMap((symbol) => changed(`Instrument '${symbol}'`, old.instruments[symbol], now.instruments[symbol])),
    ...changed('The section `calendars`', old.calendars, now.calendars ?? old.calendars),
    ...changed('The first simulated venue', simulated(old)[0] ?? 'none', simulated(now)[0] ?? 'none'),
    ...simulated(old).flatMap((name) => changed(`Venue '${name}'`, old.venues[name], now.venues[name] ?? 'none')),
    ...Object.keys(old.accounts).flatMap((name) =>
      changed(`Account '${name}'`, old.accounts[name], now.accounts[name]),
    ),
  ];
}

/** What is booked stays where a book's capital has changed; shares are taken of the new one. */
export function capitalChanges(facts: RunFacts, { prepared }: NextEngine): readonly string[] {
  return Object.entries(runConfigOf(facts).books).flatMap(([name, { capital }]) => {
    const now = prepared.config.books[name]?.capital;
    if (now === undefined || now === capital) return [];
    return [
      `The capital of book '${name}' was ${capital} and is ${now}: its cash stays, and shares are taken of ${now}.`,
    ];
  });
}

/** Accounts of brokers trade at the first of them. */
function simulated({ venues }: RunConfig): readonly string[] {
  return Object.keys(venues).filter((name) => venues[name]?.use === SIMULATED);
}

/** A sentence where both are there and differ. */
function changed(what: string, before: unknown, now: unknown): readonly string[] {
  if (before === undefined || now === undefined || plainText(before) === plainText(now)) return [];
  return [`${what} has changed.`];
}

/** Nobody watches: what is folded was recorded when it happened. */
const NOBODY: KernelListener = {
  orderSent: () => {},
  orderEnded: () => {},
  filled: () => {},
  feeChanged: () => {},
  tradeClosed: () => {},
  refused: () => {},
  equityMarked: () => {},
  dayEnded: () => {},
  cashMoved: () => {},
};
