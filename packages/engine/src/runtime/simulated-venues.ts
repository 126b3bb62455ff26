import type { BarValues, Currency, EpochMs, Instrument, MarketCalendar, OrderChange, Tick } from '@bookrunner/sdk';
import { SIMULATED } from '../config/index.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { PreparedEngine } from '../plugins/index.js';
import { simulatedVenueOptions, type SimulatedVenueOptions } from '../simulated-venue/options.js';
import { SimulatedVenue } from '../simulated-venue/simulated-venue.js';
import type { VenueListener } from '../simulated-venue/venue-listener.js';
import type { OrderOf, SavedVenue } from '../simulated-venue/venue-state.js';
import type { SynchronousVenue } from './synchronous-venue.js';

/** A venue of the configuration and how it is simulated. */
export interface VenueChoice {
  readonly name: string;
  readonly options: SimulatedVenueOptions;
  /** Accounts that trade there. */
  readonly accounts: readonly string[];
}

/** The simulator of a run: one venue, or several as one. */
export interface SimulatedVenues {
  readonly venue: SynchronousVenue;
  readonly choices: readonly VenueChoice[];
  /** Accounts that are not simulated: they trade at brokers. */
  readonly brokerAccounts: ReadonlySet<string>;
  /** State of each venue, in the order of the choices. */
  save(): readonly SavedVenue[];
  /** Nobody watched the market for a while: what was quoted before fills nothing. */
  forgetPrices(): void;
  /** Takes it over. Errors: SIMULATED_VENUE_STATE_INVALID. */
  load(states: readonly SavedVenue[], orderOf: OrderOf): void;
}

/** What the simulated venues of a run are made from. */
export interface SimulatedVenuesSetup {
  readonly prepared: PreparedEngine;
  readonly instruments: readonly { readonly instrument: Instrument; readonly calendar: MarketCalendar }[];
  readonly listener: VenueListener;
  readonly rateOf: (from: Currency, to: Currency) => number;
  /** Accounts to leave out: they trade at brokers. */
  readonly brokerAccounts: ReadonlySet<string>;
  /** Nobody saves their state. */
  readonly isTransient: boolean;
}

/**
 * The simulator of a run. A simulated venue keeps its options; a broker's account trades, in backtest and paper, at the one that the
 * broker's venue names (`simulatedBy`), else at the first simulated venue of engine.yaml, or at one with the defaults where there is
 * none. Live, it is none of the simulator's.
 */
export function makeSimulatedVenue(setup: SimulatedVenuesSetup): SimulatedVenues {
  const { prepared } = setup;
  const accountsOf = simulatedAccounts(prepared, setup.brokerAccounts);
  const choices = [...accountsOf].map(([name, accounts]) => ({ name, accounts, options: optionsOf(setup, name) }));
  const made = choices.map((choice) => makeVenue(choice, setup));
  const [only] = made;
  const group = only !== undefined && made.length === 1 ? only.venue : new VenueGroup(made);
  return {
    venue: group,
    choices,
    brokerAccounts: setup.brokerAccounts,
    save: () => made.map(({ venue }) => venue.save()),
    forgetPrices: () => {
      for (const { venue } of made) venue.forgetPrices();
    },
    load: (states, orderOf) => {
      made.forEach(({ venue }, index) => {
        const state = states[index];
        if (state !== undefined) venue.load(state, orderOf);
      });
      if (group instanceof VenueGroup) group.refresh();
    },
  };
}

/** Accounts by the simulated venue that they trade at. */
function simulatedAccounts(
  prepared: PreparedEngine,
  brokerAccounts: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const simulated = [...prepared.venues].filter(([, use]) => use.use === SIMULATED);
  const fallback = simulated[0]?.[0] ?? SIMULATED;
  const accountsOf = new Map<string, readonly string[]>();
  for (const account of new Set(Object.values(prepared.config.books).map((book) => book.account))) {
    if (brokerAccounts.has(account)) continue;
    const named = prepared.config.accounts[account]?.venue ?? fallback;
    const isSimulated = simulated.some(([name]) => name === named);
    const venue = isSimulated ? named : (prepared.config.venues[named]?.simulatedBy ?? fallback);
    accountsOf.set(venue, [...(accountsOf.get(venue) ?? []), account]);
  }
  return accountsOf;
}

/** Of instruments that nobody trades in this run, nothing is said to the venue. */
function optionsOf({ prepared, instruments }: SimulatedVenuesSetup, name: string): SimulatedVenueOptions {
  const use = prepared.venues.get(name);
  if (use === undefined) return simulatedVenueOptions.parse({});
  const options = use.options as SimulatedVenueOptions;
  const isIdle = (symbol: string): boolean =>
    symbol in prepared.config.instruments && !instruments.some(({ instrument }) => instrument.symbol === symbol);
  const own = Object.entries(options.instruments).filter(([symbol]) => !isIdle(symbol));
  return { ...options, instruments: Object.fromEntries(own) };
}

function makeVenue(
  choice: VenueChoice,
  setup: SimulatedVenuesSetup,
): { venue: SimulatedVenue; accounts: readonly string[] } {
  const { config } = setup.prepared;
  const accounts = choice.accounts.map((name) => {
    const books = Object.values(config.books).filter((book) => book.account === name);
    const cash: Record<string, number> = {};
    for (const book of books) cash[book.base] = (cash[book.base] ?? 0) + book.capital;
    return { name, currency: books[0]?.base ?? config.engine.baseCurrency, cash };
  });
  const venue = new SimulatedVenue(choice.options, {
    instruments: setup.instruments.map(({ instrument }) => instrument),
    calendars: setup.instruments.map(({ calendar }) => calendar),
    accounts,
    listener: setup.listener,
    conversion: setup.rateOf,
    isTransient: setup.isTransient,
  });
  return { venue, accounts: choice.accounts };
}

/** Several simulated venues as one: orders go by account, the market goes to all. */
class VenueGroup implements SynchronousVenue {
  nextDeadline: EpochMs = Number.POSITIVE_INFINITY;
  readonly #members: readonly SimulatedVenue[];
  readonly #byAccount = new Map<string, SimulatedVenue>();

  constructor(members: readonly { venue: SimulatedVenue; accounts: readonly string[] }[]) {
    this.#members = members.map(({ venue }) => venue);
    for (const { venue, accounts } of members) for (const account of accounts) this.#byAccount.set(account, venue);
  }

  submit(group: readonly OrderRecord[], now: EpochMs): boolean {
    const [first] = group;
    const isOnItsWay = first !== undefined && this.#of(first).submit(group, now);
    this.#aim();
    return isOnItsWay;
  }
  cancel(order: OrderRecord, now: EpochMs): void {
    this.#of(order).cancel(order, now);
    this.#aim();
  }
  replace(order: OrderRecord, change: OrderChange, now: EpochMs): void {
    this.#of(order).replace(order, change, now);
    this.#aim();
  }
  onTick(instrumentIndex: number, tick: Tick, now: EpochMs): void {
    for (const venue of this.#members) venue.onTick(instrumentIndex, tick, now);
    this.#aim();
  }
  /** Rare enough to be taken the long way. */
  passBar(): boolean {
    return false;
  }
  onBarOpen(instrumentIndex: number, open: number, now: EpochMs): void {
    for (const venue of this.#members) venue.onBarOpen(instrumentIndex, open, now);
    this.#aim();
  }
  onBarRange(instrumentIndex: number, bar: BarValues, now: EpochMs): void {
    for (const venue of this.#members) venue.onBarRange(instrumentIndex, bar, now);
    this.#aim();
  }
  advance(now: EpochMs): void {
    for (const venue of this.#members) if (venue.nextDeadline <= now) venue.advance(now);
    this.#aim();
  }

  /** The members were given another state. */
  refresh(): void {
    this.#aim();
  }

  #of(order: OrderRecord): SimulatedVenue {
    return this.#byAccount.get(order.account) as SimulatedVenue;
  }
  #aim(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const venue of this.#members) if (venue.nextDeadline < next) next = venue.nextDeadline;
    this.nextDeadline = next;
  }
}
