// What an engine shows of itself: plain JSON, so that it crosses threads and wires. Figures that are not known are null.
import type {
  Currency,
  EpochMs,
  FeedState,
  Liquidity,
  OrderPurpose,
  OrderStatus,
  OrderType,
  Side,
  VenueStatus,
} from '@bookrunner/sdk';
import type { ReconciliationView } from './reconciliation-view.js';
import type { ShownDecimals } from './shown-decimals.js';

/** Where a run is. */
export type RunState = 'starting' | 'running' | 'recovering' | 'stopping';

/** New risk that is stopped: by a person or by a limit. */
export interface HaltView {
  readonly scope: 'global' | 'venue' | 'book' | 'strategy';
  /** Of the venue, book or strategy; empty for the global scope. */
  readonly name: string;
  readonly reason: string;
  /** When it ends by itself; null where a person has to resume. */
  readonly until: EpochMs | null;
}

/** One feed. */
export interface FeedView {
  readonly name: string;
  readonly state: FeedState | 'replay';
  readonly message: string;
  /** Kernel time of its last row; null before the first. */
  readonly lastAt: EpochMs | null;
  readonly rows: number;
  /** What was handled and not used as it came: crossed quotes, time that ran backwards, by kind. */
  readonly irregular: Readonly<Record<string, number>>;
}

/** One broker. */
export interface VenueView {
  readonly name: string;
  /** Accounts that trade there, by the engine's names. */
  readonly accounts: readonly string[];
  readonly state: VenueStatus['state'];
  readonly message: string;
  /** Wall clock since when the state is so. */
  readonly since: EpochMs;
  /** Of the last heartbeat; null before the first, and where it was not measured. */
  readonly heartbeatAt: EpochMs | null;
  readonly latencyMs: number | null;
  /** When its last snapshot came; null before the first. */
  readonly snapshotAt: EpochMs | null;
  /** Whether it has said what is there since its session began, and its last complete answer is not older than it may be. */
  readonly isReconciled: boolean;
  /** Reports that were not used as they came, by why. */
  readonly irregular: Readonly<Record<string, number>>;
}

/** What is known of a broker without its reconciliation. */
export type VenueFacts = Omit<VenueView, 'isReconciled'>;

/** One strategy in one instrument. Quantities are signed units. */
export interface PositionView {
  readonly symbol: string;
  readonly qty: number;
  readonly avgPrice: number | null;
  /** Last mark price. */
  readonly price: number | null;
  /** What the strategy wants; null while it wants nothing. */
  readonly target: number | null;
  /** Strategy whose order is in the way of one of its own (SELF_TRADE_WAIT); null while none is. */
  readonly waitsFor: string | null;
  /** What it wants was refused, rejected, expired or stopped out: nothing is sent before the strategy answers something else. */
  readonly awaitsOtherAnswer: boolean;
}

/** One strategy. Money is in `currency`, the base of its book. */
export interface StrategyView {
  readonly name: string;
  readonly book: string;
  /** Where its orders go. */
  readonly venue: string;
  /** Feed whose outages concern it. */
  readonly feed: string;
  readonly currency: Currency;
  readonly status: 'running' | 'stopped' | 'failed';
  readonly reason: string;
  readonly isWarm: boolean;
  readonly allocation: number;
  /** Loss of a day, in basis points, at which a person lets it take no new risk (`risk NAME BPS`); null for none. */
  readonly lossLimitBps: number | null;
  /** Before fees. */
  readonly realised: number;
  readonly fees: number;
  readonly fills: number;
  readonly positions: readonly PositionView[];
}

/** One book. Money is in `currency`. */
export interface BookView {
  readonly name: string;
  readonly currency: Currency;
  readonly capital: number;
  readonly equity: number | null;
  /** Of all currencies, at the last rates. */
  readonly cash: number | null;
  /** Profit since the trading day began. */
  readonly dayProfit: number | null;
  readonly realised: number;
  readonly unrealised: number | null;
  readonly grossExposure: number | null;
}

/** One order at work. */
export interface OrderView {
  readonly orderId: string;
  readonly createdTs: EpochMs;
  readonly symbol: string;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly purpose: OrderPurpose;
  readonly status: OrderStatus;
  readonly qty: number;
  readonly filledQty: number;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly tag: string;
}

/** One execution. */
export interface FillView {
  readonly ts: EpochMs;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: Currency;
  readonly liquidity: Liquidity;
  readonly tag: string;
}

/** A running engine at one instant. */
export interface EngineSnapshot {
  readonly runId: string;
  readonly name: string;
  readonly mode: 'paper' | 'live';
  readonly state: RunState;
  /** Kernel time; null before the first event. */
  readonly at: EpochMs | null;
  /** Wall clock. */
  readonly takenAt: EpochMs;
  /** How far kernel time is behind the replay clock, in real ms; 0 for live feeds and at full speed. */
  readonly lagMs: number;
  readonly counts: {
    readonly ticks: number;
    readonly bars: number;
    readonly orders: number;
    readonly fills: number;
  };
  readonly halts: readonly HaltView[];
  /** In which people read prices and quantities, by symbol. */
  readonly decimals: Readonly<Record<string, ShownDecimals>>;
  readonly feeds: readonly FeedView[];
  /** Brokers; empty on paper. */
  readonly venues: readonly VenueView[];
  /** Books against brokers; empty on paper. */
  readonly reconciliation: readonly ReconciliationView[];
  readonly strategies: readonly StrategyView[];
  readonly books: readonly BookView[];
  /** At most {@link SNAPSHOT_ORDERS}, newest last. */
  readonly orders: readonly OrderView[];
  readonly ordersWorking: number;
  /** How many of them may or may not have reached the venue. */
  readonly ordersUnknown: number;
  /** At most {@link SNAPSHOT_FILLS}, newest last. */
  readonly fills: readonly FillView[];
}

/** Most working orders and fills in a snapshot. */
export const SNAPSHOT_ORDERS = 200;
export const SNAPSHOT_FILLS = 100;
