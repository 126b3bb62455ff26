// A session that goes on, and whose strategies begin anew: history warms them up, and nothing else comes of it.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Feed } from '@bookrunner/sdk';
import { CutRun } from './live-cut.fixture.js';
import { MINUTE, newProject, NOON, removeProjects } from './live-session.fixture.js';
import type { PaperProject } from './paper-project.fixture.js';
import type { Quote } from './tape-feed.fixture.js';
import { TICKS } from './uncut-run.fixture.js';

jest.setTimeout(60_000);
afterEach(removeProjects);

/** Buys with its first answer, with a stop, and writes down the bars it is asked about. Begins anew after a second without data. */
const HOLD = `
import { appendFileSync } from 'node:fs';
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
export default definePlugin({
  id: 'hold', apiVersion: API_VERSION,
  feeds: { tape: { capabilities: { quotes: true }, create: () => ({ capabilities: {} }) } },
  strategies: { hold: defineStrategy({
    name: 'hold', params: z.strictObject({ file: z.string() }), warmup: () => 1, lookback: () => 2, gapToleranceMs: 1000,
    features: () => ({}), state: () => ({}),
    onBar({ bar, params }) {
      appendFileSync(params.file, bar.ts + '\\n');
      return { share: 0.4, protect: { stop: 1.09 } };
    },
  }) },
});
`;

function newHolder(): PaperProject {
  const project = newProject('', { 'hold.mjs': HOLD });
  project.write(
    'engine.yaml',
    `
engine: { name: hold-test, baseCurrency: USD, dataDir: ./var }
plugins: [./hold.mjs]
instruments:
  EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x5 }
feeds: { data: { use: tape } }
venues: { sim: { use: simulated } }
risk: { use: standard, options: { stale: { feedMs: 600000 }, maxLeverage: 5 } }
strategies:
  hold: { use: hold, symbols: [EURUSD], allocation: 0.5, params: { file: ${JSON.stringify(project.path('asked'))} },
    bars: [{ use: time, options: { seconds: 60, price: mid } }] }
`,
  );
  return project;
}

/** Nobody watches when the market falls below the stop, and comes back. */
const DIP = NOON + 10 * MINUTE + 5_000;
const TAPE: readonly Quote[] = Array.from({ length: 3_600 }, (_, second) => {
  const ts = NOON - 30 * MINUTE + second * 1_000;
  return { ts, symbol: 'EURUSD', bid: ts >= DIP && ts < DIP + 10_000 ? 1.08 : 1.1 };
});

const ONLY_TICKS: Feed['capabilities'] = { quotes: true, historyTicks: true };

function heldQty({ session }: CutRun): number | undefined {
  return session.snapshot()?.strategies[0]?.positions[0]?.qty;
}

describe.each([
  ['ticks and bars', TICKS],
  ['ticks alone', ONLY_TICKS],
] as const)('a session that goes on with a history of %s', (_, capabilities) => {
  const begin = (project: PaperProject, runId: string, at: number): Promise<CutRun> =>
    CutRun.begin({ tape: TAPE, capabilities, isJournalled: true, project, runId, at });

  async function goOn(lastsMs: number, awayMs: number) {
    const project = newHolder();
    const first = await begin(project, 'run-1', NOON);
    await first.play(NOON + lastsMs);
    const qty = heldQty(first);
    expect(qty).toBeGreaterThan(0);
    await first.finish();
    project.write('asked', '');
    return { qty, project, next: await begin(project, 'run-2', NOON + lastsMs + awayMs) };
  }

  it('fills nothing with prices from before, and asks nobody about bars from before', async () => {
    const { qty, project, next } = await goOn(5.5 * MINUTE, 5 * MINUTE + 10_000);
    const asked = (): string => readFileSync(project.path('asked'), 'utf8');
    expect([heldQty(next), asked()]).toEqual([qty, '']);
    await next.play(NOON + 11 * MINUTE + 2_000);
    expect([heldQty(next), asked()]).toEqual([qty, `${NOON + 10 * MINUTE}\n`]);
    await next.finish();
    expect((await next.verify()).difference).toBeUndefined();
    // To the backtest those prices are history, too.
    expect((await next.compare()).differences.filter(({ kind }) => kind === 'quantity')).toEqual([]);
  });

  it('begins where the last one ended within the same bar', async () => {
    const { qty, next } = await goOn(5.5 * MINUTE, 10_000);
    await next.play(NOON + 8 * MINUTE);
    expect(heldQty(next)).toBe(qty);
    await next.finish();
    expect((await next.verify()).difference).toBeUndefined();
  });
});
