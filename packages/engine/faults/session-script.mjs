// What is traded in every session: prices by the clock, and strategies that want the same of the same bar, however often they are asked.

/** Tuesday 2024-01-02, 12:00 UTC: the market is open. */
export const START = Date.UTC(2024, 0, 2, 12);
export const BAR_MS = 20_000;
/** Prices move at the beginning of a stage only, so that what is done later in it is done at the same price. */
export const STAGE_MS = 5 * BAR_MS;
export const STAGES = 10;
/** How long nothing goes wrong any more, for books and venue to come to agree. */
export const SETTLE_MS = 2 * STAGE_MS;
export const TICK_MS = 5_000;
/** Stages in whose middle the connection to the venue is cut by hand, in every session. */
export const CUTS = new Map([[5, 4_000]]);

/** Middle of the market, by stage; the last one stays. */
const PRICES = {
  EURUSD: [1.1, 1.1, 1.1, 1.1, 1.103, 1.103, 1.101, 1.101, 1.102, 1.102],
  GBPUSD: [1.3, 1.3, 1.3, 1.3, 1.325, 1.325, 1.325, 1.324, 1.324, 1.324],
};

/** Units at bid and ask, which make partial fills. */
const SIZES = { EURUSD: 8_000, GBPUSD: 5_000 };

const HALF_SPREAD = 0.00005;
const SYMBOLS = Object.keys(PRICES);

export function stageAt(ts) {
  return Math.min(STAGES - 1, Math.max(0, Math.floor((ts - START) / STAGE_MS)));
}

/** The market of all symbols at an instant. */
export function quotesAt(ts) {
  return SYMBOLS.map((symbol) => {
    const middle = PRICES[symbol][stageAt(ts)];
    const price = (offset) => Math.round((middle + offset) * 1e5) / 1e5;
    return { symbol, bid: price(-HALF_SPREAD), ask: price(HALF_SPREAD), size: SIZES[symbol] };
  });
}

/** Cash of the account: the capital of both books. */
export const CASH = 400_000;
export const FEE_PER_UNIT = 0.0001;

/**
 * Plugin of the strategies. A wish is repeated with every bar and asks to be sized anew, so that what was refused or lost is asked
 * for again. `null` says nothing: what protection took off stays off.
 */
export const PLUGIN = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const capabilities = {
  orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
  timeInForce: ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'],
  oco: true, replace: true, shortSale: true,
};
const START = ${START}, STAGE_MS = ${STAGE_MS}, LAST = ${STAGES - 1};
const PLANS = {
  trend: [
    { units: 20000, protect: { stop: 1.05, takeProfit: 1.2 } },
    { units: 20000, protect: { stop: 1.05, takeProfit: 1.2 } },
    { units: 20000, protect: { stop: 1.06, takeProfit: 1.21 } },
    { units: 20000, protect: { stop: 1.06, takeProfit: 1.21 } },
    { units: 10000, protect: { stop: 1.06, takeProfit: 1.21 } },
    { units: 10000, protect: { stop: 1.06, takeProfit: 1.21 } },
    { units: 10000, protect: { stop: 1.07, takeProfit: 1.21 } },
    { units: 10000, protect: { stop: 1.07, takeProfit: 1.21 } },
    { units: 0 },
    { units: -5000, entry: { limit: 1.15, tif: 'GTC' } },
  ],
  fade: [
    null,
    { units: -15000, entry: { limit: 1.102, tif: 'GTC' } },
    { units: -15000, entry: { limit: 1.1021, tif: 'GTC' } },
    { units: -15000, entry: { limit: 1.101, tif: 'GTC' } },
    { units: -15000, entry: { limit: 1.101, tif: 'GTC' } },
    { units: -15000, protect: { stop: 1.2 } },
    { units: 0 },
    { units: 10000, entry: { limit: 1.05, tif: 'GTC' } },
    { units: 0 },
    { units: -4000 },
  ],
  swing: [
    { units: 10000, entry: { limit: 1.29, tif: 'GTC' } },
    { units: 0 },
    { units: 12000, protect: { stop: 1.25, takeProfit: 1.32 } },
    null,
    null,
    { units: 0 },
    { units: -8000, protect: { stop: 1.4 } },
    { units: -8000, protect: { stop: 1.39 } },
    { units: -8000, protect: { stop: 1.39 } },
    { units: -8000, protect: { stop: 1.39 } },
  ],
};
const planned = (name) => defineStrategy({
  name, params: z.strictObject({}), warmup: () => 1,
  onBar({ bar }) {
    const stage = Math.min(LAST, Math.floor((bar.ts - START) / STAGE_MS));
    const wish = stage < 0 ? null : PLANS[name][stage];
    return wish === null ? undefined : { ...wish, rebalance: true };
  },
});
const unused = () => ({ capabilities });
export default definePlugin({
  id: 'faults', apiVersion: API_VERSION,
  feeds: { pushed: { capabilities: { quotes: true }, create: unused } },
  venues: { paper: { capabilities, create: unused } },
  strategies: { trend: planned('trend'), fade: planned('fade'), swing: planned('swing') },
});
`;

const BARS = `bars: { use: time, options: { seconds: ${BAR_MS / 1_000}, price: mid } }`;

/** Two strategies in two books on EURUSD, which the account nets, and one on GBPUSD; the venue is asked what it has every so often. */
export function yamlOf({ everyMs }) {
  return `
engine: { name: faults, baseCurrency: USD, dataDir: ./var, onStop: keep, reconcile: { everyMs: ${everyMs}, settleMs: 500, pageMs: 20000, callMs: 3000 } }
plugins: [./faults.mjs]
instruments:
  EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 }
  GBPUSD: { assetClass: fx, base: GBP, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 }
feeds: { data: { use: pushed } }
venues: { broker: { use: paper } }
accounts: { main: { venue: broker, id: ACC1, exclusive: true } }
books: { NORTH: { account: main, capital: 200000 }, SOUTH: { account: main, capital: 200000 } }
risk: { use: standard, options: { stale: { feedMs: 12000 }, maxLeverage: 5 } }
strategies:
  trend: { use: trend, book: NORTH, symbols: [EURUSD], ${BARS} }
  fade: { use: fade, book: SOUTH, symbols: [EURUSD], ${BARS} }
  swing: { use: swing, book: NORTH, symbols: [GBPUSD], ${BARS} }
`;
}
