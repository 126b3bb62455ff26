import {
  buildTag,
  type EpochMs,
  type OrderPurpose,
  type OrderStatus,
  type OrderType,
  type Side,
  type TimeInForce,
  type TradingDay,
} from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import { ORDER_STATUSES } from '../execution/order-state.js';
import { ChunkedLog, type LogOptions } from './chunked-log.js';
import {
  numberOrNull,
  ORDER_TYPES,
  orderIdColumn,
  orderTypeCode,
  ownerColumns,
  ownerOf,
  purposeCode,
  PURPOSES,
  SIDES,
  statusCode,
  symbolColumn,
  tagColumn,
  timeInForceCode,
  TIMES_IN_FORCE,
  type RecordNames,
  type RecordOwnerIndex,
} from './record-names.js';
import type { OrderRow } from './record-rows.js';
import type { Column } from './record-table.js';
import { TextDictionary } from './text-dictionary.js';

/** One order as the hot path has it at its end, read in place during the call. NaN means "none" where a field says so. */
export interface RecordedOrder {
  /** When it came to light, for an order of a session that the journal does not have. */
  readonly createdTs: EpochMs;
  /** Counter of the run, from 1. */
  readonly sequence: number;
  readonly tradingDay: TradingDay;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly purpose: OrderPurpose;
  readonly qty: number;
  /** NaN where not used. */
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly status: OrderStatus;
  readonly filledQty: number;
}

/** An order that is recorded, and how it ended; read during the call. */
export interface OrderOutcome {
  readonly order: RecordedOrder;
  /** NaN where nothing filled. */
  readonly avgFillPrice: number;
  /** NaN for an order still open. */
  readonly endedTs: EpochMs;
  /** Why it was rejected, cancelled or expired; empty otherwise. */
  readonly reason: string;
}

/** The code of an empty reason, which nearly every order has. */
const NO_REASON = 0;

// Places of a row's numbers, in the order of `createArrays`.
const CREATED_TS = 0;
const SEQUENCE = 1;
const INSTRUMENT = 2;
const OWNER = 3;
const TRADING_DAY = 4;
const SIDE = 5;
const ORDER_TYPE = 6;
const TIF = 7;
const PURPOSE = 8;
const QTY = 9;
const LIMIT_PRICE = 10;
const STOP_PRICE = 11;
const STATUS = 12;
const FILLED_QTY = 13;
const AVG_FILL_PRICE = 14;
const ENDED_TS = 15;
const REASON = 16;

type OrderArrays = ReturnType<typeof createArrays>;

/**
 * Every order of a run, once: appended when it becomes final, so rows ascend by `endedTs` but for those that were amended. At the end of
 * a run append what is still open as it stands.
 */
export class OrderLog extends ChunkedLog<OrderArrays, OrderRow> {
  private readonly names: RecordNames;
  private readonly reasons = new TextDictionary(['']);

  constructor(names: RecordNames, options?: LogOptions) {
    super(createArrays, options);
    this.names = names;
  }

  /** Copies one order; allocates only a new chunk, and a dictionary entry for a reason not seen before. */
  append(outcome: OrderOutcome, owner: RecordOwnerIndex): void {
    const at = this.next();
    const { rows } = this;
    const { order } = outcome;
    rows[at + CREATED_TS] = order.createdTs;
    rows[at + SEQUENCE] = order.sequence;
    rows[at + INSTRUMENT] = owner.instrumentIndex;
    rows[at + OWNER] = owner.strategyIndex;
    rows[at + TRADING_DAY] = order.tradingDay;
    rows[at + SIDE] = order.side === 'buy' ? 0 : 1;
    rows[at + ORDER_TYPE] = orderTypeCode(order.orderType);
    rows[at + TIF] = timeInForceCode(order.tif);
    rows[at + PURPOSE] = purposeCode(order.purpose);
    rows[at + AVG_FILL_PRICE] = outcome.avgFillPrice;
    this.#outcome(rows, at, outcome);
  }

  /**
   * An order that has a row was given up and came to light: its row becomes what it is now, and how it was made stays. False where no row
   * of it is held.
   */
  amend(outcome: OrderOutcome): boolean {
    const { order } = outcome;
    const found = this.newest((rows, at) => rows[at + SEQUENCE] === order.sequence);
    if (found === undefined) return false;
    const { rows, at } = found;
    if (order.filledQty !== rows[at + FILLED_QTY]) rows[at + AVG_FILL_PRICE] = outcome.avgFillPrice;
    this.#outcome(rows, at, outcome);
    return true;
  }

  protected override row(arrays: OrderArrays): OrderRow {
    const names = this.names;
    const { strategy, book } = ownerOf(names, arrays.owner[0]!);
    const tradingDay = arrays.tradingDay[0]!;
    return {
      createdTs: arrays.createdTs[0]!,
      orderId: formatOrderId(names.runEpoch, arrays.sequence[0]!),
      symbol: names.symbols[arrays.instrument[0]!] ?? '',
      strategy,
      book,
      tag: buildTag(strategy, book, tradingDay),
      tradingDay,
      side: SIDES[arrays.side[0]!]!,
      orderType: ORDER_TYPES[arrays.orderType[0]!]!,
      tif: TIMES_IN_FORCE[arrays.tif[0]!]!,
      purpose: PURPOSES[arrays.purpose[0]!]!,
      qty: arrays.qty[0]!,
      limitPrice: numberOrNull(arrays.limitPrice[0]!),
      stopPrice: numberOrNull(arrays.stopPrice[0]!),
      status: ORDER_STATUSES[arrays.status[0]!]!,
      filledQty: arrays.filledQty[0]!,
      avgFillPrice: numberOrNull(arrays.avgFillPrice[0]!),
      endedTs: numberOrNull(arrays.endedTs[0]!),
      reason: this.reasons.text(arrays.reason[0]!),
    };
  }

  protected override describe(arrays: OrderArrays): readonly Column[] {
    const names = this.names;
    return [
      { name: 'createdTs', type: 'timestamp', values: arrays.createdTs },
      orderIdColumn(names, arrays.sequence),
      symbolColumn(names, arrays.instrument),
      ...ownerColumns(names, arrays.owner),
      tagColumn(names, arrays.owner, arrays.tradingDay),
      { name: 'tradingDay', type: 'int32', values: arrays.tradingDay },
      { name: 'side', type: 'text', codes: arrays.side, dictionary: SIDES },
      { name: 'orderType', type: 'text', codes: arrays.orderType, dictionary: ORDER_TYPES },
      { name: 'tif', type: 'text', codes: arrays.tif, dictionary: TIMES_IN_FORCE },
      { name: 'purpose', type: 'text', codes: arrays.purpose, dictionary: PURPOSES },
      { name: 'qty', type: 'double', values: arrays.qty },
      { name: 'limitPrice', type: 'double', values: arrays.limitPrice, optional: true },
      { name: 'stopPrice', type: 'double', values: arrays.stopPrice, optional: true },
      { name: 'status', type: 'text', codes: arrays.status, dictionary: ORDER_STATUSES },
      { name: 'filledQty', type: 'double', values: arrays.filledQty },
      { name: 'avgFillPrice', type: 'double', values: arrays.avgFillPrice, optional: true },
      { name: 'endedTs', type: 'timestamp', values: arrays.endedTs, optional: true },
      { name: 'reason', type: 'text', codes: arrays.reason, dictionary: this.reasons.texts },
    ];
  }

  #outcome(rows: Float64Array, at: number, outcome: OrderOutcome): void {
    const { order, reason } = outcome;
    rows[at + QTY] = order.qty;
    rows[at + LIMIT_PRICE] = order.limitPrice;
    rows[at + STOP_PRICE] = order.stopPrice;
    rows[at + STATUS] = statusCode(order.status);
    rows[at + FILLED_QTY] = order.filledQty;
    rows[at + ENDED_TS] = outcome.endedTs;
    rows[at + REASON] = reason.length === 0 ? NO_REASON : this.reasons.code(reason);
  }
}

function createArrays(rows: number) {
  return {
    createdTs: new Float64Array(rows),
    sequence: new Float64Array(rows),
    instrument: new Int32Array(rows),
    owner: new Int32Array(rows),
    tradingDay: new Int32Array(rows),
    side: new Uint8Array(rows),
    orderType: new Uint8Array(rows),
    tif: new Uint8Array(rows),
    purpose: new Uint8Array(rows),
    qty: new Float64Array(rows),
    limitPrice: new Float64Array(rows),
    stopPrice: new Float64Array(rows),
    status: new Uint8Array(rows),
    filledQty: new Float64Array(rows),
    avgFillPrice: new Float64Array(rows),
    endedTs: new Float64Array(rows),
    reason: new Int32Array(rows),
  };
}
