import type { EpochMs } from './time.js';
import type { TimeInForce } from './order.js';

/** What a strategy wants, as recorded: the position it asks for, in the strategy's own measure. */
export interface Signal {
  readonly ts: EpochMs;
  readonly symbol: string;
  /** Share of the allocation from -1 to +1, or units or weight when `meta.measure` says so. */
  readonly targetPos: number;
  readonly tag: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** A signal in units of the instrument, after sizing. */
export interface Target {
  readonly symbol: string;
  readonly targetQty: number;
  readonly tif: TimeInForce;
  readonly tag?: string;
}

/** How the position is entered: a market order unless a limit or stop price is given. */
export interface EntryInstruction {
  readonly limit?: number;
  readonly stop?: number;
  readonly tif?: TimeInForce;
  /** Last instant of a GTD order. */
  readonly expiresAt?: EpochMs;
}

/**
 * Protection of a position: absolute prices, or a trailing distance in price units. Sent as OCO with each fill, resized with the
 * position, cancelled at flat.
 */
export interface ProtectInstruction {
  readonly stop?: number;
  readonly takeProfit?: number;
  /** Distance of a trailing stop in price units. */
  readonly trail?: number;
}

/** The long form of a strategy's answer: exactly one of share, units, weight. */
export interface TargetPosition {
  /** Share of the strategy's allocation, -1 to +1; the sizer turns it into units. */
  readonly share?: number;
  /** Units of the instrument. */
  readonly units?: number;
  /** Fraction of the book's equity, signed. */
  readonly weight?: number;
  readonly entry?: EntryInstruction;
  readonly protect?: ProtectInstruction;
  /** Size again although the answer is the same. */
  readonly rebalance?: boolean;
}

/**
 * What `onBar` may return: nothing (wish unchanged), a share for the primary symbol, a target for it, or a record per symbol.
 * 0 is flat; a symbol left out is unchanged.
 */
export type SignalAnswer =
  | number
  | TargetPosition
  | Readonly<Record<string, number | TargetPosition>>
  | undefined
  | void;
