// Paper over recorded data, in the real threads: the worker runs dist.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { nowUtc } from '@bookrunner/sdk';
import { composeEngine } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { openInOrder } from '../src/plugins/index.js';
import { fillDocuments } from '../src/report/run-document.js';
import type { RunResult } from '../src/report/run-result.js';
import { type PaperOptions, runPaper } from '../src/runtime/session/paper.js';
import { runRecorded } from '../src/runtime/recorded/recorded-run.js';
import { HAS_DIST, PaperProject, SYNTHETIC } from './paper-project.fixture.js';

const QUOTES = fileURLToPath(new URL('../../../../shared/data/eurusd-quotes-2014-05.csv.gz', import.meta.url));
const projects: PaperProject[] = [];

function project(yaml: string): PaperProject {
  const made = new PaperProject(yaml);
  projects.push(made);
  return made;
}

afterAll(() => projects.forEach((each) => each.remove()));

/** The same configuration as a backtest. */
async function backtest(configPath: string): Promise<RunResult> {
  const config = loadConfig(configPath, {});
  const engine = await composeEngine({
    config,
    mode: 'backtest',
    log: { level: 'silent', format: 'json', write: () => {} },
  });
  const feeds = [...engine.parts.feeds].map(([name, feed]) => ({
    name,
    open: () => feed.open(),
    close: () => feed.close(),
  }));
  const opened = await openInOrder({ feeds }, { timeoutMs: 30_000 });
  const { prepared, parts, calendar } = engine;
  const result = await runRecorded({ runId: 'b', kind: 'backtest', prepared, parts, calendar, now: nowUtc });
  await opened.close();
  return result;
}

function paper(made: PaperProject, options: Partial<PaperOptions> = {}): ReturnType<typeof runPaper> {
  return runPaper({ configPath: made.configPath, env: {}, runId: 'p', handlesSignals: false, html: false, ...options });
}

async function expectParity(made: PaperProject, speed: number | 'max'): Promise<void> {
  const expected = await backtest(made.configPath);
  const { result, ended } = await paper(made, { speed, runId: `p${speed}` });
  expect(ended).toBe('data-end');
  expect(expected.fills.total).toBeGreaterThan(10);
  expect(result.decisionHash).toBe(expected.decisionHash);
  expect(fillDocuments(result.fills, 'all')).toEqual(fillDocuments(expected.fills, 'all'));
  expect(result.orders.total).toBe(expected.orders.total);
  expect({ ...result.metrics }).toEqual({ ...expected.metrics });
}

(HAS_DIST ? describe : describe.skip)('a paper run over recorded feeds (needs dist)', () => {
  it('decides as the backtest does, at full speed', () => expectParity(project(SYNTHETIC.ticks), 'max'), 60_000);

  it('decides as the backtest does, a million times as fast as real time', async () => {
    await expectParity(project(SYNTHETIC.ticks), 1e6);
  }, 60_000);

  it('decides as the backtest does over bars, with orders that take time', async () => {
    await expectParity(project(SYNTHETIC.bars), 1e7);
  }, 60_000);

  it('leaves a complete run folder', async () => {
    const made = project(SYNTHETIC.bars);
    const { runDir, result } = await paper(made, { speed: 'max' });
    const metrics = JSON.parse(readFileSync(join(runDir, 'metrics.json'), 'utf8')) as Record<string, unknown>;
    expect(metrics['decisionHash']).toBe(result.decisionHash);
    expect(metrics['kind']).toBe('paper');
    expect(existsSync(join(runDir, 'fills.parquet'))).toBe(true);
  }, 60_000);

  it('names what is wrong with a configuration, from whichever thread finds it', async () => {
    const made = project(SYNTHETIC.bars.replace('fast: 3', 'fast: "three"'));
    await expect(paper(made)).rejects.toMatchObject({
      code: 'PLUGIN_BOOT_FAILED',
      message: expect.stringContaining('fast'),
    });
    await expect(paper(made, { speed: -1 })).rejects.toMatchObject({ code: 'LIVE_SPEED_INVALID' });
  }, 60_000);
});

(HAS_DIST && existsSync(QUOTES) ? describe : describe.skip)(
  'over recorded EURUSD quotes (needs dist and the data)',
  () => {
    it('decides as the backtest does', () => expectParity(project(SYNTHETIC.eurusd(QUOTES)), 'max'), 300_000);
  },
);
