// Test support: a live session of many symbols with resting orders and positions, and a strategy that hangs when a file appears.

/** Symbols of the session: a strategy may rest one order in each. */
export const SYMBOLS = Array.from({ length: 25 }, (_, i) => `S${String(i).padStart(2, '0')}`);
/** The first of them are held, in the others an order rests. */
export const HELD = 5;

/** A live feed that pushes quotes of every symbol. */
export const PUSH = `
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
export default definePlugin({
  id: 'push',
  apiVersion: API_VERSION,
  feeds: {
    push: {
      capabilities: { quotes: true },
      create: ({ clock }) => {
        let timer;
        return {
          capabilities: { quotes: true },
          async resolve(instrument) { return { instrument, sourceId: instrument.symbol }; },
          async open() {},
          async close() { clearInterval(timer); },
          async subscribe(instruments, sink) {
            const unknown = NaN;
            timer = setInterval(() => {
              for (const { symbol } of instruments) {
                const ts = clock.nowUtc();
                sink.tick({ ts, recvTs: ts, symbol, venue: 'push', bid: 100, ask: 100.01, bidSize: unknown, askSize: unknown, last: unknown, size: unknown });
              }
            }, 20);
            return { async close() { clearInterval(timer); } };
          },
        };
      },
    },
  },
});
`;

/**
 * \`many\` buys the first symbols and rests a bid far below the market in the others. `hang` runs `body` when the file HANG is there, and takes it away unless it `stays`, and
 * writes a line to CALLED each time a strategy of this module is called.
 */
export function strategies(folder: string, body: string, { stays = false } = {}): string {
  return `
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { threadId } from 'node:worker_threads';
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const folder = ${JSON.stringify(folder)};
const called = (name) => appendFileSync(folder + '/CALLED', name + ' ' + process.pid + ' ' + threadId + '\\n');
const params = z.strictObject({});
const many = defineStrategy({
  name: 'many', params, warmup: () => 1,
  onBar({ symbols, closed }) {
    called('many');
    return Object.fromEntries(symbols.map((symbol, i) => [symbol, i < ${HELD} ? { units: 10 } : { units: 10, entry: { limit: 95, tif: 'GTC' } }]));
  },
});
const hang = defineStrategy({
  name: 'hang', params, warmup: () => 1,
  onBar() {
    called('hang');
    if (existsSync(folder + '/HANG')) { ${stays ? '' : "rmSync(folder + '/HANG'); "}${body} }
    return 0;
  },
  onStop() { called('onStop'); for (;;); },
});
export default definePlugin({ id: 'test-strategies', apiVersion: API_VERSION, strategies: { many, hang } });
`;
}

/** engine.yaml of the session. A call that comes back is not stopped for having been slow: these tests are about those that do not. */
export const HUNG_YAML = `
engine: { name: hung-test, baseCurrency: USD, dataDir: ./var, guards: { stopStrategyMs: 60000 } }
plugins: [./strategies.js, ./push.js]
instruments:
${[...SYMBOLS, 'HNG'].map((symbol) => `  ${symbol}: { assetClass: equity, quote: USD, priceStep: 0.01, lotStep: 1, calendar: 24x7 }`).join('\n')}
feeds: { data: { use: push } }
venues: { sim: { use: simulated } }
accounts: { main: { venue: sim } }
books: { MANY: { account: main, capital: 1000000 }, OTHER: { account: main, capital: 1000000 } }
strategies:
  mine: { use: many, book: MANY, symbols: [${SYMBOLS.join(', ')}], bars: { use: time, options: { seconds: 1, price: mid } } }
  hangs: { use: hang, book: OTHER, symbols: [HNG], bars: { use: time, options: { seconds: 1, price: mid } } }
`;
