// A hang in native code, which no thread can end: the process is killed, its parent starts it again, and what it had is there.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HaltLatch } from '../src/control/halt-latch.js';
import { respawnWaitMs, runRespawned, wantsRespawn } from '../src/runtime/session/respawn.js';
import { HELD, HUNG_YAML, PUSH, strategies } from './hung-project.fixture.js';
import { HAS_DIST, PaperProject } from './paper-project.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(180_000);

const COMMAND = fileURLToPath(new URL('../bin/bookrunner.js', import.meta.url));
/** Waits in a system call: `terminate` of the thread has to wait for it. */
const NATIVE = "execFileSync('sleep', ['1000']);";

const projects: PaperProject[] = [];
afterEach(() => projects.splice(0).forEach((each) => each.remove()));

/** Writes what the engine says of itself, with the process it is said by. */
const REPORTER = `
import { writeFileSync, renameSync } from 'node:fs';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { z } from 'zod';
export default definePlugin({
  id: 'watcher',
  apiVersion: API_VERSION,
  controls: {
    watcher: {
      options: z.strictObject({ file: z.string() }),
      create: ({ options: { file } }) => {
        let timer;
        return {
          async open(engine) {
            timer = setInterval(async () => {
              const { data } = await engine.command({ ts: 0, name: 'status', args: {}, actor: 'watcher' });
              writeFileSync(file + '.tmp', JSON.stringify({ pid: process.pid, ...data }));
              renameSync(file + '.tmp', file);
            }, 100);
          },
          async close() { clearInterval(timer); },
        };
      },
    },
  },
});
`;

interface Reported {
  readonly pid: number;
  readonly state: string;
  readonly halts: readonly { readonly scope: string }[];
  readonly positions: readonly unknown[];
  readonly strategies: readonly { readonly status: string }[];
}

async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

(HAS_DIST ? describe : describe.skip)('bookrunner paper --respawn (needs dist)', () => {
  it('starts again what hung in native code: latched, recovered, strategies off, positions there', async () => {
    const made = new PaperProject('', { 'push.js': PUSH, 'reporter.js': REPORTER });
    projects.push(made);
    const file = made.path('said.json');
    made.write('strategies.js', strategies(made.folder, NATIVE));
    made.write(
      'engine.yaml',
      `${HUNG_YAML.replace('./push.js]', './push.js, ./reporter.js]')}controls: { watcher: { use: watcher, options: { file: ${JSON.stringify(file)} } } }\n`,
    );
    const child = spawn(process.execPath, [COMMAND, 'paper', '--respawn', '--report', 'none'], {
      cwd: made.folder,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const reported = (): Reported | undefined => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as Reported;
      } catch {
        return undefined;
      }
    };
    const first = await until(() => {
      const shown = reported();
      return shown?.positions?.length === HELD && shown;
    });
    writeFileSync(made.path('HANG'), '');
    const second = await until(() => {
      const shown = reported();
      return shown !== undefined && shown.pid !== first.pid && shown.state === 'running' && shown;
    });
    expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'halt', actor: 'watchdog' }]);
    expect(second.positions).toHaveLength(HELD);
    expect(second.strategies.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(second.halts).toMatchObject([{ scope: 'global' }]);
    await until(() => ['ENGINE_WORKER_HUNG', 'died of SIGKILL', 'RUN_CONTINUED'].every((word) => said.includes(word)));
    // Going on asks again what was asked before the loss; from then on nobody is asked.
    const called = readFileSync(made.path('CALLED'), 'utf8');
    await new Promise((resolve) => {
      setTimeout(resolve, 2_500);
    });
    expect(readFileSync(made.path('CALLED'), 'utf8')).toBe(called);
    expect(second.pid).not.toBe(child.pid);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('hands SIGUSR2 on, and the exit code back', async () => {
    const made = new PaperProject(HUNG_YAML, { 'push.js': PUSH });
    projects.push(made);
    made.write('strategies.js', strategies(made.folder, ''));
    const child = spawn(process.execPath, [COMMAND, 'paper', '--respawn', '--report', 'none'], {
      cwd: made.folder,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(() => said.includes('Paper trading'));
    child.kill('SIGUSR2');
    await until(() => said.includes('SIGUSR2. All orders'));
    expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'panic', actor: 'signal SIGUSR2' }]);
    await until(() => said.includes('info: PANIC_COMPLETE:'));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('ends in order where a signal comes to parent and child alike', async () => {
    const made = new PaperProject(HUNG_YAML, { 'push.js': PUSH });
    projects.push(made);
    made.write('strategies.js', strategies(made.folder, ''));
    const child = spawn(process.execPath, [COMMAND, 'paper', '--respawn', '--json'], {
      cwd: made.folder,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(() => said.includes('Paper trading'));
    process.kill(-(child.pid as number), 'SIGINT');
    await ended;
    expect(JSON.parse(told)).toHaveProperty('run');
  });
});

describe('runRespawned', () => {
  /** A program that dies as often as told, and writes down its words. */
  function program(code: string): { readonly folder: string; readonly script: string } {
    const made = new PaperProject('');
    projects.push(made);
    mkdirSync(made.path('log'));
    made.write('program.mjs', `import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';\n${code}`);
    return { folder: made.folder, script: made.path('program.mjs') };
  }

  it('gives the exit code of a child that ends by itself, and starts none again', async () => {
    const { script } = program('process.exitCode = 3;');
    const deaths: unknown[] = [];
    expect(await runRespawned({ argv: [script], env: process.env, onDeath: (death) => deaths.push(death) })).toBe(3);
    expect(deaths).toEqual([]);
  });

  it('starts again after a signal and after the code of a loss, without what may be said once only', async () => {
    const { folder, script } = program(
      `const start = Number(process.env.BOOKRUNNER_RESPAWN);
       appendFileSync(process.argv[2] + '/words', start + ' ' + process.argv.slice(3).join(' ') + '\\n');
       appendFileSync(process.argv[2] + '/since', process.env.BOOKRUNNER_RESPAWN_SINCE + '\\n');
       await new Promise((done) => process.send({ bookrunner: 'begun' }, done));
       if (start === 0) process.kill(process.pid, 'SIGKILL');
       else if (start === 1) process.exit(4);`,
    );
    const waits: number[] = [];
    const code = await runRespawned({
      argv: [script, folder, '--resume', '--fresh', '--speed', '1'],
      env: process.env,
      onDeath: () => {},
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    });
    expect([code, waits]).toEqual([0, [1_000, 2_000]]);
    expect(readFileSync(join(folder, 'words'), 'utf8').trim().split('\n')).toEqual([
      '0 --resume --fresh --speed 1',
      '1 --speed 1',
      '2 --speed 1',
    ]);
    const since = readFileSync(join(folder, 'since'), 'utf8').trim().split('\n');
    expect(since).toEqual([since[0], since[0], since[0]]);
    expect(Number(since[0])).toBeGreaterThan(0);
  });

  it('leaves them out however they are written', async () => {
    const { script, folder } = program(
      `appendFileSync(process.argv[2] + '/words', process.argv.slice(3).join(' ') + '\\n');
       if (process.env.BOOKRUNNER_RESPAWN === '0') process.send({ bookrunner: 'begun' }, () => process.exit(4));`,
    );
    await runRespawned({
      argv: [script, folder, '--resume=true', '--fresh', 'true', '--set', 'engine.name=--fresh', 'true'],
      ...{ env: process.env, onDeath: () => {}, wait: () => Promise.resolve() },
    });
    const [first, second] = readFileSync(join(folder, 'words'), 'utf8').trim().split('\n');
    expect(first).toBe('--resume=true --fresh true --set engine.name=--fresh true');
    expect(second).toBe('--set engine.name=--fresh true');
  });

  it('tells where a session had begun and the next start is refused, and of no other end', async () => {
    const left = async (body: string): Promise<readonly number[]> => {
      const { script } = program(body);
      const told: number[] = [];
      const code = await runRespawned({
        ...{ argv: [script], env: process.env, onDeath: () => {}, wait: () => Promise.resolve() },
        onNotGoneOn: (refused) => told.push(refused),
      });
      return [code, ...told];
    };
    const begun = `process.send({ bookrunner: 'begun' }, () => process.exit(first ? 4 : CODE));`;
    const first = `const first = process.env.BOOKRUNNER_RESPAWN === '0';`;
    const refused = `${first} if (first) ${begun} else process.exit(2);`;
    expect(await left(refused)).toEqual([2, 2]);
    expect(await left(`${first} ${begun.replace('CODE', '1')}`)).toEqual([1]);
    expect(await left(`${first} process.exit(first ? 4 : 2);`)).toEqual([2]);
  });

  it('tells of a panic that no child was started for', async () => {
    const { script } = program('process.exit(4);');
    let lost = 0;
    const code = await runRespawned({
      ...{ argv: [script], env: process.env, onDeath: () => {}, onPanicLost: () => (lost += 1) },
      wait: () => {
        process.emit('SIGUSR2');
        process.emit('SIGTERM');
        return Promise.resolve();
      },
    });
    expect([code, lost]).toEqual([4, 1]);
  });

  it('gives up after five deaths within ten minutes', async () => {
    const { script } = program('process.exit(4);');
    let deaths = 0;
    const running = runRespawned({
      ...{ argv: [script], env: process.env, wait: () => Promise.resolve() },
      onDeath: () => (deaths += 1),
    });
    await expect(running).rejects.toMatchObject({ code: 'ENGINE_PROCESS_LOST_TOO_OFTEN', details: { deaths: 5 } });
    expect(deaths).toBe(4);
  });

  it('waits twice as long each time, a minute at most', () => {
    expect([1, 2, 3, 6, 7, 20].map(respawnWaitMs)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  });

  it('is left out below another one, where a supervisor is there, and where it is not wanted', () => {
    const run = { respawn: false, noRespawn: false, byDefault: true };
    expect(wantsRespawn(run, {})).toBe(true);
    expect(wantsRespawn(run, { INVOCATION_ID: 'x' })).toBe(false);
    expect(wantsRespawn({ ...run, respawn: true }, { INVOCATION_ID: 'x' })).toBe(true);
    expect(wantsRespawn({ ...run, noRespawn: true }, {})).toBe(false);
    expect(wantsRespawn({ ...run, respawn: true }, { BOOKRUNNER_RESPAWN: '1' })).toBe(false);
    expect(wantsRespawn({ ...run, byDefault: false }, {})).toBe(false);
  });
});
