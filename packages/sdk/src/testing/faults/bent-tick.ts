// Ticks and bars as a faulty feed tells them: with bent quotes, by a clock that is wrong, row by row.
import type { BarColumns } from '../../model/bar.js';
import type { Tick, TickColumns } from '../../model/tick.js';

/** The tick of one row of columns. */
export function tickOfRow(columns: TickColumns, row: number): Tick {
  const at = (column: Float64Array | undefined): number => column?.[row] ?? Number.NaN;
  return {
    ts: at(columns.ts),
    recvTs: at(columns.recvTs),
    symbol: columns.symbol,
    venue: columns.venue ?? '',
    bid: at(columns.bid),
    ask: at(columns.ask),
    bidSize: at(columns.bidSize),
    askSize: at(columns.askSize),
    last: at(columns.last),
    size: at(columns.size),
  };
}

/** The tick with bid and ask in each other's place; undefined where that crosses nothing. */
export function crossedTick(tick: Tick): Tick | undefined {
  const { bid, ask, bidSize, askSize } = tick;
  return bid < ask ? { ...tick, bid: ask, ask: bid, bidSize: askSize, askSize: bidSize } : undefined;
}

/** The tick with a quote that is not known. */
export function quotelessTick(tick: Tick): Tick {
  const none = Number.NaN;
  return { ...tick, bid: none, ask: none, bidSize: none, askSize: none };
}

/** The columns by a clock that is off by so much. */
export function skewedTicks(columns: TickColumns, skewMs: number): TickColumns {
  return { ...columns, ts: columns.ts.map((ts) => ts + skewMs) };
}

/** The bars by a clock that is off by so much. */
export function skewedBars(columns: BarColumns, skewMs: number): BarColumns {
  const skew = (column: Float64Array): Float64Array => column.map((ts) => ts + skewMs);
  const { ts, endTs } = columns;
  return { ...columns, ts: skew(ts), ...(endTs === undefined ? {} : { endTs: skew(endTs) }) };
}
