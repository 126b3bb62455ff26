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

type FillArrays = ReturnType<typeof createArrays>;

/** Every execution of a run, in the order they were booked. */
export class FillLog extends ChunkedLog<FillArrays, FillRow> {
  readonly #names: RecordNames;
  readonly #currencies = new TextDictionary();

  constructor(names: RecordNames, options?: LogOptions) {
    super(createArrays, options);
    this.#names = names;
  }

  /** Copies one execution; allocates only a new chunk. */
  append(fill: FillRecord, owner: RecordOwnerIndex, outcome: FillOutcome): void {
    const place = this.next();
    const { arrays } = this;
    const { order } = fill;
    arrays.ts[place] = fill.at;
    arrays.orderSequence[place] = order.sequence;
    arrays.instrument[place] = owner.instrumentIndex;
    arrays.owner[place] = owner.strategyIndex;
    arrays.tradingDay[place] = order.tradingDay;
    arrays.side[place] = order.side === 'buy' ? 0 : 1;
    arrays.qty[place] = fill.qty;
    arrays.price[place] = fill.price;
    arrays.referencePrice[place] = fill.decisionPrice;
    arrays.fee[place] = fill.fee;
    arrays.feeCurrency[place] = this.#currencies.code(fill.feeCurrency);
    arrays.liquidity[place] = liquidityCode(fill.liquidity);
    arrays.realised[place] = outcome.realised;
  }

  protected override row(arrays: FillArrays, place: number, index: number): FillRow {
    const names = this.#names;
    const { strategy, book } = ownerOf(names, arrays.owner[place]!);
    const tradingDay = arrays.tradingDay[place]!;
    return {
      ts: arrays.ts[place]!,
      recordedSequence: index + 1,
      orderId: formatOrderId(names.runEpoch, arrays.orderSequence[place]!),
      symbol: names.symbols[arrays.instrument[place]!] ?? '',
      strategy,
      book,
      tag: buildTag(strategy, book, tradingDay),
      tradingDay,
      side: SIDES[arrays.side[place]!]!,
      qty: arrays.qty[place]!,
      price: arrays.price[place]!,
      referencePrice: numberOrNull(arrays.referencePrice[place]!),
      fee: arrays.fee[place]!,
      feeCurrency: this.#currencies.text(arrays.feeCurrency[place]!),
      liquidity: LIQUIDITIES[arrays.liquidity[place]!]!,
      realised: arrays.realised[place]!,
      barIndex: null,
    };
  }

  protected override describe(arrays: FillArrays, rows: number, first: number): readonly Column[] {
    const names = this.#names;
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
      { name: 'feeCurrency', type: 'text', codes: arrays.feeCurrency, dictionary: this.#currencies.texts },
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
