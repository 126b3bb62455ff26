// Test support: a live feed in a module of its own, whose quotes come by the clock.

/** How a feed quotes. */
interface FeedOptions {
  /** Bid at the instant `ts`, as an expression. */
  readonly price: string;
  readonly everyMs: number;
  /** Whether it has bars of a second up to the instant asked for. */
  readonly hasHistory?: boolean;
}

const HISTORY = `
          async *history({ instrument: { symbol }, from, to, bars }) {
            const ts = [];
            for (let at = Math.ceil((to - 20_000) / 1000) * 1000; at + 1000 <= to; at += 1000) ts.push(at);
            const column = (of) => Float64Array.from(ts, of);
            const prices = column(price);
            yield { kind: 'bars', spec: bars, columns: { symbol, length: ts.length, ts: column((at) => at), open: prices, high: prices, low: prices, close: prices, volume: column(() => 1) } };
          },`;

function liveFeed(id: string, { price, everyMs, hasHistory = false }: FeedOptions): string {
  const capabilities = hasHistory ? '{ quotes: true, historyBars: true }' : '{ quotes: true }';
  return `
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
const price = (ts) => ${price};
export default definePlugin({
  id: '${id}',
  apiVersion: API_VERSION,
  feeds: {
    ${id}: {
      capabilities: ${capabilities},
      create: ({ clock }) => {
        let timer;
        return {
          capabilities: ${capabilities},
          async resolve(instrument) { return { instrument, sourceId: instrument.symbol }; },
          async open() {},
          async close() { clearInterval(timer); },${hasHistory ? HISTORY : ''}
          async subscribe(instruments, sink) {
            const unknown = NaN;
            timer = setInterval(() => {
              for (const { symbol } of instruments) {
                const ts = clock.nowUtc();
                const bid = Math.round(price(ts) * 1e5) / 1e5;
                sink.tick({ ts, recvTs: ts, symbol, venue: '${id}', bid, ask: bid + 0.0001, bidSize: unknown, askSize: unknown, last: unknown, size: unknown });
              }
            }, ${everyMs});
            return { async close() { clearInterval(timer); } };
          },
        };
      },
    },
  },
});
`;
}

/** One price, every 20 ms. */
export const TICKER = liveFeed('ticker', { price: '1.1', everyMs: 20 });

const MOVING = { price: '1.1 + 0.01 * Math.sin(ts / 700)', everyMs: 5 };

/** Moves by the clock, so that its quotes are others after each start. */
export const MOVER = liveFeed('mover', MOVING);

/** The same, with bars of the past. */
export const MOVER_WITH_HISTORY = liveFeed('mover', { ...MOVING, hasHistory: true });
