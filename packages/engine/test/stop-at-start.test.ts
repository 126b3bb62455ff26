// A stop that is asked for while a session starts ends the start: real processes, made to wait where the signal is to find them.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { AccountLease } from '../src/operations/account-lease.js';
import { thisHolder } from '../src/operations/lease-holder.js';
import { HAS_DIST } from './paper-project.fixture.js';
import { until, WaitingProject, type WaitingPlace } from './stop-at-start.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(180_000);

const projects: WaitingProject[] = [];
afterEach(() => projects.splice(0).forEach((each) => each.remove()));

function project(): WaitingProject {
  const made = new WaitingProject();
  projects.push(made);
  return made;
}

/** Runs until it trades, and is killed: what the journal has since its last snapshot is asked again at the next start. */
async function tradedAndKilled(made: WaitingProject): Promise<void> {
  const { child, ended } = made.start(['run', '--no-respawn']);
  await until(() => made.orders > 0);
  child.kill('SIGKILL');
  await ended;
}

const STOPPED = { status: 'done', ended: 'stopped', run: null };
const PLACES: readonly WaitingPlace[] = [
  'import',
  'feed-open',
  'venue-open',
  'controls',
  'resolve',
  'subscribe',
  'history',
];

(HAS_DIST ? describe : describe.skip)('a stop while a live session starts (needs dist)', () => {
  it.each(PLACES)('at its %s ends it with code 0, and nothing trades', async (place) => {
    const made = project();
    made.waitAt(place);
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.isAt(place));
    child.kill('SIGTERM');
    const { code, signal, stdout } = await ended;
    expect([code, signal, said()]).toEqual([0, null, expect.stringContaining('Stopping')]);
    expect(JSON.parse(stdout)).toMatchObject(STOPPED);
    expect(made.orders).toBe(0);
  });

  it('at the recovery of its journal ends it, though the thread hears nothing meanwhile, and the next start goes on as if it had not been', async () => {
    const made = project();
    await tradedAndKilled(made);
    const before = made.orders;
    made.waitAt('recovery');
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.isAt('recovery'));
    child.kill('SIGINT');
    await until(() => said().includes('Stopping'));
    made.waitAt('recovery', false);
    const { code, signal, stdout } = await ended;
    expect([code, signal]).toEqual([0, null]);
    expect(JSON.parse(stdout)).toMatchObject(STOPPED);
    expect(made.orders).toBe(before);
    const next = made.start(['run', '--no-respawn', '--duration', '1s']);
    expect([(await next.ended).code, next.said()]).toEqual([0, expect.stringContaining('RUN_CONTINUED')]);
  });

  it('while it waits for the lease of an account ends it, before a broker is asked', async () => {
    const made = project();
    const lease = await AccountLease.take(
      { database: { type: 'sqlite' }, dataDir: made.dataDir },
      {
        accounts: [{ venue: 'desk', account: 'DU1' }],
        holder: thisHolder({ engine: 'other', run: 'r', dataDir: made.path('elsewhere') }),
        ...{ onLost: () => {}, ttlMs: 3_600_000, renewMs: 3_000_000 },
      },
    );
    made.waitAt('venue-open');
    const { child, ended } = made.start(['run', '--no-respawn']);
    await until(() => existsSync(made.path('var/journal.lock')));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect([made.isAt('venue-open'), made.orders]).toEqual([false, 0]);
    await lease.release();
  });

  it('reaches a session below a parent, whose code is that of the session', async () => {
    const made = project();
    made.waitAt('venue-open');
    const { child, ended } = made.start(['run', '--respawn']);
    await until(() => made.isAt('venue-open'));
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject(STOPPED);
  });

  it('is no success where a panic is latched: nobody has gone on with it', async () => {
    const made = project();
    made.waitAt('venue-open');
    made.write('var/PANIC', '');
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.isAt('venue-open') && existsSync(made.path('var/HALTED')));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, signal: null });
    expect(said()).toContain('PANIC_UNFINISHED');
  });
});
