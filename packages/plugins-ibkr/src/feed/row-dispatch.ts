// From the library's events to the lines whose requests they answer. This is the path of every tick: it looks up and calls.
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Gateway } from '../session/gateway.js';
import type { MarketLine, ToldQuote } from './market-line.js';

/** Which requests are open, by id. */
export class RowDispatch {
  readonly book = new Map<number, MarketLine>();
  readonly quotes = new Map<number, MarketLine>();
  readonly trades = new Map<number, MarketLine>();
  readonly #told: ToldQuote = { seconds: 0, bid: 0, ask: 0, bidSize: 0, askSize: 0 };

  /** Hears the gateway's rows; returns how to stop. */
  listen(gateway: Gateway): readonly (() => void)[] {
    const { book, quotes, trades } = this;
    const told = this.#told;
    return [
      gateway.on(TWS_EVENT.tickPrice, (id: number, tickType: number, price: number | undefined) =>
        book.get(id)?.tickPrice(tickType, price),
      ),
      gateway.on(TWS_EVENT.tickSize, (id: number, tickType: number, size: number | undefined) =>
        book.get(id)?.tickSize(tickType, size),
      ),
      gateway.on(TWS_EVENT.tickString, (id: number, tickType: number, value: string) =>
        book.get(id)?.tickString(tickType, value),
      ),
      gateway.on(TWS_EVENT.tickGeneric, (id: number, tickType: number, value: number) =>
        book.get(id)?.tickGeneric(tickType, value),
      ),
      gateway.on(TWS_EVENT.marketDataType, (id: number, type: number) => book.get(id)?.health.setDataType(type)),
      gateway.on(
        TWS_EVENT.tickByTickBidAsk,
        // oxlint-disable-next-line max-params -- the library's own order of arguments
        (id: number, time: string, bid: number, ask: number, bidSize: number, askSize: number) => {
          const line = quotes.get(id);
          if (line === undefined) return;
          told.seconds = Number(time);
          told.bid = bid;
          told.ask = ask;
          told.bidSize = bidSize;
          told.askSize = askSize;
          line.quote(told);
        },
      ),
      gateway.on(
        TWS_EVENT.tickByTickAllLast,
        // oxlint-disable-next-line max-params -- the library's own order of arguments
        (id: number, _kind: number, time: string, price: number, size: number) =>
          trades.get(id)?.trade(Number(time), price, size),
      ),
    ];
  }

  /** The line of a request, and what it asks for. */
  find(id: number): { readonly line: MarketLine; readonly kind: 'book' | 'quotes' | 'trades' } | undefined {
    for (const kind of ['book', 'quotes', 'trades'] as const) {
      const line = this[kind].get(id);
      if (line !== undefined) return { line, kind };
    }
    return undefined;
  }

  /** Opens a request under a new id. */
  open(line: MarketLine, kind: 'book' | 'quotes' | 'trades', id: number): void {
    line.requests[kind] = id;
    this[kind].set(id, line);
  }

  /** Forgets a request; returns its id, 0 for none. */
  close(line: MarketLine, kind: 'book' | 'quotes' | 'trades'): number {
    const id = line.requests[kind];
    this[kind].delete(id);
    line.requests[kind] = 0;
    return id;
  }

  /** Forgets all requests of a line; returns their ids. */
  closeAll(line: MarketLine): MarketLine['requests'] {
    return {
      book: this.close(line, 'book'),
      quotes: this.close(line, 'quotes'),
      trades: this.close(line, 'trades'),
    };
  }
}
