import type { ClosedTrade } from '../portfolio/trade-statistics.js';
import { ChunkedLog, type LogOptions } from './chunked-log.js';
import { ownerColumns, ownerOf, SIDES, symbolColumn, type RecordNames } from './record-names.js';
import type { TradeRow } from './record-rows.js';
import type { Column } from './record-table.js';

// Places of a row's numbers, in the order of `createArrays`.
const OPEN_TS = 0;
const CLOSE_TS = 1;
const INSTRUMENT = 2;
const OWNER = 3;
const SIDE = 4;
const QTY = 5;
const ENTRY_VALUE = 6;
const EXIT_VALUE = 7;
const FEES = 8;
const PNL = 9;

type TradeArrays = ReturnType<typeof createArrays>;

/** Every closed trade of a run, in the order they closed. */
export class TradeLog extends ChunkedLog<TradeArrays, TradeRow> {
  private readonly names: RecordNames;

  constructor(names: RecordNames, options?: LogOptions) {
    super(createArrays, options);
    this.names = names;
  }

  /** Copies one trade; allocates only a new chunk. */
  append(trade: ClosedTrade): void {
    const at = this.next();
    const { rows } = this;
    rows[at + OPEN_TS] = trade.openTs;
    rows[at + CLOSE_TS] = trade.ts;
    rows[at + INSTRUMENT] = trade.instrumentIndex;
    rows[at + OWNER] = trade.ownerIndex;
    rows[at + SIDE] = trade.qty >= 0 ? 0 : 1;
    rows[at + QTY] = Math.abs(trade.qty);
    rows[at + ENTRY_VALUE] = trade.entryValue;
    rows[at + EXIT_VALUE] = trade.exitValue;
    rows[at + FEES] = trade.fees;
    rows[at + PNL] = trade.pnl;
  }

  protected override row(arrays: TradeArrays): TradeRow {
    return {
      openTs: arrays.openTs[0]!,
      closeTs: arrays.closeTs[0]!,
      symbol: this.names.symbols[arrays.instrument[0]!] ?? '',
      ...ownerOf(this.names, arrays.owner[0]!),
      side: SIDES[arrays.side[0]!]!,
      qty: arrays.qty[0]!,
      entryValue: arrays.entryValue[0]!,
      exitValue: arrays.exitValue[0]!,
      fees: arrays.fees[0]!,
      pnl: arrays.pnl[0]!,
    };
  }

  protected override describe(arrays: TradeArrays): readonly Column[] {
    return [
      { name: 'openTs', type: 'timestamp', values: arrays.openTs },
      { name: 'closeTs', type: 'timestamp', values: arrays.closeTs },
      symbolColumn(this.names, arrays.instrument),
      ...ownerColumns(this.names, arrays.owner),
      { name: 'side', type: 'text', codes: arrays.side, dictionary: SIDES },
      { name: 'qty', type: 'double', values: arrays.qty },
      { name: 'entryValue', type: 'double', values: arrays.entryValue },
      { name: 'exitValue', type: 'double', values: arrays.exitValue },
      { name: 'fees', type: 'double', values: arrays.fees },
      { name: 'pnl', type: 'double', values: arrays.pnl },
    ];
  }
}

function createArrays(rows: number) {
  return {
    openTs: new Float64Array(rows),
    closeTs: new Float64Array(rows),
    instrument: new Int32Array(rows),
    owner: new Int32Array(rows),
    side: new Uint8Array(rows),
    qty: new Float64Array(rows),
    entryValue: new Float64Array(rows),
    exitValue: new Float64Array(rows),
    fees: new Float64Array(rows),
    pnl: new Float64Array(rows),
  };
}
