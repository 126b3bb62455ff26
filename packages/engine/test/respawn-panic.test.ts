// A panic below `--respawn` that finds no engine, or one that dies of something else: it is never lost without a word.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { HaltLatch } from '../src/control/halt-latch.js';
import { type RespawnOptions, runRespawned } from '../src/runtime/session/respawn.js';
import { HAS_DIST, PaperProject } from './paper-project.fixture.js';
import { until, WaitingProject } from './stop-at-start.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(180_000);

const projects: PaperProject[] = [];
afterEach(() => projects.splice(0).forEach((each) => each.remove()));

const PANICKED = { level: 'panic', actor: 'signal SIGUSR2' };

/** Children that write down what they are handed, say what a session says, and die as told. */
function children(code: string, { argv = [], ...more }: Partial<RespawnOptions> = {}) {
  const made = new PaperProject('');
  projects.push(made);
  made.write(
    'program.mjs',
    `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
     const folder = process.argv[2];
     const start = Number(process.env.BOOKRUNNER_RESPAWN);
     appendFileSync(folder + '/handed', start + ' ' + (process.env.BOOKRUNNER_PANIC ?? 'none') + ' ' + process.argv.slice(3).join(' ') + '\\n');
     const say = (word) => new Promise((done) => process.send(word, done));
     const holds = () => say({ bookrunner: 'data-folder', dataDir: folder + '/var' });
     const latched = () => say({ bookrunner: 'panic-latched' });
     const begun = () => say({ bookrunner: 'begun' });
     const die = () => process.kill(process.pid, 'SIGKILL');
     ${code}`,
  );
  let lost = 0;
  const running = runRespawned({
    argv: [made.path('program.mjs'), made.folder, ...argv],
    env: process.env,
    onDeath: () => {},
    onPanicLost: () => (lost += 1),
    wait: () => Promise.resolve(),
    ...more,
  });
  return {
    made,
    running,
    lost: () => lost,
    handed: () =>
      readFileSync(made.path('handed'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    latched: () => new HaltLatch(made.dataDir).read(),
  };
}

const asked = () => {
  let isAsked = true;
  return () => isAsked && !(isAsked = false);
};

describe('a panic that the parent holds', () => {
  it('is handed to every child until one has latched it', async () => {
    const { running, handed, lost } = children('if (start === 2) await latched();\n if (start < 3) die();', {
      takePanic: asked(),
    });
    expect(await running).toBe(0);
    expect([handed(), lost()]).toEqual([['0 1', '1 1', '2 1', '3 none'], 0]);
  });

  it('is told of where the only child fails before it has latched it', async () => {
    const { running, lost } = children('process.exitCode = 2;', { takePanic: asked() });
    expect([await running, lost()]).toEqual([2, 1]);
  });

  it('is latched at once in the data folder that a child has told of, and the next child begins with that', async () => {
    let during: unknown;
    const run = children('await holds(); if (start === 0) die();', {
      wait: () => {
        process.emit('SIGUSR2');
        during = run.latched();
        return Promise.resolve();
      },
    });
    expect(await run.running).toBe(0);
    expect(during).toMatchObject([PANICKED]);
    expect([run.handed(), run.lost()]).toEqual([['0 none', '1 none'], 0]);
  });

  it('is latched where the parent is told to stop meanwhile', async () => {
    const kept: string[] = [];
    const { running, lost, latched } = children('await holds(); process.exit(4);', {
      onPanicKept: () => kept.push('kept'),
      wait: () => {
        process.emit('SIGTERM');
        process.emit('SIGUSR2');
        return Promise.resolve();
      },
    });
    expect([await running, lost(), kept]).toEqual([4, 0, ['kept']]);
    expect(latched()).toMatchObject([PANICKED]);
  });

  it('is latched where the child that it was sent to ends before it has, and that is no success', async () => {
    const kept: string[] = [];
    const run = children(
      `process.on('SIGUSR2', () => {}); await holds(); writeFileSync(folder + '/up', '');
       while (!existsSync(folder + '/end')) await new Promise((done) => setTimeout(done, 20));
       process.exit(0);`,
      { onPanicKept: () => kept.push('kept') },
    );
    await until(() => existsSync(run.made.path('up')));
    process.emit('SIGUSR2');
    writeFileSync(run.made.path('end'), '');
    expect([await run.running, run.lost(), kept]).toEqual([1, 0, ['kept']]);
    expect(run.latched()).toMatchObject([PANICKED]);
  });

  it('is not latched once more where the child has done so, though it is complete and resumed by now', async () => {
    const run = children(
      `process.on('SIGUSR2', () => latched().then(() => process.exit(0))); await holds(); writeFileSync(folder + '/up', '');
       setInterval(() => {}, 1000);`,
    );
    await until(() => existsSync(run.made.path('up')));
    process.emit('SIGUSR2');
    expect([await run.running, run.lost(), run.latched()]).toEqual([0, 0, []]);
  });

  it('is told of where it cannot be latched', async () => {
    const { running, lost, made } = children(
      `writeFileSync(folder + '/file', ''); await say({ bookrunner: 'data-folder', dataDir: folder + '/file' }); process.exit(4);`,
      {
        wait: () => {
          process.emit('SIGUSR2');
          process.emit('SIGTERM');
          return Promise.resolve();
        },
      },
    );
    expect([await running, lost(), existsSync(made.path('file'))]).toEqual([4, 1, true]);
  });

  it.each(['SIGUSR2', 'file'])('does not wait for the next start (%s)', async (how) => {
    const run = children('await holds(); if (start === 0) die();', {
      wait: (_ms, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
          if (how === 'SIGUSR2') process.emit('SIGUSR2');
          else run.made.write('var/PANIC', '');
        }),
    });
    expect(await run.running).toBe(0);
    expect(run.handed()).toHaveLength(2);
  });
});

describe('--resume below a parent', () => {
  it('is said again until a session has begun, and never after', async () => {
    const { running, handed } = children('if (start === 1) await begun();\n if (start < 3) die();', {
      argv: ['--resume', '--fresh'],
    });
    expect(await running).toBe(0);
    expect(handed()).toEqual(['0 none --resume --fresh', '1 none --resume', '2 none', '3 none']);
  });
});

(HAS_DIST ? describe : describe.skip)('an engine below a parent (needs dist)', () => {
  function project(): WaitingProject {
    const made = new WaitingProject();
    projects.push(made);
    return made;
  }

  it('takes a halt back with --resume though its first process died before it had begun, and nothing that came since', async () => {
    const made = project();
    const latch = new HaltLatch(made.dataDir);
    latch.add({ level: 'halt', reason: 'Yesterday.', actor: 'ann', at: Date.now() - 1_000 });
    made.waitAt('venue-open');
    const { child, said, ended } = made.start(['run', '--respawn', '--resume']);
    await until(() => made.isAt('venue-open'));
    latch.add({ level: 'halt', reason: 'Today.', actor: 'ben', at: Date.now(), book: 'MAIN' });
    made.waitAt('venue-open', false);
    process.kill(made.pid, 'SIGKILL');
    await until(() => said().includes('Live trading') && latch.read().length === 1);
    expect(latch.read()).toMatchObject([{ actor: 'ben' }]);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    expect(said()).toContain('HALT_LATCHED: New risk is halted: halt of book MAIN by ben');
  });

  it('takes a halt back that a clock ahead of this one has latched', async () => {
    const made = project();
    const latch = new HaltLatch(made.dataDir);
    latch.add({ level: 'halt', reason: 'Tomorrow.', actor: 'ann', at: Date.now() + 86_400_000 });
    const { child, said, ended } = made.start(['run', '--respawn', '--resume']);
    await until(() => said().includes('Live trading'));
    await until(() => made.orders > 0 || said().includes('HALT_LATCHED'));
    expect([said().includes('HALT_LATCHED'), latch.read()]).toEqual([false, []]);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('goes on with a panic that came between two processes, although engine.yaml cannot be read any more', async () => {
    const made = project();
    const { child, said, ended } = made.start(['run', '--respawn']);
    await until(() => made.orders > 0);
    const yaml = readFileSync(made.configPath, 'utf8');
    made.write('engine.yaml', 'engine: 7\n');
    process.kill(made.pid, 'SIGKILL');
    await until(() => said().includes('ENGINE_RESPAWNED'));
    child.kill('SIGUSR2');
    expect(await ended).toMatchObject({ code: 2 });
    expect(new HaltLatch(made.dataDir).read()).toMatchObject([PANICKED]);
    expect(said()).toContain('PANIC_UNFINISHED');
    made.write('engine.yaml', yaml);
    const next = made.start(['run', '--no-respawn']);
    await until(() => next.said().includes('info: PANIC_COMPLETE:'));
    next.child.kill('SIGTERM');
    expect(await next.ended).toMatchObject({ code: 0 });
  });
});
