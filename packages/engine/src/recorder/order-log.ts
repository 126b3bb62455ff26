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
  ownerColumns,
  ownerOf,
  PURPOSES,
  SIDES,
  statusCode,
  symbolColumn,
  tagColumn,
  TIMES_IN_FORCE,
  type RecordNames,
  type RecordOwnerIndex,
} from './record-names.js';
import type { OrderRow } from './record-rows.js';
import type { Column } from './record-table.js';
import { ORDER_BITS, packOrder } from './row-codes.js';
import { bitsAt, type Chunk, halfAt, type LayoutValues, numberAt } from './row-layout.js';
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

// Places of a row's numbers.
const CREATED_TS = 0;
const SEQUENCE = 1;
const QTY = 2;
const LIMIT_PRICE = 3;
const STOP_PRICE = 4;
const FILLED_QTY = 5;
const AVG_FILL_PRICE = 6;
const ENDED_TS = 7;
// Places of its halves: of the numbers 8, 9 and 10.
const INSTRUMENT = 16;
const OWNER = 17;
const TRADING_DAY = 18;
const CODES = 19;
const STATUS = 20;
const REASON = 21;

const LAYOUT = {
  createdTs: numberAt(CREATED_TS),
  sequence: numberAt(SEQUENCE),
  instrument: halfAt(INSTRUMENT),
  owner: halfAt(OWNER),
  tradingDay: halfAt(TRADING_DAY),
  side: bitsAt(CODES, ORDER_BITS.side),
  orderType: bitsAt(CODES, ORDER_BITS.orderType),
  tif: bitsAt(CODES, ORDER_BITS.tif),
  purpose: bitsAt(CODES, ORDER_BITS.purpose),
  qty: numberAt(QTY),
  limitPrice: numberAt(LIMIT_PRICE),
  stopPrice: numberAt(STOP_PRICE),
  status: halfAt(STATUS),
  filledQty: numberAt(FILLED_QTY),
  avgFillPrice: numberAt(AVG_FILL_PRICE),
  endedTs: numberAt(ENDED_TS),
  reason: halfAt(REASON),
};

type OrderValues = LayoutValues<typeof LAYOUT>;

/**
 * Every order of a run, once: appended when it becomes final, so rows ascend by `endedTs` but for those that were amended. At the end of
 * a run append what is still open as it stands.
 */
export class OrderLog extends ChunkedLog<typeof LAYOUT, OrderRow> {
  private readonly names: RecordNames;
  private readonly reasons = new TextDictionary(['']);

  constructor(names: RecordNames, options?: LogOptions) {
    super(LAYOUT, options);
    this.names = names;
  }

  /** Copies one order; allocates only a new chunk, and a dictionary entry for a reason not seen before. */
  append(outcome: OrderOutcome, owner: RecordOwnerIndex): void {
    const { order } = outcome;
    const codes = packOrder(order);
    const at = this.next();
    const half = at << 1;
    const { numbers, halves } = this.chunk;
    numbers[at + CREATED_TS] = order.createdTs;
    numbers[at + SEQUENCE] = order.sequence;
    numbers[at + AVG_FILL_PRICE] = outcome.avgFillPrice;
    halves[half + INSTRUMENT] = owner.instrumentIndex;
    halves[half + OWNER] = owner.strategyIndex;
    halves[half + TRADING_DAY] = order.tradingDay;
    halves[half + CODES] = codes;
    this.#outcome(this.chunk, at, outcome);
  }

  /**
   * An order that has a row was given up and came to light: its row becomes what it is now, and how it was made stays. False where no row
   * of it is held.
   */
  amend(outcome: OrderOutcome): boolean {
    const { order } = outcome;
    const found = this.newest(({ numbers }, at) => numbers[at + SEQUENCE] === order.sequence);
    if (found === undefined) return false;
    const { chunk, at } = found;
    const { numbers } = chunk;
    if (order.filledQty !== numbers[at + FILLED_QTY]) numbers[at + AVG_FILL_PRICE] = outcome.avgFillPrice;
    this.#outcome(chunk, at, outcome);
    return true;
  }

  protected override row(values: OrderValues): OrderRow {
    const names = this.names;
    const { strategy, book } = ownerOf(names, values.owner[0]!);
    const tradingDay = values.tradingDay[0]!;
    return {
      createdTs: values.createdTs[0]!,
      orderId: formatOrderId(names.runEpoch, values.sequence[0]!),
      symbol: names.symbols[values.instrument[0]!] ?? '',
      strategy,
      book,
      tag: buildTag(strategy, book, tradingDay),
      tradingDay,
      side: SIDES[values.side[0]!]!,
      orderType: ORDER_TYPES[values.orderType[0]!]!,
      tif: TIMES_IN_FORCE[values.tif[0]!]!,
      purpose: PURPOSES[values.purpose[0]!]!,
      qty: values.qty[0]!,
      limitPrice: numberOrNull(values.limitPrice[0]!),
      stopPrice: numberOrNull(values.stopPrice[0]!),
      status: ORDER_STATUSES[values.status[0]!]!,
      filledQty: values.filledQty[0]!,
      avgFillPrice: numberOrNull(values.avgFillPrice[0]!),
      endedTs: numberOrNull(values.endedTs[0]!),
      reason: this.reasons.text(values.reason[0]!),
    };
  }

  protected override describe(values: OrderValues): readonly Column[] {
    const names = this.names;
    return [
      { name: 'createdTs', type: 'timestamp', values: values.createdTs },
      orderIdColumn(names, values.sequence),
      symbolColumn(names, values.instrument),
      ...ownerColumns(names, values.owner),
      tagColumn(names, values.owner, values.tradingDay),
      { name: 'tradingDay', type: 'int32', values: values.tradingDay },
      { name: 'side', type: 'text', codes: values.side, dictionary: SIDES },
      { name: 'orderType', type: 'text', codes: values.orderType, dictionary: ORDER_TYPES },
      { name: 'tif', type: 'text', codes: values.tif, dictionary: TIMES_IN_FORCE },
      { name: 'purpose', type: 'text', codes: values.purpose, dictionary: PURPOSES },
      { name: 'qty', type: 'double', values: values.qty },
      { name: 'limitPrice', type: 'double', values: values.limitPrice, optional: true },
      { name: 'stopPrice', type: 'double', values: values.stopPrice, optional: true },
      { name: 'status', type: 'text', codes: values.status, dictionary: ORDER_STATUSES },
      { name: 'filledQty', type: 'double', values: values.filledQty },
      { name: 'avgFillPrice', type: 'double', values: values.avgFillPrice, optional: true },
      { name: 'endedTs', type: 'timestamp', values: values.endedTs, optional: true },
      { name: 'reason', type: 'text', codes: values.reason, dictionary: this.reasons.texts },
    ];
  }

  #outcome({ numbers, halves }: Chunk, at: number, outcome: OrderOutcome): void {
    const half = at << 1;
    const { order, reason } = outcome;
    numbers[at + QTY] = order.qty;
    numbers[at + LIMIT_PRICE] = order.limitPrice;
    numbers[at + STOP_PRICE] = order.stopPrice;
    numbers[at + FILLED_QTY] = order.filledQty;
    numbers[at + ENDED_TS] = outcome.endedTs;
    halves[half + STATUS] = statusCode(order.status);
    halves[half + REASON] = reason.length === 0 ? NO_REASON : this.reasons.code(reason);
  }
}
