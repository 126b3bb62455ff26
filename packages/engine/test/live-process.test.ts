// A live run as a user has it: its own thread, a venue plugin from the project folder, the command line around it.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { RunControl } from '../src/control/engine-control.js';
import { runPaper } from '../src/runtime/session/paper.js';
import { Project } from './command-line.fixture.js';
import { LIVE_DESK, LIVE_DESK_FILES } from './live-desk.fixture.js';
import { HAS_DIST, LIVE, PaperProject } from './paper-project.fixture.js';

jest.setTimeout(120_000);

const projects: PaperProject[] = [];
afterAll(() => projects.forEach((project) => project.remove()));

function project(yaml = LIVE_DESK): PaperProject {
  const made = new PaperProject(yaml, LIVE_DESK_FILES);
  projects.push(made);
  return made;
}

/** Ends the run once a position is held. */
async function stopOnceHeld(control: RunControl, stop: AbortController): Promise<void> {
  for (;;) {
    const answer = await control.command({ ts: 0, name: 'status', args: {}, actor: 'test' });
    const { positions } = (answer as { readonly data?: { readonly positions: readonly unknown[] } }).data ?? {};
    if (positions !== undefined && positions.length > 0) return stop.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

(HAS_DIST ? describe : describe.skip)('a live run in its own thread', () => {
  it('opens the venue, trades there, and closes it', async () => {
    const made = project();
    const { configPath, dataDir } = made;
    const stop = new AbortController();
    const { result, ended } = await runPaper({
      configPath,
      mode: 'live',
      runId: 'live-1',
      html: false,
      signal: stop.signal,
      onReady: (control) => void stopOnceHeld(control, stop),
    });
    expect([ended, result.kind]).toEqual(['stopped', 'live']);
    expect(result.fills.total).toBeGreaterThan(0);
    expect(existsSync(made.path('var/closed'))).toBe(true);
    expect(readFileSync(`${dataDir}/runs/live-1/config.yaml`, 'utf8')).toContain('desk');
    const shown = JSON.parse(readFileSync(`${dataDir}/runs/live-1/reconciliation.json`, 'utf8')) as object;
    expect(shown).toMatchObject({ run: 'live-1', reconciliation: [{ venue: 'ib', completeAt: expect.any(Number) }] });
    expect(readFileSync(`${dataDir}/runs/live-1/reconciliation.txt`, 'utf8')).toContain('symbol/currency');
  });

  it('closes the venue where something else fails to open before the run begins', async () => {
    const broken = `
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
const surface = { open: () => Promise.reject(new Error('the port is taken')), close: () => Promise.resolve() };
export default definePlugin({ id: 'broken', apiVersion: API_VERSION, controls: { broken: { create: () => surface } } });
`;
    const yaml = `${LIVE_DESK.replace('./desk.mjs', './desk.mjs, ./broken.mjs')}controls: { page: { use: broken } }\n`;
    const made = new PaperProject(yaml, { ...LIVE_DESK_FILES, 'broken.mjs': broken });
    projects.push(made);
    const { configPath } = made;
    await expect(runPaper({ configPath, mode: 'live', runId: 'live-1', html: false })).rejects.toMatchObject({
      code: 'PLUGIN_BOOT_FAILED',
    });
    expect(['opened', 'closed'].map((file) => existsSync(made.path(`var/${file}`)))).toEqual([true, true]);
  });

  it('says where real orders go, refuses recorded feeds, and says where there is no broker', async () => {
    const line = new Project();
    const run = (...words: readonly string[]) => line.run(words);
    const live = project();
    const said = await run('run', live.configPath, '--duration', '1s', '--report', 'none', '--json');
    expect(said.code).toBe(0);
    expect(said.stderr).toContain("REAL ORDERS go to venue 'ib', account 'main' (DU1): book MAIN.");
    expect(JSON.parse(said.stdout)).toMatchObject({ ended: 'duration' });
    const recorded = project(
      LIVE_DESK.replace('use: ticker', 'use: synthetic, options: { seed: 7, days: 1, startPrice: 1.1 }'),
    );
    const refused = await run('run', recorded.configPath);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('LIVE_FEED_RECORDED')]);
    const none = await run('run', project(LIVE).configPath);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('BROKER_NONE')]);
    const checked = await run('check', live.configPath, '--mode', 'live', '--json');
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, modes: ['live'] });
    line.remove();
  });
});
