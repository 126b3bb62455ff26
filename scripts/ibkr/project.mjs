// Folders in which an engine trades at a gateway: a strategy of which something works at nearly all times, and its engine.yaml.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '../crash/project.mjs';

export const ACCOUNT = 'DU1234567';
/** Most units that a strategy here ever wants, either way. */
export const MOST_UNITS = 12;

/** Long with a bracket, short by limit with a bracket, flat, and so on. */
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
    const reach = close * 0.002;
    switch (Math.floor((state.bars + params.first) / params.every) % 4) {
      case 0: return { units: ${MOST_UNITS}, protect: { stop: close - reach, takeProfit: close + reach } };
      case 1: return { units: -${MOST_UNITS - 3}, entry: { limit: close + 0.02, tif: 'GTC' }, protect: { stop: close + reach } };
      case 2: return { units: ${MOST_UNITS - 5}, entry: { limit: close - 0.02, tif: 'GTC' }, protect: { stop: close - reach, takeProfit: close + reach } };
      default: return { units: -${MOST_UNITS}, protect: { stop: close + reach, takeProfit: close - reach } };
    }
  },
});
export default definePlugin({ id: 'turner', apiVersion: API_VERSION, strategies: { turner } });
`;

/** Equal in all: an instrument of which IB says the same, and waits that a test can afford. */
const STOCK =
  'assetClass: equity, quote: USD, priceStep: 0.0001, priceSteps: [{ from: 0, step: 0.0001 }, { from: 1, step: 0.01 }], lotStep: 1, calendar: 24x7';
/** Often enough that a comparison falls into the time in which markets stand still. */
export const RECONCILE_EVERY_MS = 2000;
export const QUICK = 'retryFirstMs: 200, retryLongestMs: 1000';

function yaml({ port, restart = 'false', outages = '' }) {
  const bars = 'bars: { use: time, options: { seconds: 1, price: mid } }';
  return `
engine: { name: ibkr-restart, baseCurrency: USD, dataDir: ./var, reconcile: { everyMs: ${RECONCILE_EVERY_MS}, settleMs: 500 }, guards: { outageLeadMs: 1000 } }
plugins: ["@bookrunner/plugins-ibkr", ./turner.mjs]
instruments:
  AAPL: { ${STOCK}, venues: { ib: { primary: NASDAQ } } }
  MSFT: { ${STOCK}, venues: { ib: { primary: NASDAQ } } }
feeds: { ib: { use: ibkr, options: &gateway { port: ${port}, ${QUICK}, restart: ${restart} } } }
venues: { ib: { use: ibkr, options: *gateway ${outages === '' ? '' : `, outages: ${outages}`} } }
accounts: { main: { venue: ib, id: ${ACCOUNT}, exclusive: true } }
books:
  ONE: { account: main, capital: 400000, dayCalendar: 24x7 }
  TWO: { account: main, capital: 400000, dayCalendar: 24x7 }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20, stale: { feedMs: 600000 } } }
strategies:
  first: { use: turner, book: ONE, symbols: [AAPL], ${bars}, params: { every: 1, first: 0 } }
  second: { use: turner, book: TWO, symbols: [MSFT], ${bars}, params: { every: 2, first: 1 } }
`;
}

/** A folder; with no port one for an engine.yaml that is elsewhere. */
export class IbkrProject {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-ibkr-'));
  dataDir = join(this.folder, 'var');

  constructor(options) {
    if (options === undefined) return;
    this.#link('@bookrunner/sdk', 'packages/sdk');
    this.#link('@bookrunner/plugins-ibkr', 'packages/plugins-ibkr');
    this.#link('zod', 'node_modules/zod');
    writeFileSync(join(this.folder, 'turner.mjs'), STRATEGY);
    writeFileSync(join(this.folder, 'engine.yaml'), yaml(options));
  }

  /** Reconciliation files of all runs, oldest first. */
  reports() {
    const runs = join(this.dataDir, 'runs');
    return readdirSync(runs)
      .toSorted()
      .map((run) => JSON.parse(readFileSync(join(runs, run, 'reconciliation.json'), 'utf8')));
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #link(name, target) {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(REPOSITORY, target), path);
  }
}
