// One engine owns a broker account: two real processes, each with a data folder of its own, on one account and one database.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { type EngineNotice, isTradingError } from '@bookrunner/sdk';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { runPaper } from '../src/runtime/session/paper.js';
import { Project } from './command-line.fixture.js';
import { LIVE_DESK, LIVE_DESK_FILES } from './live-desk.fixture.js';
import { HAS_DIST, PaperProject } from './paper-project.fixture.js';

jest.setTimeout(180_000);

const projects: PaperProject[] = [];
let line: Project;
beforeEach(() => {
  line = new Project();
});
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
  line.remove();
});

/** An engine of its own, whose store and leases are in a database outside its data folder. */
function engine(name: string): PaperProject {
  const database = `database: { type: sqlite, file: ${JSON.stringify(join(line.folder, 'shared.db'))} }\n`;
  const made = new PaperProject(LIVE_DESK.replace(/name: [\w-]+/, `name: ${name}`) + database, LIVE_DESK_FILES);
  projects.push(made);
  return made;
}

function run(made: PaperProject, ...more: readonly string[]) {
  return line.run(['run', made.configPath, '--report', 'none', '--json', ...more]);
}

/** Resolves when the condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

(HAS_DIST ? describe : describe.skip)('the lease of a live run', () => {
  it('refuses a second engine while the first one lives, and lets it in afterwards', async () => {
    const [north, south] = [engine('north'), engine('south')];
    let begun = false;
    const stop = new AbortController();
    const first = runPaper({
      ...{ configPath: north.configPath, mode: 'live', runId: 'live-1', html: false, signal: stop.signal },
      onProgress: () => (begun = true),
    });
    await until(() => begun);
    const refused = await run(south, '--duration', '1s');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('ACCOUNT_LEASED');
    // Before anybody is told that real orders go there.
    expect(refused.stderr).not.toContain('REAL ORDERS');
    const same = await run(north, '--duration', '1s');
    expect([same.code, same.stderr]).toEqual([3, expect.stringContaining('JOURNAL_IN_USE')]);
    expect(same.stderr).not.toContain('REAL ORDERS');
    expect(refused.stderr).toMatch(/account DU1 at desk belongs to engine 'north' \(process \d+ on .*, run live-1\)/);
    // It has begun nothing: there is not even a journal.
    expect(existsSync(south.path('var/journal.db'))).toBe(false);
    // Nor has it logged in at the broker, whose one session may be the first engine's.
    expect([north, south].map((each) => existsSync(each.path('var/opened')))).toEqual([true, false]);
    stop.abort();
    await first;
    expect((await run(south, '--duration', '1s')).code).toBe(0);
  });

  it('is not all: a second engine with a database of its own is refused on the same machine', async () => {
    const env = { BOOKRUNNER_ACCOUNT_LOCKS: join(line.folder, 'locks') };
    const [north, south] = ['north', 'south'].map((name) => {
      const made = new PaperProject(LIVE_DESK.replace(/name: [\w-]+/, `name: ${name}`), LIVE_DESK_FILES);
      projects.push(made);
      return made;
    }) as [PaperProject, PaperProject];
    let begun = false;
    const stop = new AbortController();
    const first = runPaper({
      ...{ configPath: north.configPath, mode: 'live', runId: 'live-1', html: false, signal: stop.signal },
      env: { ...process.env, ...env },
      onProgress: () => (begun = true),
    });
    await until(() => begun);
    const refused = await run(south, '--duration', '1s');
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('ACCOUNT_LEASED')]);
    expect(refused.stderr).toMatch(/account DU1 at desk belongs to engine 'north' \(process \d+ .*, run live-1, /);
    expect([north, south].map((each) => existsSync(each.path('var/opened')))).toEqual([true, false]);
    stop.abort();
    await first;
    expect((await run(south, '--duration', '1s')).code).toBe(0);
  });

  it('that is lost halts everything, says so and ends the session', async () => {
    const made = engine('north');
    let begun = false;
    const alarms: EngineNotice[] = [];
    const ended = runPaper({
      ...{ configPath: made.configPath, mode: 'live', runId: 'live-1', html: false },
      onProgress: () => (begun = true),
      onNotice: (notice) => void (notice.level === 'alarm' && alarms.push(notice)),
    }).catch((error: unknown) => error);
    await until(() => begun);
    const database = new DRIVER(join(line.folder, 'shared.db'));
    database.exec(`UPDATE account_leases SET fence = fence + 1, holder = replace(holder, 'north', 'thief')`);
    database.close();
    const error = await ended;
    expect(isTradingError(error) && [error.code, error.message]).toEqual([
      'ACCOUNT_LEASE_LOST',
      expect.stringContaining("belongs to engine 'thief'"),
    ]);
    expect(alarms.map(({ code }) => code)).toContain('ACCOUNT_LEASE_LOST');
    // The alarm says why, as the latch does.
    const halted = alarms.find(({ code }) => code === 'RISK_HALTED');
    expect(halted?.message).toMatch(/: halt by lease: .*belongs to engine 'thief'/);
    const latched = JSON.parse(readFileSync(made.path('var/HALTED'), 'utf8')) as { readonly halted: unknown };
    expect(latched.halted).toMatchObject([{ level: 'halt', actor: 'lease' }]);
    // What it did is in its folder all the same.
    expect(existsSync(made.path('var/runs/live-1/metrics.json'))).toBe(true);
    rmSync(made.path('var/HALTED'));
  });
});
