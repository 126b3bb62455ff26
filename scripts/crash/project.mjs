// The folder an engine runs in: two strategies in two books, on one symbol of one account at the practice broker.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** Most units that a strategy here ever wants, either way. */
export const MOST_UNITS = 10;
export const ACCOUNT_CASH = 1_000_000;
export const BOOK_CAPITAL = 400_000;
/** What no book has: it stays in the suspense book. */
export const UNALLOCATED = ACCOUNT_CASH - 2 * BOOK_CAPITAL;

/** Long with protection, flat, short by limit with protection, flat by limit: something is under way at all times. */
const STRATEGY = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const turner = defineStrategy({
  name: 'turner',
  params: z.strictObject({ every: z.int().min(1), first: z.int().min(0) }),
  state: () => ({ bars: 0 }),
  warmup: () => 1,
  onBar({ state, params, bar }) {
    state.bars += 1;
    if ((state.bars + params.first) % params.every !== 0) return undefined;
    const { close } = bar;
    const round = Math.floor((state.bars + params.first) / params.every);
    switch (round % 5) {
      case 0: return { units: ${MOST_UNITS}, protect: { stop: close - 0.06, takeProfit: close + 0.06 } };
      case 1: return { units: -${MOST_UNITS - 3}, entry: { limit: close + 0.01, tif: 'GTC' }, protect: { stop: close + 0.08, takeProfit: close - 0.08 } };
      case 2: return 0;
      case 3: return { units: ${MOST_UNITS - 5}, entry: { limit: close - 0.02, tif: 'GTC' }, protect: { stop: close - 0.09 } };
      default: return { units: -${MOST_UNITS} };
    }
  },
});
export default definePlugin({ id: 'turner', apiVersion: API_VERSION, strategies: { turner } });
`;

function yaml(port) {
  return `
engine: { name: crash, baseCurrency: USD, dataDir: ./var, reconcile: { settleMs: 150 } }
plugins: ["@bookrunner/practice-broker", ./turner.mjs]
instruments:
  ACME: { assetClass: equity, quote: USD, priceStep: 0.01, lotStep: 1, calendar: 24x7 }
feeds: { market: { use: practice, options: { port: ${port} } } }
venues: { broker: { use: practice, options: { port: ${port}, account: practice } } }
accounts: { main: { venue: broker, id: practice, exclusive: true } }
books:
  ONE: { account: main, capital: ${BOOK_CAPITAL}, dayCalendar: 24x7 }
  TWO: { account: main, capital: ${BOOK_CAPITAL}, dayCalendar: 24x7 }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20, stale: { feedMs: 600000 } } }
strategies:
  first: { use: turner, book: ONE, symbols: [ACME], bars: { use: tick, options: { ticks: 2, price: mid } }, params: { every: 3, first: 0 } }
  second: { use: turner, book: TWO, symbols: [ACME], bars: { use: tick, options: { ticks: 3, price: mid } }, params: { every: 4, first: 7 } }
`;
}

/** Makes the folder; `dispose` removes it. */
export function makeProject(port) {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-crash-'));
  const link = (name, target) => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(REPOSITORY, target), path);
  };
  link('@bookrunner/sdk', 'packages/sdk');
  link('@bookrunner/practice-broker', 'packages/practice-broker');
  link('zod', 'node_modules/zod');
  writeFileSync(join(folder, 'turner.mjs'), STRATEGY);
  writeFileSync(join(folder, 'engine.yaml'), yaml(port));
  const dataDir = join(folder, 'var');
  return { folder, dataDir, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
