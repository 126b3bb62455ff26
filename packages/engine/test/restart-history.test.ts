// A session that goes on, and whose strategies begin anew: history warms them up, and nothing else comes of it.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Feed } from '@bookrunner/sdk';
import { CutRun } from './live-cut.fixture.js';
import { MINUTE, newProject, NOON, removeProjects } from './live-session.fixture.js';
import type { PaperProject } from './paper-project.fixture.js';
import type { Quote } from './tape-feed.fixture.js';
import { READY, TAPE as MOVING, TICKS } from './uncut-run.fixture.js';

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

describe.each([
  ['ticks', TICKS],
  ['ready bars', READY],
] as const)('over %s, strategies that begin anew', (_, capabilities) => {
  const parts = { tape: MOVING, capabilities, isJournalled: true };

  /** A session that was stopped, and a change that makes all strategies begin anew. */
  async function changed() {
    const first = await CutRun.begin(parts);
    await first.play(NOON + 8.4 * MINUTE);
    await first.finish();
    const { project } = first;
    project.write('engine.yaml', readFileSync(project.configPath, 'utf8').replace('maxLeverage: 5', 'maxLeverage: 4'));
    return { ...parts, project, after: first };
  }

  /** They need three bars of five minutes, which history has. */
  async function expectWarm(run: CutRun, at: number): Promise<void> {
    await run.play(NOON + 11.1 * MINUTE);
    const asked = run.seen('EURUSD').filter((one) => one.at >= at);
    expect(asked.map(({ ts }) => (ts - NOON) / MINUTE)).toEqual([9, 10]);
    await run.finish();
    expect((await run.verify()).difference).toBeUndefined();
  }

  it('are warmed up by history', async () => {
    const at = NOON + 9 * MINUTE;
    await expectWarm(await CutRun.begin({ ...(await changed()), runId: 'run-2', at }), at);
  });

  it('are so, too, where the last session ended while it did that', async () => {
    const options = await changed();
    const at = NOON + 9 * MINUTE;
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = 20_000;
    };
    const cut = CutRun.start({ ...options, runId: 'run-2', at, prepare });
    while (cut.feed.asked.length === 0) await cut.settle();
    await cut.play(at + 5_000);
    const stopped = { code: 'ENGINE_START_STOPPED' };
    await Promise.all([
      expect(cut.finish()).rejects.toMatchObject(stopped),
      expect(cut.hasBegun).rejects.toMatchObject(stopped),
    ]);
    await expectWarm(await CutRun.begin({ ...options, runId: 'run-3', at: at + 15_000 }), at);
  });
});

const NO_HISTORY: Feed['capabilities'] = { quotes: true };

describe.each([
  ['has no history', NO_HISTORY, undefined],
  ['failed to give its history', TICKS, 'fails'],
] as const)('a session whose feed %s, and that ends while its strategies are not warm', (_, capabilities, fault) => {
  const prepare = (feed: CutRun['feed']): void => {
    feed.fault = fault;
  };
  const parts = { tape: MOVING, capabilities, isJournalled: true, prepare };

  it('keeps their bars, however soon it starts and ends again', async () => {
    const first = await CutRun.begin(parts);
    await first.play(NOON + 9.2 * MINUTE);
    await first.finish();
    expect(first.seen('EURUSD')).toEqual([]);
    let at = NOON + 9.2 * MINUTE + 2_000;
    for (const runId of ['run-2', 'run-3', 'run-4']) {
      const next = await CutRun.begin({ ...parts, runId, at, project: first.project, after: first });
      expect(next.notices.find(({ code }) => code === 'RUN_CONTINUED')?.details).not.toHaveProperty('changes');
      if (runId === 'run-4') await next.play(NOON + 20.1 * MINUTE);
      else await next.play(at + 3_000);
      await next.finish();
      expect((await next.verify()).difference).toBeUndefined();
      at += 6_000;
    }
    // They need three bars of five minutes: the first, and two after the one with the holes.
    expect(first.seen('EURUSD')[0]?.ts).toBe(NOON + 19 * MINUTE);
  });
});
