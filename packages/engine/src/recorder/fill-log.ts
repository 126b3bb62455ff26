import type { EpochMs, Liquidity, Side, TradingDay } from '@bookrunner/sdk';
import { buildTag } from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import { ChunkedLog, type LogOptions } from './chunked-log.js';
import {
  LIQUIDITIES,
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
import { FEE_CURRENCY_SHIFT, FILL_BITS, packFill } from './row-codes.js';
import { bitsAt, halfAt, type LayoutValues, numberAt } from './row-layout.js';
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

// Places of a row's numbers.
const TS = 0;
const ORDER_SEQUENCE = 1;
const QTY = 2;
const PRICE = 3;
const REFERENCE_PRICE = 4;
const FEE = 5;
const REALISED = 6;
// Places of its halves: of the numbers 7 and 8.
const INSTRUMENT = 14;
const OWNER = 15;
const TRADING_DAY = 16;
const CODES = 17;

const LAYOUT = {
  ts: numberAt(TS),
  orderSequence: numberAt(ORDER_SEQUENCE),
  instrument: halfAt(INSTRUMENT),
  owner: halfAt(OWNER),
  tradingDay: halfAt(TRADING_DAY),
  side: bitsAt(CODES, FILL_BITS.side),
  qty: numberAt(QTY),
  price: numberAt(PRICE),
  referencePrice: numberAt(REFERENCE_PRICE),
  fee: numberAt(FEE),
  feeCurrency: halfAt(CODES, FEE_CURRENCY_SHIFT),
  liquidity: bitsAt(CODES, FILL_BITS.liquidity),
  realised: numberAt(REALISED),
};

type FillValues = LayoutValues<typeof LAYOUT>;

/** Every execution of a run, in the order they were booked. */
export class FillLog extends ChunkedLog<typeof LAYOUT, FillRow> {
  private readonly names: RecordNames;
  private readonly currencies = new TextDictionary();

  constructor(names: RecordNames, options?: LogOptions) {
    super(LAYOUT, options);
    this.names = names;
  }

  /** Copies one execution; allocates only a new chunk. */
  append(fill: FillRecord, owner: RecordOwnerIndex, outcome: FillOutcome): void {
    const { order } = fill;
    // Before the arrays are there: after a call they would have to be read anew.
    const codes = packFill(order.side, fill.liquidity, this.currencies.code(fill.feeCurrency));
    const at = this.next();
    const half = at << 1;
    const { numbers, halves } = this.chunk;
    numbers[at + TS] = fill.at;
    numbers[at + ORDER_SEQUENCE] = order.sequence;
    numbers[at + QTY] = fill.qty;
    numbers[at + PRICE] = fill.price;
    numbers[at + REFERENCE_PRICE] = fill.decisionPrice;
    numbers[at + FEE] = fill.fee;
    numbers[at + REALISED] = outcome.realised;
    halves[half + INSTRUMENT] = owner.instrumentIndex;
    halves[half + OWNER] = owner.strategyIndex;
    halves[half + TRADING_DAY] = order.tradingDay;
    halves[half + CODES] = codes;
  }

  protected override row(values: FillValues, index: number): FillRow {
    const names = this.names;
    const { strategy, book } = ownerOf(names, values.owner[0]!);
    const tradingDay = values.tradingDay[0]!;
    return {
      ts: values.ts[0]!,
      recordedSequence: index + 1,
      orderId: formatOrderId(names.runEpoch, values.orderSequence[0]!),
      symbol: names.symbols[values.instrument[0]!] ?? '',
      strategy,
      book,
      tag: buildTag(strategy, book, tradingDay),
      tradingDay,
      side: SIDES[values.side[0]!]!,
      qty: values.qty[0]!,
      price: values.price[0]!,
      referencePrice: numberOrNull(values.referencePrice[0]!),
      fee: values.fee[0]!,
      feeCurrency: this.currencies.text(values.feeCurrency[0]!),
      liquidity: LIQUIDITIES[values.liquidity[0]!]!,
      realised: values.realised[0]!,
      barIndex: null,
    };
  }

  protected override describe(values: FillValues, rows: number, first: number): readonly Column[] {
    const names = this.names;
    return [
      { name: 'ts', type: 'timestamp', values: values.ts },
      { name: 'recordedSequence', type: 'int64', values: Float64Array.from(values.ts, (_, row) => first + row + 1) },
      orderIdColumn(names, values.orderSequence),
      symbolColumn(names, values.instrument),
      ...ownerColumns(names, values.owner),
      tagColumn(names, values.owner, values.tradingDay),
      { name: 'tradingDay', type: 'int32', values: values.tradingDay },
      { name: 'side', type: 'text', codes: values.side, dictionary: SIDES },
      { name: 'qty', type: 'double', values: values.qty },
      { name: 'price', type: 'double', values: values.price },
      { name: 'referencePrice', type: 'double', values: values.referencePrice, optional: true },
      { name: 'fee', type: 'double', values: values.fee },
      { name: 'feeCurrency', type: 'text', codes: values.feeCurrency, dictionary: this.currencies.texts },
      { name: 'liquidity', type: 'text', codes: values.liquidity, dictionary: LIQUIDITIES },
      { name: 'realised', type: 'double', values: values.realised },
      // A fill does not know its bar.
      { name: 'barIndex', type: 'int64', values: new Float64Array(rows).fill(Number.NaN), optional: true },
    ];
  }
}
