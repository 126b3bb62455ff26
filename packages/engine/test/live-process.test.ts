// A live run as a user has it: its own thread, a venue plugin from the project folder, the command line around it.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { runPaper } from '../src/runtime/paper.js';
import { Project } from './command-line.fixture.js';
import { TICKER } from './live-feed.fixture.js';
import { HAS_DIST, LIVE, PaperProject, STRATEGIES } from './paper-project.fixture.js';

jest.setTimeout(120_000);

/** The SDK's paper venue as somebody's plugin: it quotes itself, and leaves a file where it was closed. */
const VENUE = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { PAPER_CAPABILITIES, PaperVenue } from '@bookrunner/sdk/testing';
const { simulated, ...capabilities } = PAPER_CAPABILITIES;
class Desk extends PaperVenue {
  constructor(context) {
    super({ instruments: [...context.instruments.values()], clock: context.clock, account: 'DU1' });
    this.file = join(context.dataDir, 'closed');
    this.quote('EURUSD', 1.1, 1.1001);
  }
  async close() {
    await super.close();
    writeFileSync(this.file, '');
  }
}
export default definePlugin({ id: 'desk', apiVersion: API_VERSION, venues: { desk: { capabilities, create: (context) => new Desk(context) } } });
`;

const YAML = LIVE.replace('./ticker.js', './ticker.js, ./desk.mjs').replace(
  'venues: { sim: { use: simulated } }',
  'venues: { ib: { use: desk } }\naccounts: { main: { venue: ib, id: DU1, exclusive: true } }\nbooks: { MAIN: { account: main, capital: 100000 } }',
);

const projects: PaperProject[] = [];
afterAll(() => projects.forEach((project) => project.remove()));

function project(yaml = YAML): PaperProject {
  const made = new PaperProject(yaml, { 'strategies.js': STRATEGIES, 'ticker.js': TICKER, 'desk.mjs': VENUE });
  projects.push(made);
  return made;
}

(HAS_DIST ? describe : describe.skip)('a live run in its own thread', () => {
  it('opens the venue, trades there, and closes it', async () => {
    const made = project();
    const { configPath, dataDir } = made;
    const { result, ended } = await runPaper({
      configPath,
      mode: 'live',
      runId: 'live-1',
      durationMs: 4_000,
      html: false,
    });
    expect([ended, result.kind]).toEqual(['duration', 'live']);
    expect(result.fills.total).toBeGreaterThan(0);
    expect(existsSync(made.path('var/closed'))).toBe(true);
    expect(readFileSync(`${dataDir}/runs/live-1/config.yaml`, 'utf8')).toContain('desk');
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
      YAML.replace('use: ticker', 'use: synthetic, options: { seed: 7, days: 1, startPrice: 1.1 }'),
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
