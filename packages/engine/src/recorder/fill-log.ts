import type { EpochMs, Liquidity, Side, TradingDay } from '@bookrunner/sdk';
import { buildTag } from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import { ChunkedLog, type LogOptions } from './chunked-log.js';
import {
  LIQUIDITIES,
  liquidityCode,
  numberOrNull,
  orderIdColumn,
  ownerColumns,
  ownerOf,
  SIDES,
  symbolColumn,
  tagColumn,
  type RecordNames,
  type RecordOwnerIndex,
} from './record-names.js';
import type { FillRow } from './record-rows.js';
import type { Column } from './record-table.js';
import { TextDictionary } from './text-dictionary.js';

/** One execution as the hot path has it, read in place during the call. NaN means "none" where a field says so. */
export interface FillRecord {
  readonly at: EpochMs;
  readonly order: { readonly sequence: number; readonly tradingDay: TradingDay; readonly side: Side };
  /** Unsigned units. */
  readonly qty: number;
  readonly price: number;
  /** NaN where not known. */
  readonly decisionPrice: number;
  /** As booked, in `feeCurrency`; negative is a rebate. */
  readonly fee: number;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
}

/** What an execution came to. */
export interface FillOutcome {
  /** Profit it realised before its fee, in the book's currency. */
  readonly realised: number;
}

// Places of a row's numbers, in the order of `createArrays`.
const TS = 0;
const ORDER_SEQUENCE = 1;
const INSTRUMENT = 2;
const OWNER = 3;
const TRADING_DAY = 4;
const SIDE = 5;
const QTY = 6;
const PRICE = 7;
const REFERENCE_PRICE = 8;
const FEE = 9;
const FEE_CURRENCY = 10;
const LIQUIDITY = 11;
const REALISED = 12;

type FillArrays = ReturnType<typeof createArrays>;

/** Every execution of a run, in the order they were booked. */
export class FillLog extends ChunkedLog<FillArrays, FillRow> {
  private readonly names: RecordNames;
  private readonly currencies = new TextDictionary();

  constructor(names: RecordNames, options?: LogOptions) {
    super(createArrays, options);
    this.names = names;
  }

  /** Copies one execution; allocates only a new chunk. */
  append(fill: FillRecord, owner: RecordOwnerIndex, outcome: FillOutcome): void {
    const at = this.next();
    const { rows } = this;
    const { order } = fill;
    rows[at + TS] = fill.at;
    rows[at + ORDER_SEQUENCE] = order.sequence;
    rows[at + INSTRUMENT] = owner.instrumentIndex;
    rows[at + OWNER] = owner.strategyIndex;
    rows[at + TRADING_DAY] = order.tradingDay;
    rows[at + SIDE] = order.side === 'buy' ? 0 : 1;
    rows[at + QTY] = fill.qty;
    rows[at + PRICE] = fill.price;
    rows[at + REFERENCE_PRICE] = fill.decisionPrice;
    rows[at + FEE] = fill.fee;
    rows[at + FEE_CURRENCY] = this.currencies.code(fill.feeCurrency);
    rows[at + LIQUIDITY] = liquidityCode(fill.liquidity);
    rows[at + REALISED] = outcome.realised;
  }

  protected override row(arrays: FillArrays, index: number): FillRow {
    const names = this.names;
    const { strategy, book } = ownerOf(names, arrays.owner[0]!);
    const tradingDay = arrays.tradingDay[0]!;
    return {
      ts: arrays.ts[0]!,
      recordedSequence: index + 1,
      orderId: formatOrderId(names.runEpoch, arrays.orderSequence[0]!),
      symbol: names.symbols[arrays.instrument[0]!] ?? '',
      strategy,
      book,
      tag: buildTag(strategy, book, tradingDay),
      tradingDay,
      side: SIDES[arrays.side[0]!]!,
      qty: arrays.qty[0]!,
      price: arrays.price[0]!,
      referencePrice: numberOrNull(arrays.referencePrice[0]!),
      fee: arrays.fee[0]!,
      feeCurrency: this.currencies.text(arrays.feeCurrency[0]!),
      liquidity: LIQUIDITIES[arrays.liquidity[0]!]!,
      realised: arrays.realised[0]!,
      barIndex: null,
    };
  }

  protected override describe(arrays: FillArrays, rows: number, first: number): readonly Column[] {
    const names = this.names;
    return [
      { name: 'ts', type: 'timestamp', values: arrays.ts },
      { name: 'recordedSequence', type: 'int64', values: Float64Array.from(arrays.ts, (_, row) => first + row + 1) },
      orderIdColumn(names, arrays.orderSequence),
      symbolColumn(names, arrays.instrument),
      ...ownerColumns(names, arrays.owner),
      tagColumn(names, arrays.owner, arrays.tradingDay),
      { name: 'tradingDay', type: 'int32', values: arrays.tradingDay },
      { name: 'side', type: 'text', codes: arrays.side, dictionary: SIDES },
      { name: 'qty', type: 'double', values: arrays.qty },
      { name: 'price', type: 'double', values: arrays.price },
      { name: 'referencePrice', type: 'double', values: arrays.referencePrice, optional: true },
      { name: 'fee', type: 'double', values: arrays.fee },
      { name: 'feeCurrency', type: 'text', codes: arrays.feeCurrency, dictionary: this.currencies.texts },
      { name: 'liquidity', type: 'text', codes: arrays.liquidity, dictionary: LIQUIDITIES },
      { name: 'realised', type: 'double', values: arrays.realised },
      // A fill does not know its bar.
      { name: 'barIndex', type: 'int64', values: new Float64Array(rows).fill(Number.NaN), optional: true },
    ];
  }
}

function createArrays(rows: number) {
  return {
    ts: new Float64Array(rows),
    orderSequence: new Float64Array(rows),
    instrument: new Int32Array(rows),
    owner: new Int32Array(rows),
    tradingDay: new Int32Array(rows),
    side: new Uint8Array(rows),
    qty: new Float64Array(rows),
    price: new Float64Array(rows),
    referencePrice: new Float64Array(rows),
    fee: new Float64Array(rows),
    feeCurrency: new Int32Array(rows),
    liquidity: new Uint8Array(rows),
    realised: new Float64Array(rows),
  };
}
