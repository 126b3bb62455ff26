// The SDK's orders, fills, ticks and bars as rows of the store.
import type { Bar, EpochMs, Fill, Order, OrderStatus, Tick, TradingDay } from '@bookrunner/sdk';
import { decimalOf, type DecimalText } from './decimal-text.js';
import type { StoredBar, StoredTick } from './market-rows.js';
import { storeError } from './store-errors.js';
import type { FillStatus, RunName, StoredFill, StoredOrder } from './trading-rows.js';

/** Whom an order or fill belongs to. */
export interface RowOwner {
  readonly run: RunName;
  readonly account: string;
  readonly strategy: string;
  readonly book: string;
  readonly tradingDay: TradingDay;
}

/** Where an order stands. */
export interface OrderState {
  readonly status: OrderStatus;
  readonly venueOrderId: string;
  /** Unsigned units. */
  readonly filledQty: number;
  /** NaN where nothing filled. */
  readonly avgFillPrice: number;
  readonly updatedTs: EpochMs;
  /** NaN while it is open. */
  readonly endedTs: EpochMs;
  readonly reason: string;
  /** Journal offset of the change. */
  readonly revision: bigint;
}

/** What the engine knows of a fill beyond the venue's words. */
export interface FillFacts {
  /** Journal offset of the execution. */
  readonly sequence: bigint;
  /** Journal offset of the last change. */
  readonly revision: bigint;
  /** The mark when a market order was made, the level of another order at this fill; NaN where not known. */
  readonly referencePrice: number;
  /** Profit before the fee, in the book's currency; NaN where not known. */
  readonly realised: number;
  readonly status?: FillStatus;
}

/** An order as a row. Errors: STORE_VALUE_INVALID for an infinite number. */
export function storedOrder(order: Order, owner: RowOwner, state: OrderState): StoredOrder {
  return {
    ...owner,
    account: order.account,
    clientOrderId: order.clientOrderId,
    venueOrderId: state.venueOrderId,
    symbol: order.symbol,
    tag: order.tag,
    side: order.side,
    orderType: order.orderType,
    tif: order.tif,
    purpose: order.purpose,
    qty: exact(order.qty),
    limitPrice: exactOrNull(order.limitPrice),
    stopPrice: exactOrNull(order.stopPrice),
    trail: exactOrNull(order.trail),
    expiresAt: orNull(order.expiresAt),
    ocoGroup: order.ocoGroup,
    parentId: order.parentId,
    createdTs: order.createdTs,
    status: state.status,
    filledQty: exact(state.filledQty),
    avgFillPrice: exactOrNull(state.avgFillPrice),
    updatedTs: state.updatedTs,
    endedTs: orNull(state.endedTs),
    reason: state.reason,
    revision: state.revision,
  };
}

/** A fill as a row. Errors: STORE_VALUE_INVALID for an infinite number. */
export function storedFill(fill: Fill, owner: RowOwner, facts: FillFacts): StoredFill {
  return {
    ...owner,
    executionId: fill.executionId,
    orderId: fill.orderId,
    ts: fill.ts,
    sequence: facts.sequence,
    symbol: fill.symbol,
    tag: fill.tag,
    side: fill.side,
    qty: exact(fill.qty),
    price: exact(fill.price),
    referencePrice: exactOrNull(facts.referencePrice),
    fee: exact(fill.fee),
    feeCurrency: fill.feeCurrency,
    liquidity: fill.liquidity,
    realised: exactOrNull(facts.realised),
    status: facts.status ?? 'booked',
    revision: facts.revision,
  };
}

/** A bar as a row; copies a reused one. */
export function storedBar(bar: Bar, timeframe: string): StoredBar {
  const { ts, endTs, symbol, open, high, low, close, volume, nTicks, vwap } = bar;
  return { symbol, timeframe, ts, endTs, open, high, low, close, volume, nTicks, vwap };
}

/** A tick as a row; copies a reused one. */
export function storedTick(tick: Tick, sequence: bigint): StoredTick {
  const { ts, recvTs, symbol, venue, bid, ask, bidSize, askSize, last, size } = tick;
  return { symbol, venue, ts, sequence, recvTs, bid, ask, bidSize, askSize, last, size };
}

/** The decimal that reads back as the same number. Errors: STORE_VALUE_INVALID where it is not finite. */
export function exact(value: number): DecimalText {
  const text = decimalOf(value);
  if (text === undefined) throw storeError('STORE_VALUE_INVALID', `${value} cannot be stored as a decimal.`);
  return text;
}

/** As {@link exact}, with null for NaN and null. */
export function exactOrNull(value: number | null): DecimalText | null {
  return value === null || Number.isNaN(value) ? null : exact(value);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
