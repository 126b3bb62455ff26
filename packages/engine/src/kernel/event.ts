import type {
  AccountState,
  Bar,
  Command,
  EpochMs,
  FeedStatus,
  Fill,
  Liquidity,
  Tick,
  VenueSnapshot,
  VenueStatus,
} from '@bookrunner/sdk';

// Everything that can happen to the engine. `at` is kernel time: when the fact became available. Runtimes reuse event
// objects, so the kernel keeps values, never events.

/** A quote or trade of one instrument. */
export interface TickEvent extends Tick {
  readonly kind: 'tick';
  readonly at: EpochMs;
  readonly instrumentIndex: number;
}

/** A ready bar of a feed; `at` is its end plus the close delay. A warm-up bar fills windows and features and nothing else. */
export interface BarEvent extends Bar {
  readonly kind: 'bar';
  readonly at: EpochMs;
  readonly streamIndex: number;
  readonly isWarmup: boolean;
  /** Nothing else is due or can come at this instant before its timer: what the timer would do is done at once. */
  readonly isLast: boolean;
}

/** The deadline the kernel asked for has come. */
export interface TimerEvent {
  readonly kind: 'timer';
  readonly at: EpochMs;
}

/** What a venue report says, flat, so that one object serves them all. Fields a kind does not use hold NaN or ''. */
export interface VenueReportEvent {
  readonly kind: 'venue-report';
  readonly at: EpochMs;
  readonly report:
    | 'sent'
    | 'refused'
    | 'accepted'
    | 'rejected'
    | 'filled'
    | 'cancelled'
    | 'expired'
    | 'replaced'
    | 'cancel-rejected'
    | 'replace-rejected'
    | 'unknown';
  /** Order counter of this run, see OrderRecord.sequence. */
  readonly sequence: number;
  /** Instrument of the order where the reporter knows it; -1 otherwise. */
  readonly instrumentIndex: number;
  readonly venueOrderId: string;
  /** Unsigned units: filled by a fill, total after a replace. */
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  readonly executionId: string;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly reason: string;
  readonly message: string;
}

/** Health of a feed. */
export interface FeedStatusEvent {
  readonly kind: 'feed-status';
  readonly at: EpochMs;
  readonly status: FeedStatus;
  /** Symbols of which nothing is missing although the feed was away: history has what it did not bring. Absent for none. */
  readonly filled?: readonly string[];
}

/**
 * What a feed did not bring is to come from history. `hold`: bars under way of the symbols wait, and rows of them are the past: they
 * fill windows and features, and nobody is asked about them. `fill`: the feed is back and history is asked; strategies on the symbols
 * are asked nothing at all. `drop`: bars under way at `to` are given up, the next whole ones are the first. `release`: what is over by
 * now is closed, and strategies that could not be asked meanwhile are asked once. `restart`: the engine begins, these are held and no
 * others, and feeds that were away are so symbol by symbol.
 */
export interface BackfillEvent {
  readonly kind: 'backfill';
  readonly at: EpochMs;
  readonly stage: 'hold' | 'fill' | 'drop' | 'release' | 'restart';
  readonly symbols: readonly string[];
  /** Where history ends; of `drop` alone. */
  readonly to?: EpochMs;
}

/** Health of a venue session. */
export interface VenueStatusEvent {
  readonly kind: 'venue-status';
  readonly at: EpochMs;
  readonly status: VenueStatus;
}

/** What a broker says of an execution that is no new fill of a live order of ours. */
export interface ExecutionEvent {
  readonly kind: 'execution';
  readonly at: EpochMs;
  readonly venue: string;
  /**
   * `fill`: of an order that is not live here, or not ours. `commission`: its fee, told later. `corrected`: it was something else.
   * `busted`: it never was.
   */
  readonly change: 'fill' | 'commission' | 'corrected' | 'busted';
  /** Of the engine's account; its broker's id where the engine has no name for it. */
  readonly account: string;
  /** The execution as it is now; of a commission and a bust, only what names it and the fee. */
  readonly execution: Fill;
}

/** A broker's answer to a `query` of the outbox. */
export interface VenueSnapshotEvent {
  readonly kind: 'venue-snapshot';
  readonly at: EpochMs;
  readonly venue: string;
  /** Number of the query. */
  readonly query: number;
  /** Absent where it could not be had: that is not "flat". Accounts are named as in engine.yaml. */
  readonly snapshot?: VenueSnapshot;
  readonly message: string;
}

/** What the broker says an account is worth. */
export interface AccountEvent {
  readonly kind: 'account';
  readonly at: EpochMs;
  readonly account: AccountState;
}

/** A person's command. */
export interface CommandEvent {
  readonly kind: 'command';
  readonly at: EpochMs;
  readonly command: Command;
}

/** Cash that is not a fill: deposit, financing, dividend. Signed amount. */
export interface CashEvent {
  readonly kind: 'cash';
  readonly at: EpochMs;
  readonly book: string;
  readonly currency: string;
  readonly amount: number;
  readonly reason: 'deposit' | 'financing' | 'dividend' | 'other';
}

/** A split of one instrument: `numerator` new units for each `denominator` old ones. */
export interface CorporateActionEvent {
  readonly kind: 'corporate-action';
  readonly at: EpochMs;
  readonly instrumentIndex: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** A judgement made outside by wall clock or I/O: a slow strategy, a skewed clock, an outage that begins. */
export interface GuardEvent {
  readonly kind: 'guard';
  readonly at: EpochMs;
  readonly guard: 'slow-strategy' | 'clock-skew' | 'stale-feed' | 'planned-outage' | 'restored-data';
  /**
   * `warning`: it is told, or about to begin. `begin`: it is so, unless absent. `end`: it is so no longer. `late`: it should have
   * ended.
   */
  readonly stage?: 'warning' | 'begin' | 'end' | 'late';
  /** Name of what it is about: a strategy, a feed, a venue. */
  readonly subject: string;
  readonly message: string;
}

/** What a broker says that is no report of an order. */
export type BrokerEvent = VenueSnapshotEvent | ExecutionEvent | VenueStatusEvent | AccountEvent;

/** The union of everything that can happen. */
export type KernelEvent =
  | TickEvent
  | BarEvent
  | TimerEvent
  | VenueReportEvent
  | FeedStatusEvent
  | BackfillEvent
  | VenueStatusEvent
  | VenueSnapshotEvent
  | ExecutionEvent
  | AccountEvent
  | CommandEvent
  | CashEvent
  | CorporateActionEvent
  | GuardEvent;
