// What the engine reads: engine.yaml complete, with every default and reference filled in.
import type { AssetClass, CalendarDefinitions, Currency, Instrument, TimeInForce } from '@bookrunner/sdk';
import type { ConfigIssue } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import type { Secret } from '@bookrunner/sdk';

/**
 * A contribution put to use. `options` are as written, before the contribution's schema; text that came from the environment is
 * a {@link Secret} until that schema says otherwise. Read the parsed options instead.
 */
export interface UseConfig {
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Name of a day, as engine.yaml writes it. */
export type Weekday = 'sunday' | 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday';

/** A planned outage of a venue, each week. Times are `HH:MM` on the wall clock of the zone; `to` not after `from` is on the next day. */
export interface OutageConfig {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** A venue. */
export interface VenueConfig extends UseConfig {
  readonly outages: readonly OutageConfig[];
  /** Name of the simulated venue that stands for a broker in backtest and paper; absent: the first one. */
  readonly simulatedBy?: string;
}

/** One entry of `plugins:`. */
export interface PluginReference {
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** False: the engine starts without it. */
  readonly required: boolean;
}

/** An account at a venue. */
export interface AccountConfig {
  readonly venue: string;
  /** The broker's account id; the account's own name for simulated ones. */
  readonly id: string;
  /** Whether nobody else trades on it. */
  readonly exclusive: boolean;
}

/** A book: a sub-portfolio on an account. */
export interface BookConfig {
  readonly account: string;
  readonly base: Currency;
  /** In `base`. */
  readonly capital: number;
  readonly dayCalendar: string;
  readonly risk?: UseConfig;
}

/** What a route takes: all given fields have to agree. */
export interface RouteMatch {
  readonly assetClass?: AssetClass;
  readonly symbols?: readonly string[];
  readonly strategy?: string;
  readonly book?: string;
}

/** One rule of where orders go; the first that matches counts, else the venue of the book's account. */
export interface RouteConfig {
  readonly match: RouteMatch;
  readonly venue: string;
}

/** A strategy at work. */
export interface StrategyConfig {
  readonly use: string;
  readonly book: string;
  readonly symbols: readonly string[];
  /** Timeframes, the first is the primary one. */
  readonly bars: readonly UseConfig[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly sizing: UseConfig;
  /** Share of the book's equity. */
  readonly allocation: number;
  readonly feed: string;
  readonly entry: { readonly tif: TimeInForce };
  /** Bars before the first decision; absent: the strategy's own need. */
  readonly warmup?: number;
  readonly risk?: UseConfig;
}

type SessionTexts = readonly (readonly [open: string, close: string])[];

/** One declared calendar: times are `HH:MM` on its wall clock, dates `YYYY-MM-DD`. */
export interface CalendarConfig {
  readonly extends?: string;
  readonly timeZone?: string;
  readonly sessions?: SessionTexts | Readonly<Partial<Record<Weekday, SessionTexts>>>;
  readonly holidays?: readonly string[];
  readonly earlyCloses?: Readonly<Record<string, string>>;
  readonly regularDays?: readonly string[];
  readonly range?: { readonly from?: string; readonly to?: string };
  readonly dataVersion?: string;
}

/** Where the store is. */
export type DatabaseConfig =
  | { readonly type: 'sqlite'; readonly file: string }
  | { readonly type: 'postgres'; readonly url: Secret };

/** Calendars as declared; `marketCalendar` of the SDK makes calendars of them. */
export type CalendarsConfig = Readonly<Record<string, CalendarConfig>>;

/** The complete configuration. Frozen; paths are absolute. */
export interface EngineConfig {
  readonly engine: {
    readonly name: string;
    readonly baseCurrency: Currency;
    readonly dataDir: string;
    readonly closeDelayMs: number;
    /** Of live feeds, in milliseconds. */
    readonly barGraceMs: number;
    readonly seed: number;
    /** `auto`: live feeds, and recorded ones at a speed. */
    readonly journal: 'auto' | 'on' | 'off';
    /** Of live runs, in milliseconds. */
    readonly reconcile: {
      readonly everyMs: number;
      readonly settleMs: number;
      readonly pageMs: number;
      /** How long a broker may take to answer an order. */
      readonly callMs: number;
    };
    /** Of live feeds. */
    readonly history: {
      /** How long the history of a feed may take, in milliseconds. */
      readonly limitMs: number;
    };
    /** Of live feeds and brokers, in milliseconds. */
    readonly guards: {
      readonly slowStrategyMs: number;
      readonly stopStrategyMs: number;
      readonly clockSkewMs: number;
      readonly outageLeadMs: number;
      readonly outageGraceMs: number;
    };
    /** What becomes of orders at brokers when a live run is stopped. */
    readonly onStop: 'keep' | 'cancel-entries' | 'cancel-all';
  };
  readonly database: DatabaseConfig;
  readonly plugins: readonly PluginReference[];
  readonly allowIncompatible: readonly string[];
  /** As declared; `marketCalendar` of the SDK makes calendars of them. */
  readonly calendars: CalendarDefinitions;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly feeds: Readonly<Record<string, UseConfig>>;
  readonly venues: Readonly<Record<string, VenueConfig>>;
  readonly accounts: Readonly<Record<string, AccountConfig>>;
  readonly books: Readonly<Record<string, BookConfig>>;
  readonly routes: readonly RouteConfig[];
  readonly strategies: Readonly<Record<string, StrategyConfig>>;
  /** The global policy. */
  readonly risk: UseConfig;
  readonly controls: Readonly<Record<string, UseConfig>>;
  /** What is questionable but works. */
  readonly warnings: readonly ConfigIssue[];
  readonly source: ConfigSource;
}

/** Name of the venue contribution that the engine brings for simulation. */
export const SIMULATED = 'simulated';
