import type { EpochMs } from './time.js';

/** Direction of an order or fill. */
export type Side = 'buy' | 'sell';

/** Order types of the model. A bracket or OCO is a group of these. */
export type OrderType = 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop';

/** How long an order works: until the trading day's end, until cancelled, at once or not, wholly or not, until a date. */
export type TimeInForce = 'DAY' | 'GTC' | 'IOC' | 'FOK' | 'GTD';

/** Why an order exists. Only `entry` adds risk; the rest always may reduce. */
export type OrderPurpose = 'entry' | 'exit' | 'protection' | 'kill';

/**
 * Where an order stands. `pending` is handed to the router, `sent` has left, `unknown` means the outcome of the submit is not
 * known, `working` is at the venue. The last four are final.
 */
export type OrderStatus =
  | 'pending'
  | 'sent'
  | 'unknown'
  | 'working'
  | 'pending-cancel'
  | 'pending-replace'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired';

/** An order as a risk policy sees it, before it exists. Quantities are unsigned units; prices are NaN where not used. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  readonly orderType: OrderType;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly tif: TimeInForce;
  readonly purpose: OrderPurpose;
  readonly strategy: string;
  readonly book: string;
  /** Whether it only brings the position closer to zero, without crossing it. */
  readonly reduces: boolean;
}

/**
 * Our instruction to a venue. Quantities are unsigned units, prices in quote currency; a price not used is NaN. Venues never
 * change it. `clientOrderId` has 16 characters and is unique for life; `tag` is `STRATEGY|BOOK|YYYYMMDD`.
 */
export interface Order {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  readonly orderType: OrderType;
  readonly limitPrice: number;
  readonly stopPrice: number;
  /** Distance of a trailing stop in price units; NaN for other types. */
  readonly trail: number;
  readonly tif: TimeInForce;
  /** Last instant of a GTD order; NaN otherwise. */
  readonly expiresAt: EpochMs;
  readonly tag: string;
  readonly account: string;
  readonly purpose: OrderPurpose;
  /** Orders that share a group id cancel each other when one fills (OCO); empty for none. */
  readonly ocoGroup: string;
  /** Sent only after this order fills (bracket children); empty for none. */
  readonly parentId: string;
  /** When the engine created it, in kernel time. */
  readonly createdTs: EpochMs;
}

/** Names an order at a venue. */
export interface OrderRef {
  readonly clientOrderId: string;
  readonly symbol: string;
  /** The venue's own id; what names an order that is not the engine's, as a panic on an exclusive account cancels it. */
  readonly venueOrderId?: string;
}

/** What a replace changes; an absent field stays as it is. */
export interface OrderChange {
  readonly qty?: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
}

/** `STRATEGY|BOOK|YYYYMMDD`: the day is the order's trading day and keys nothing. */
export function buildTag(strategy: string, book: string, tradingDay: number): string {
  return `${strategy}|${book}|${tradingDay}`;
}
