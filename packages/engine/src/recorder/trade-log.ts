import type { ClosedTrade } from '../portfolio/trade-statistics.js';
import { ChunkedLog, type LogOptions } from './chunked-log.js';
import { ownerColumns, ownerOf, SIDES, symbolColumn, type RecordNames } from './record-names.js';
import type { TradeRow } from './record-rows.js';
import type { Column } from './record-table.js';

type TradeArrays = ReturnType<typeof createArrays>;

/** Every closed trade of a run, in the order they closed. */
export class TradeLog extends ChunkedLog<TradeArrays, TradeRow> {
  readonly #names: RecordNames;

  constructor(names: RecordNames, options?: LogOptions) {
    super(createArrays, options);
    this.#names = names;
  }

  /** Copies one trade; allocates only a new chunk. */
  append(trade: ClosedTrade): void {
    const place = this.next();
    const arrays = this.arrays;
    arrays.openTs[place] = trade.openTs;
    arrays.closeTs[place] = trade.ts;
    arrays.instrument[place] = trade.instrumentIndex;
    arrays.owner[place] = trade.ownerIndex;
    arrays.side[place] = trade.qty >= 0 ? 0 : 1;
    arrays.qty[place] = Math.abs(trade.qty);
    arrays.entryValue[place] = trade.entryValue;
    arrays.exitValue[place] = trade.exitValue;
    arrays.fees[place] = trade.fees;
    arrays.pnl[place] = trade.pnl;
  }

  protected override row(arrays: TradeArrays, place: number): TradeRow {
    return {
      openTs: arrays.openTs[place]!,
      closeTs: arrays.closeTs[place]!,
      symbol: this.#names.symbols[arrays.instrument[place]!] ?? '',
      ...ownerOf(this.#names, arrays.owner[place]!),
      side: SIDES[arrays.side[place]!]!,
      qty: arrays.qty[place]!,
      entryValue: arrays.entryValue[place]!,
      exitValue: arrays.exitValue[place]!,
      fees: arrays.fees[place]!,
      pnl: arrays.pnl[place]!,
    };
  }

  protected override describe(arrays: TradeArrays): readonly Column[] {
    return [
      { name: 'openTs', type: 'timestamp', values: arrays.openTs },
      { name: 'closeTs', type: 'timestamp', values: arrays.closeTs },
      symbolColumn(this.#names, arrays.instrument),
      ...ownerColumns(this.#names, arrays.owner),
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
