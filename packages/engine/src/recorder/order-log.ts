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

type OrderArrays = ReturnType<typeof createArrays>;

/**
 * Every order of a run, once: appended when it becomes final, so rows ascend by `endedTs` but for those that were amended. At the end of
 * a run append what is still open as it stands.
 */
export class OrderLog extends ChunkedLog<OrderArrays, OrderRow> {
  readonly #names: RecordNames;
  readonly #reasons = new TextDictionary(['']);

  constructor(names: RecordNames, options?: LogOptions) {
    super(createArrays, options);
    this.#names = names;
  }

  /** Copies one order; allocates only a new chunk, and a dictionary entry for a reason not seen before. */
  append(outcome: OrderOutcome, owner: RecordOwnerIndex): void {
    const place = this.next();
    const { arrays } = this;
    const { order } = outcome;
    arrays.createdTs[place] = order.createdTs;
    arrays.sequence[place] = order.sequence;
    arrays.instrument[place] = owner.instrumentIndex;
    arrays.owner[place] = owner.strategyIndex;
    arrays.tradingDay[place] = order.tradingDay;
    arrays.side[place] = order.side === 'buy' ? 0 : 1;
    arrays.orderType[place] = orderTypeCode(order.orderType);
    arrays.tif[place] = timeInForceCode(order.tif);
    arrays.purpose[place] = purposeCode(order.purpose);
    arrays.avgFillPrice[place] = outcome.avgFillPrice;
    this.#outcome(arrays, place, outcome);
  }

  /**
   * An order that has a row was given up and came to light: its row becomes what it is now, and how it was made stays. False where no row
   * of it is held.
   */
  amend(outcome: OrderOutcome): boolean {
    const { order } = outcome;
    const found = this.newest((arrays, place) => arrays.sequence[place] === order.sequence);
    if (found === undefined) return false;
    const { arrays, place } = found;
    if (order.filledQty !== arrays.filledQty[place]) arrays.avgFillPrice[place] = outcome.avgFillPrice;
    this.#outcome(arrays, place, outcome);
    return true;
  }

  protected override row(arrays: OrderArrays, place: number): OrderRow {
    const names = this.#names;
    const { strategy, book } = ownerOf(names, arrays.owner[place]!);
    const tradingDay = arrays.tradingDay[place]!;
    return {
      createdTs: arrays.createdTs[place]!,
      orderId: formatOrderId(names.runEpoch, arrays.sequence[place]!),
      symbol: names.symbols[arrays.instrument[place]!] ?? '',
      strategy,
      book,
      tag: buildTag(strategy, book, tradingDay),
      tradingDay,
      side: SIDES[arrays.side[place]!]!,
      orderType: ORDER_TYPES[arrays.orderType[place]!]!,
      tif: TIMES_IN_FORCE[arrays.tif[place]!]!,
      purpose: PURPOSES[arrays.purpose[place]!]!,
      qty: arrays.qty[place]!,
      limitPrice: numberOrNull(arrays.limitPrice[place]!),
      stopPrice: numberOrNull(arrays.stopPrice[place]!),
      status: ORDER_STATUSES[arrays.status[place]!]!,
      filledQty: arrays.filledQty[place]!,
      avgFillPrice: numberOrNull(arrays.avgFillPrice[place]!),
      endedTs: numberOrNull(arrays.endedTs[place]!),
      reason: this.#reasons.text(arrays.reason[place]!),
    };
  }

  protected override describe(arrays: OrderArrays): readonly Column[] {
    const names = this.#names;
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
      { name: 'reason', type: 'text', codes: arrays.reason, dictionary: this.#reasons.texts },
    ];
  }

  #outcome(arrays: OrderArrays, place: number, outcome: OrderOutcome): void {
    const { order, reason } = outcome;
    arrays.qty[place] = order.qty;
    arrays.limitPrice[place] = order.limitPrice;
    arrays.stopPrice[place] = order.stopPrice;
    arrays.status[place] = statusCode(order.status);
    arrays.filledQty[place] = order.filledQty;
    arrays.endedTs[place] = outcome.endedTs;
    arrays.reason[place] = reason.length === 0 ? NO_REASON : this.#reasons.code(reason);
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
