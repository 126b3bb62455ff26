import type {
  BarBuilder,
  BarSpec,
  Currency,
  EpochMs,
  FeatureSet,
  Instrument,
  MarketCalendar,
  RiskPolicy,
  Sizer,
  StrategyDefinition,
  TimeInForce,
} from '@bookrunner/sdk';
import type { BookSetup } from '../portfolio/book.js';

/** One stream of bars: who trades on it is said by the strategies. */
export interface StreamSetup {
  readonly instrumentIndex: number;
  readonly spec: BarSpec;
  /** Length of time bars in ms; NaN for bars that close on ticks. Smaller bars close first at one instant. */
  readonly barMs: number;
  /** Ready bars from a feed, built from ticks, or from the bars of another stream. */
  readonly source: 'feed' | 'ticks' | 'bars';
  /** Index of the stream whose bars are resampled; -1 for the other sources. */
  readonly parent: number;
  /** Makes the builder; not called for source `feed`. */
  readonly builder?: () => BarBuilder;
}

/** One strategy of engine.yaml, ready to run. */
export interface StrategySetup {
  readonly name: string;
  readonly definition: StrategyDefinition;
  /** Parsed by the definition's schema. */
  readonly params: unknown;
  readonly bookIndex: number;
  /** Instruments, primary first. */
  readonly instrumentIndexes: readonly number[];
  /** Stream of each timeframe and symbol: `streams[timeframe][symbol]`. */
  readonly streams: readonly (readonly number[])[];
  readonly sizer: Sizer;
  readonly sizerFeatures: FeatureSet;
  readonly allocation: number;
  /** Time in force of entries whose answer names none. */
  readonly defaultTif?: TimeInForce;
  readonly policy?: RiskPolicy;
  /** Feed whose outages concern it. */
  readonly feed: string;
}

/** A venue that is a broker: what happens there is known from its reports and snapshots only. */
export interface BrokerSetup {
  /** Name of the venue in engine.yaml. */
  readonly venue: string;
  /** Accounts that trade there. On an exclusive one everything is the engine's own. */
  readonly accounts: readonly { readonly name: string; readonly isExclusive: boolean }[];
  /** See VenueCapabilities. */
  readonly isMarginSettled: boolean;
}

/** How often brokers are asked, and how long what is not known may stay so. */
export interface ReconcileSetup {
  readonly everyMs: number;
  /** Least time between two snapshots that together prove something. */
  readonly settleMs: number;
  /** What is still not known after this is told to a person. */
  readonly pageMs: number;
  /** Longest time of a call that hands an order to a broker: until then it may still get there. */
  readonly callMs: number;
}

/** Everything a kernel is made from; plain values and pure functions. */
export interface KernelSetup {
  readonly runEpoch: string;
  readonly baseCurrency: Currency;
  readonly instruments: readonly { readonly instrument: Instrument; readonly calendar: MarketCalendar }[];
  readonly streams: readonly StreamSetup[];
  readonly books: readonly (BookSetup & { readonly policy?: RiskPolicy })[];
  readonly strategies: readonly StrategySetup[];
  readonly policy?: RiskPolicy;
  readonly closeDelayMs: number;
  /** How long bars made of a feed's ready bars wait for the last of these; absent where all are there at once, as in a backtest. */
  readonly barGraceMs?: number;
  /** Before this instant strategies warm up and are not asked; absent means from the first bar on. */
  readonly tradeFrom?: EpochMs;
  readonly venueReplaces: boolean;
  /** Absent or empty where all fills are simulated. */
  readonly brokers?: readonly BrokerSetup[];
  readonly reconcile?: ReconcileSetup;
}
