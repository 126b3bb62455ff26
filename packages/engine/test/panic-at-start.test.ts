// SIGUSR2 while a session starts: latched before anything trades, whenever it comes. Real processes, made to wait where it is to find them.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type HaltEntry, HaltLatch, type HaltScope } from '../src/control/halt-latch.js';
import { HAS_DIST } from './paper-project.fixture.js';
import { until, WaitingProject } from './stop-at-start.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(180_000);

/** Holds the import of the program up until a file is there; says that it does. */
const HOOKS = `
import { existsSync, writeFileSync } from 'node:fs';
const folder = new URL('./var/', import.meta.url);
export async function resolve(specifier, context, next) {
  if (!/dist\\/(bundle\\/)?main\\.js$/.test(specifier)) return next(specifier, context);
  writeFileSync(new URL('at-main', folder), '');
  while (!existsSync(new URL('go-main', folder))) await new Promise((done) => setTimeout(done, 20));
  return next(specifier, context);
}
`;
const REGISTER = `import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n`;

const projects: WaitingProject[] = [];
afterEach(() => projects.splice(0).forEach((each) => each.remove()));

function project(): WaitingProject {
  const made = new WaitingProject();
  projects.push(made);
  made.write('hooks.mjs', HOOKS);
  made.write('register.mjs', REGISTER);
  return made;
}

/** An environment in which the program is not loaded before `go`. */
function slowImports(made: WaitingProject) {
  return {
    env: { NODE_OPTIONS: `--import ${pathToFileURL(made.path('register.mjs')).href}` },
    isAt: () => existsSync(made.path('var/at-main')),
    go: () => writeFileSync(made.path('var/go-main'), ''),
  };
}

const PANICKED = [{ level: 'panic', actor: 'signal SIGUSR2' }];

(HAS_DIST ? describe : describe.skip)('SIGUSR2 while a session starts (needs dist)', () => {
  it.each(['--no-respawn', '--respawn'])(
    'before its program is loaded is kept, and latched by the start (%s)',
    async (parent) => {
      const made = project();
      const { env, isAt, go } = slowImports(made);
      made.waitAt('venue-open');
      const { child, said, ended } = made.start(['run', parent], env);
      await until(isAt);
      child.kill('SIGUSR2');
      // The signal is there before the file is.
      go();
      await until(() => made.isAt('venue-open'));
      expect(new HaltLatch(made.dataDir).read()).toMatchObject(PANICKED);
      await until(() => said().includes('alarm: PANIC'));
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 1, signal: null });
      expect(made.orders).toBe(0);
    },
  );

  it('while a broker does not answer is latched, and what starts next begins with it', async () => {
    const made = project();
    made.waitAt('venue-open');
    const { child, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.isAt('venue-open'));
    child.kill('SIGUSR2');
    await until(() => existsSync(made.path('var/HALTED')));
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    expect(new HaltLatch(made.dataDir).read()).toMatchObject(PANICKED);
    made.waitAt('venue-open', false);
    const next = made.start(['run', '--no-respawn']);
    await until(() => next.said().includes('info: PANIC_COMPLETE:'));
    next.child.kill('SIGTERM');
    expect(await next.ended).toMatchObject({ code: 0 });
    expect(made.orders).toBe(0);
  });

  it('leaves the file PANIC where it is while the panic cannot be latched, so that the next start has it', async () => {
    const made = project();
    made.waitAt('venue-open');
    // Nothing can be written in its place.
    mkdirSync(made.path('var/HALTED/full'), { recursive: true });
    const { child, said, ended } = made.start(['run', '--no-respawn']);
    await until(() => made.isAt('venue-open'));
    made.write('var/PANIC', '');
    await until(() => said().includes('HALT_LATCH_UNWRITABLE'));
    child.kill('SIGKILL');
    await ended;
    rmSync(made.path('var/HALTED'), { recursive: true });
    made.waitAt('venue-open', false);
    const next = made.start(['run', '--no-respawn']);
    await until(
      () => next.said().includes('info: PANIC_COMPLETE:') || (next.said().includes('REAL') && made.orders > 0),
    );
    expect(next.said()).toContain('info: PANIC_COMPLETE:');
    await until(() => !existsSync(made.path('var/PANIC')));
    next.child.kill('SIGTERM');
    expect(await next.ended).toMatchObject({ code: 0 });
  });

  it.each(['SIGUSR2', 'the file PANIC'])(
    '%s while a session that is over closes is told, and no success',
    async (how) => {
      const made = project();
      made.waitAt('close');
      const { child, said, ended } = made.start(['run', '--no-respawn']);
      await until(() => made.orders > 0);
      child.kill('SIGTERM');
      await until(() => made.isAt('close'));
      if (how === 'SIGUSR2') {
        child.kill('SIGUSR2');
        await until(() => existsSync(made.path('var/HALTED')));
      } else made.write('var/PANIC', '');
      made.waitAt('close', false);
      expect([(await ended).code, said()]).toEqual([1, expect.stringContaining('PANIC_UNFINISHED')]);
      expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'panic' }]);
    },
  );

  it.each<HaltScope>([{ venue: 'gone' }, { book: 'OLD' }])(
    'a panic of %j, where no book trades any more, is complete once a session has begun, and --resume takes it away',
    async (scope) => {
      const made = project();
      const latch = new HaltLatch(made.dataDir);
      const panic: HaltEntry = { level: 'panic', reason: 'Once.', actor: 'ann', at: 1, ...scope };
      latch.add(panic);
      const first = made.start(['run', '--no-respawn']);
      await until(() => first.said().includes('info: PANIC_COMPLETE:'));
      first.child.kill('SIGTERM');
      expect(await first.ended).toMatchObject({ code: 0 });
      expect(latch.read()).toMatchObject([{ ...panic, completeAt: expect.any(Number) }]);
      latch.add(panic);
      const next = made.start(['run', '--no-respawn', '--resume']);
      await until(() => latch.read().length === 0);
      next.child.kill('SIGTERM');
      expect(await next.ended).toMatchObject({ code: 0 });
    },
  );

  it('says where the start fails before there is a data folder', async () => {
    const made = project();
    made.write('engine.yaml', 'engine: 7\n');
    const { env, isAt, go } = slowImports(made);
    const { child, said, ended } = made.start(['run', '--no-respawn'], env);
    await until(isAt);
    child.kill('SIGUSR2');
    go();
    expect(await ended).toMatchObject({ code: 2 });
    expect(said()).toContain('PANIC_NOT_LATCHED');
  });
});
