// A strategy that takes too long over live data is stopped by the clock of this machine, and the others go on.
import { afterAll, expect, it, jest } from '@jest/globals';
import { runPaper } from '../src/runtime/session/paper.js';
import { TICKER } from './live-feed.fixture.js';
import { HAS_DIST, LIVE, PaperProject } from './paper-project.fixture.js';

jest.setTimeout(120_000);

const STRATEGIES = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const busy = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); };
const params = z.strictObject({ ms: z.int().default(0) });
const dawdle = defineStrategy({ name: 'dawdle', params, warmup: () => 1, onBar({ params }) { busy(params.ms); return 1; } });
export default definePlugin({ id: 'test-strategies', apiVersion: API_VERSION, strategies: { dawdle } });
`;

const one = (name: string, ms: number): string =>
  `  ${name}: { use: dawdle, symbols: [EURUSD], allocation: 0.3, bars: { use: time, options: { seconds: 1, price: mid } }, params: { ms: ${ms} } }\n`;
// Limits seconds apart from what the strategies take: a busy machine makes nobody slow here. None of them counts as hung.
const YAML =
  LIVE.replace('dataDir: ./var', 'dataDir: ./var, guards: { slowStrategyMs: 1500, stopStrategyMs: 6000 }').replace(
    /  mine: .*\n/,
    '',
  ) +
  one('lame', 6_050) +
  one('slow', 1_550) +
  one('quick', 0);

const project = new PaperProject(YAML, { 'strategies.js': STRATEGIES, 'ticker.js': TICKER });
afterAll(() => project.remove());

(HAS_DIST ? it : it.skip)('a slow strategy is told of, a far too slow one is stopped', async () => {
  const told: string[] = [];
  const stop = new AbortController();
  const has = (text: string): boolean => told.includes(text);
  await runPaper({
    ...{ configPath: project.configPath, runId: 'slow-1', html: false, signal: stop.signal },
    limits: { beatMs: 60_000 },
    onNotice: ({ code, level, details }) => {
      told.push(`${code} ${level} ${String(details['subject'])}`);
      if (has('STRATEGY_SLOW warning slow') && has('STRATEGY_TOO_SLOW alarm lame')) stop.abort();
    },
  });
  expect(told.filter((text) => text.startsWith('STRATEGY_'))).toEqual(
    expect.arrayContaining(['STRATEGY_TOO_SLOW alarm lame', 'STRATEGY_SLOW warning slow']),
  );
  expect(told.filter((text) => text.endsWith(' lame') || text.endsWith(' quick'))).toEqual([
    'STRATEGY_TOO_SLOW alarm lame',
  ]);
});
