import type { RejectedRow, TickColumns } from '@bookrunner/sdk';

/** Which rows to take, and who hears of those that cannot be used. */
export interface TradeSelection {
  readonly symbols: ReadonlySet<string>;
  readonly from?: number;
  readonly to?: number;
  readonly onRejected: (row: Omit<RejectedRow, 'source'>) => void;
}

const FIELDS = 4;

interface Trade {
  readonly ts: number;
  readonly price: number;
  readonly size: number;
}

/** Lines `symbol,ts,price,size` as one block of ticks for each symbol, ascending. */
export function parseTrades(text: string, selection: TradeSelection): readonly TickColumns[] {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = selection;
  const trades = new Map<string, Trade[]>([...selection.symbols].map((symbol) => [symbol, []]));
  const lastTs = new Map<string, number>();
  text.split('\n').forEach((line, i) => {
    const fields = line.split(',').map((field) => field.trim());
    const [symbol = '', ts = '', price = '', size = ''] = fields;
    // Half a line reads as a line: its number ends wherever the writer stopped, so none of it is used.
    if (line.trim() !== '' && fields.length !== FIELDS)
      return selection.onRejected({ line: i + 1, reason: 'it has not four fields' });
    const list = trades.get(symbol);
    if (list === undefined) return;
    const trade = { ts: numberOf(ts), price: numberOf(price), size: numberOf(size) };
    const fault = faultOf(trade, lastTs.get(symbol) ?? Number.NEGATIVE_INFINITY);
    if (fault !== undefined) return selection.onRejected({ line: i + 1, reason: fault });
    lastTs.set(symbol, trade.ts);
    if (trade.ts >= from && trade.ts < to) list.push(trade);
  });
  return [...trades].map(([symbol, list]) => ({
    symbol,
    length: list.length,
    ts: Float64Array.from(list, (trade) => trade.ts),
    last: Float64Array.from(list, (trade) => trade.price),
    size: Float64Array.from(list, (trade) => trade.size),
  }));
}

/** Number('') is 0, which would make a price of an empty field. */
function numberOf(field: string): number {
  return field === '' ? Number.NaN : Number(field);
}

function faultOf({ ts, price }: Trade, before: number): string | undefined {
  if (!Number.isFinite(ts)) return 'the time is not a number';
  if (ts < before) return 'the time is before that of the row ahead';
  return Number.isFinite(price) && price !== 0 ? undefined : 'the price is not a number other than 0';
}
