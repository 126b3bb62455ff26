import type { Instrument } from '../model/instrument.js';
import type { OrderRequest } from '../model/order.js';
import type { EpochMs } from '../model/time.js';

/** Where a limit applies. */
export type RiskScope = 'strategy' | 'book' | 'global';

/**
 * What a risk policy sees of the scope it guards. One object is reused: read it during the call. Money is in the scope's base
 * currency. Orders approved earlier in the same batch are already counted as working. An order whose outcome is unknown counts
 * at its worst.
 */
export interface PortfolioView {
  readonly scope: RiskScope;
  /** Name of the strategy or book; empty for global. */
  readonly name: string;
  readonly ts: EpochMs;
  readonly equity: number;
  /** Equity at the start of the current trading day of the book's calendar. */
  readonly dayStartEquity: number;
  /** Profit and loss of the day so far, in basis points of `dayStartEquity`. */
  readonly dayPnlBps: number;
  /** Sum of absolute market values of positions and of the worst case of working orders. */
  readonly grossExposure: number;
  /** Orders working or on their way. */
  readonly workingOrders: number;
  /** Orders sent during the last 1,000 ms and 60,000 ms of kernel time, those that protect or reduce included. */
  readonly ordersLastSecond: number;
  readonly ordersLastMinute: number;
  instrument(symbol: string): Instrument;
  /** Signed units held in the scope. */
  position(symbol: string): number;
  /** Signed remaining units of working entry orders in the scope. */
  working(symbol: string): number;
  /** Last price: mid of a quote, else last trade, else last close; NaN where none is known. */
  price(symbol: string): number;
  /** Money in the scope's base currency for one unit of the symbol at price 1: pointValue times the conversion rate. */
  unitValue(symbol: string): number;
}

/** What sizing knows. Money is in the book's base currency. */
export interface SizingRequest {
  readonly ts: EpochMs;
  readonly strategy: string;
  readonly book: string;
  readonly instrument: Instrument;
  /** What the strategy asked, -1 to +1. */
  readonly share: number;
  /** The strategy's part of the book, 0 to 1. */
  readonly allocation: number;
  /** Equity of the book, now. */
  readonly bookEquity: number;
  /** Allocated equity: `bookEquity × allocation`. */
  readonly equity: number;
  readonly price: number;
  /** Money per unit at price 1, see PortfolioView.unitValue. */
  readonly unitValue: number;
  readonly currentQty: number;
  /** Gross exposure of the strategy, in the book's base currency. */
  readonly grossExposure: number;
  /** Values of the sizer's own features, by name; NaN until warm. */
  readonly features: Readonly<Record<string, number>>;
}

/** Units to hold, before lot rounding (the engine rounds), or why not. */
export type SizingDecision =
  | { readonly kind: 'sized'; readonly units: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string };

/** Turns a share into units. A plugin contribution of its own. */
export interface Sizer {
  size(request: SizingRequest): SizingDecision;
}

/** The policy's word on one order. `trim` lowers the quantity (the engine rounds it down to the lot). */
export type RiskDecision =
  | { readonly kind: 'approve' }
  | { readonly kind: 'trim'; readonly qty: number; readonly reason: string; readonly message: string }
  | { readonly kind: 'refuse'; readonly reason: string; readonly message: string };

/** A policy's wish to stop new risk in its scope, until the next trading day or until a person resumes. */
export interface HaltDecision {
  readonly reason: string;
  readonly message: string;
  readonly until: 'next-day' | 'resumed';
}

/**
 * Limits, and halts. All checks run: strategy, book, global; cumulative within a batch; the tightest wins.
 *
 * Rules: 1. A refusal is a value with a reason code, never a throw. 2. An order that only reduces a position passes every check
 * but the fat-finger collar. 3. Equal requests and views give equal decisions: no clock, no randomness. 4. A trim is below the
 * asked quantity and never below 0. 5. The view and the request are not kept and not changed. 6. A price that is not known
 * refuses what adds risk. 7. `onState` may halt, never resume. 8. At a smaller loss of the day than `asksFromLossBps`, where that
 * is declared, `onState` has nothing to say.
 * Checked by `riskPolicyContract` (RSK-…).
 */
export interface RiskPolicy {
  check(order: OrderRequest, view: PortfolioView): RiskDecision;
  /**
   * Loss of the day, in basis points of its start, below which {@link onState} has nothing to say: the engine then asks only from
   * there on, which is far cheaper than a call at every mark. Read when a day begins. Absent: asked at every mark.
   */
  readonly asksFromLossBps?: number;
  onState?(view: PortfolioView): HaltDecision | undefined;
}
