import type { ClosedTrade } from '../portfolio/trade-statistics.js';
import { ChunkedLog, type LogOptions } from './chunked-log.js';
import { ownerColumns, ownerOf, SIDES, symbolColumn, type RecordNames } from './record-names.js';
import type { TradeRow } from './record-rows.js';
import type { Column } from './record-table.js';
import { halfAt, type LayoutValues, numberAt, signAt, sizeAt } from './row-layout.js';

// Places of a row's numbers.
const OPEN_TS = 0;
const CLOSE_TS = 1;
/** Its sign is the side. */
const SIGNED_QTY = 2;
const ENTRY_VALUE = 3;
const EXIT_VALUE = 4;
const FEES = 5;
const PNL = 6;
// Places of its halves: of the number 7.
const INSTRUMENT = 14;
const OWNER = 15;

const LAYOUT = {
  openTs: numberAt(OPEN_TS),
  closeTs: numberAt(CLOSE_TS),
  instrument: halfAt(INSTRUMENT),
  owner: halfAt(OWNER),
  side: signAt(SIGNED_QTY),
  qty: sizeAt(SIGNED_QTY),
  entryValue: numberAt(ENTRY_VALUE),
  exitValue: numberAt(EXIT_VALUE),
  fees: numberAt(FEES),
  pnl: numberAt(PNL),
};

type TradeValues = LayoutValues<typeof LAYOUT>;

/** Every closed trade of a run, in the order they closed. */
export class TradeLog extends ChunkedLog<typeof LAYOUT, TradeRow> {
  private readonly names: RecordNames;

  constructor(names: RecordNames, options?: LogOptions) {
    super(LAYOUT, options);
    this.names = names;
  }

  /** Copies one trade; allocates only a new chunk. */
  append(trade: ClosedTrade): void {
    const at = this.next();
    const half = at << 1;
    const { numbers, halves } = this.chunk;
    numbers[at + OPEN_TS] = trade.openTs;
    numbers[at + CLOSE_TS] = trade.ts;
    numbers[at + SIGNED_QTY] = trade.qty;
    numbers[at + ENTRY_VALUE] = trade.entryValue;
    numbers[at + EXIT_VALUE] = trade.exitValue;
    numbers[at + FEES] = trade.fees;
    numbers[at + PNL] = trade.pnl;
    halves[half + INSTRUMENT] = trade.instrumentIndex;
    halves[half + OWNER] = trade.ownerIndex;
  }

  protected override row(values: TradeValues): TradeRow {
    return {
      openTs: values.openTs[0]!,
      closeTs: values.closeTs[0]!,
      symbol: this.names.symbols[values.instrument[0]!] ?? '',
      ...ownerOf(this.names, values.owner[0]!),
      side: SIDES[values.side[0]!]!,
      qty: values.qty[0]!,
      entryValue: values.entryValue[0]!,
      exitValue: values.exitValue[0]!,
      fees: values.fees[0]!,
      pnl: values.pnl[0]!,
    };
  }

  protected override describe(values: TradeValues): readonly Column[] {
    return [
      { name: 'openTs', type: 'timestamp', values: values.openTs },
      { name: 'closeTs', type: 'timestamp', values: values.closeTs },
      symbolColumn(this.names, values.instrument),
      ...ownerColumns(this.names, values.owner),
      { name: 'side', type: 'text', codes: values.side, dictionary: SIDES },
      { name: 'qty', type: 'double', values: values.qty },
      { name: 'entryValue', type: 'double', values: values.entryValue },
      { name: 'exitValue', type: 'double', values: values.exitValue },
      { name: 'fees', type: 'double', values: values.fees },
      { name: 'pnl', type: 'double', values: values.pnl },
    ];
  }
}
