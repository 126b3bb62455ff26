// A live start whose broker is away, or refuses for now, waits for it: real processes, and a broker that refuses as long as a file is there.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { takeJournalLock } from '../src/journal/journal-lock.js';
import { HAS_DIST } from './paper-project.fixture.js';
import { until, WaitingProject } from './stop-at-start.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(180_000);

const projects: WaitingProject[] = [];
afterEach(() => projects.splice(0).forEach((each) => each.remove()));

function project(): WaitingProject {
  const made = new WaitingProject();
  projects.push(made);
  return made;
}

const AWAY = "new TradingError('DESK_BUSY', 'no login now', { severity: 'retryable', remedy: 'Wait.' })";
const GONE = "Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })";
const WRONG = "new TradingError('DESK_PASSWORD', 'wrong password', { severity: 'fatal', remedy: 'Correct it.' })";
const OTHER = "new TradingError('DESK_ACCOUNT_UNKNOWN', 'no DU1', { severity: 'fatal', remedy: 'Correct it.' })";

(HAS_DIST ? describe : describe.skip)('a live start whose broker is away (needs dist)', () => {
  it.each([
    ['refuses for now', AWAY, 'DESK_BUSY'],
    ['cannot be reached', GONE, 'PLUGIN_OPEN_FAILED'],
  ])('%s: waits, says so once, and trades when it is back', async (_, error, code) => {
    const made = project();
    made.refuse(error);
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.openings >= 3 && said().includes('ENGINE_START_WAITS'));
    expect(said().match(/ENGINE_START_WAITS/g)).toHaveLength(1);
    expect(said()).toContain(code);
    made.refuse(undefined);
    await until(() => made.orders > 0);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null });
  });

  it.each([
    ['refuses for good', WRONG, 1],
    ['does not have the account', OTHER, 2],
  ])('%s: ends', async (_, error, code) => {
    const made = project();
    made.refuse(error);
    const { said, ended } = made.start(['run', '--no-respawn']);
    expect(await ended).toMatchObject({ code, signal: null });
    expect([made.openings, said()]).toEqual([1, expect.not.stringContaining('ENGINE_START_WAITS')]);
  });

  it('keeps its data folder while it waits, and gives it back at its end', async () => {
    const made = project();
    made.refuse(AWAY);
    const { child, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.openings > 0);
    let taken = 0;
    const take = (): void => {
      takeJournalLock(made.path('var'), DRIVER)();
      taken += 1;
    };
    await until(() => {
      try {
        take();
      } catch (error) {
        expect(error).toMatchObject({ code: 'JOURNAL_IN_USE' });
      }
      return made.openings >= 3 || taken > 0;
    });
    child.kill('SIGTERM');
    expect([taken, await ended]).toEqual([0, expect.objectContaining({ code: 0 })]);
    expect(take).not.toThrow();
  });

  it('begins with the engine.yaml it was started with: the accounts of that one are its own', async () => {
    const made = project();
    made.refuse(AWAY);
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => said().includes('ENGINE_START_WAITS'));
    const yaml = readFileSync(made.configPath, 'utf8');
    writeFileSync(made.configPath, yaml.replace('id: DU1', 'id: DU2').replace('capital: 100000', 'capital: 90000'));
    made.refuse(undefined);
    await until(() => made.orders > 0 || child.exitCode !== null);
    child.kill('SIGTERM');
    await ended;
    const runs = readdirSync(made.path('var/runs')).map((run) =>
      readFileSync(made.path(`var/runs/${run}/config.yaml`), 'utf8'),
    );
    expect(runs).toEqual([expect.stringMatching(/capital: 100000\b/)]);
    expect(runs[0]).toMatch(/id: "?DU1/);
  });

  it('ends while it waits where it is stopped', async () => {
    const made = project();
    made.refuse(AWAY);
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => said().includes('ENGINE_START_WAITS'));
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ ended: 'stopped', run: null })]);
  });

  it('latches a panic that comes while it waits, whatever --resume took back before, and begins with it', async () => {
    const made = project();
    made.write('var/HALTED', '');
    made.refuse(AWAY);
    const { child, said, ended } = made.start(['run', '--no-respawn', '--resume']);
    await until(() => said().includes('ENGINE_START_WAITS'));
    made.write('var/PANIC', '');
    await until(() => readFileSync(made.path('var/HALTED'), 'utf8').includes('panic'));
    made.refuse(undefined);
    await until(() => said().includes('info: PANIC_COMPLETE:'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    const { halted } = JSON.parse(readFileSync(made.path('var/HALTED'), 'utf8')) as {
      readonly halted: readonly object[];
    };
    expect([made.orders, halted]).toEqual([0, [expect.objectContaining({ level: 'panic' })]]);
  });

  it('takes the latch back with --resume only once it has begun', async () => {
    const made = project();
    const halt = { level: 'halt', reason: 'It hung.', actor: 'watchdog', at: 1 };
    made.write('var/HALTED', JSON.stringify({ halted: [halt] }));
    made.refuse(AWAY);
    const waiting = made.start(['run', '--no-respawn', '--resume']);
    await until(() => waiting.said().includes('ENGINE_START_WAITS'));
    waiting.child.kill('SIGTERM');
    await waiting.ended;
    expect(JSON.parse(readFileSync(made.path('var/HALTED'), 'utf8'))).toEqual({ halted: [halt] });
    made.refuse(undefined);
    const { child, ended } = made.start(['run', '--no-respawn', '--resume']);
    await until(() => !existsSync(made.path('var/HALTED')));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('waits below a parent that has started it again, with a position open', async () => {
    const made = project();
    const { child, said, ended } = made.start(['run', '--respawn']);
    await until(() => made.orders > 0);
    made.refuse(AWAY);
    process.kill(made.pid, 'SIGKILL');
    await until(() => said().includes('ENGINE_START_WAITS'));
    made.refuse(undefined);
    await until(() => said().includes('RUN_CONTINUED'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('ends on paper as ever: nothing is open there', async () => {
    const made = project();
    made.refuse(AWAY, 'feed');
    const { said, ended } = made.start(['paper']);
    expect(await ended).toMatchObject({ code: 1 });
    expect(said()).toContain('DESK_BUSY');
    rmSync(made.path('var/refuse-feed'));
  });
});
