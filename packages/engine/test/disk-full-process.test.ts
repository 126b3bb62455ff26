// A data folder on a disk that fills up: the session ends halted, and a plain start afterwards trades nothing.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HaltLatch, isOpenPanic } from '../src/control/halt-latch.js';
import { Project, strategyModule } from './command-line.fixture.js';
import { TICKER } from './live-feed.fixture.js';
import { chain } from './restart.fixture.js';

jest.setTimeout(300_000);

const COMMAND = fileURLToPath(new URL('../bin/bookrunner.js', import.meta.url));
const YAML = `engine: { name: test }
plugins: [./steady.mjs, ./ticker.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 } }
feeds: { data: { use: ticker } }
venues: { sim: { use: simulated } }
strategies:
  steady: { use: steady, symbols: [EURUSD], bars: { use: time, options: { seconds: 1, price: mid } } }
`;
/** Only root can mount. */
const MAY_MOUNT = process.platform === 'linux' && process.getuid?.() === 0;

let project: Project;
let running: ChildProcess | undefined;
let isMounted = false;

beforeEach(() => {
  project = new Project()
    .write('steady.mjs', strategyModule('steady', 'return 0.5;'))
    .write('ticker.mjs', TICKER)
    .write('engine.yaml', YAML);
  mkdirSync(dataDir());
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', dataDir()]).status === 0;
});

afterEach(() => {
  running?.kill('SIGKILL');
  running = undefined;
  if (isMounted) spawnSync('umount', ['-l', dataDir()]);
  project.remove();
});

const dataDir = (): string => join(project.folder, 'var');

/** There is a position, and the engine has had a second to show it, which it does several times in one. */
function isHeld(): boolean {
  try {
    const { fills, writtenAt } = chain(project);
    return writtenAt > Number(fills[0]?.[0]) + 1_000;
  } catch {
    return false;
  }
}

/** A session in position whose disk becomes full; `then` is called at once. */
async function sessionOnFullDisk(
  then: (child: ChildProcess) => void,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [COMMAND, 'paper', '--report', 'none'], {
    cwd: project.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running = child;
  let stderr = '';
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.includes('Paper trading')) resolve();
    });
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  while (!isHeld()) await new Promise((resolve) => setTimeout(resolve, 100));
  const filled = (): boolean => {
    try {
      for (;;) appendFileSync(join(dataDir(), 'fill'), Buffer.alloc(4_096));
    } catch {
      return true;
    }
  };
  // What the journal gives back meanwhile is taken too.
  const filling = setInterval(filled, 50);
  filled();
  then(child);
  const code = await gone;
  clearInterval(filling);
  return { code, stderr };
}

(MAY_MOUNT ? describe : describe.skip)('a disk that is full', () => {
  it('ends a session with the latch, and a plain start once there is room is halted', async () => {
    if (!isMounted) return expect('mount').toBe('not to be had here');
    const { code, stderr } = await sessionOnFullDisk(() => {});
    expect([code, stderr]).toEqual([1, expect.stringMatching(/alarm: JOURNAL_DISK_FULL/)]);
    expect(stderr).toMatch(
      /alarm: SESSION_LEFT_OPEN: .* by the books: \d+ EURUSD of steady in .* start again with --resume/,
    );
    expect(stderr).not.toContain('ENGINE_RECOVERING');
    expect(stderr).not.toContain('HALT_LATCH_UNWRITABLE');
    expect(readdirSync(dataDir()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(new HaltLatch(dataDir()).read()).toMatchObject([{ level: 'halt', actor: 'journal' }]);

    rmSync(join(dataDir(), 'fill'));
    const next = await project.run(['paper', '--duration', '2500ms', '--report', 'none']);
    expect([next.code, next.stderr]).toEqual([0, expect.stringContaining('alarm: HALT_LATCHED')]);
    expect(readdirSync(dataDir())).toEqual(expect.arrayContaining(['HALTED', 'HALTED.reserve']));
  });

  it('carries no panic out, says so and what stays open, and the next start with room does', async () => {
    if (!isMounted) return expect('mount').toBe('not to be had here');
    const { code, stderr } = await sessionOnFullDisk((child) => child.kill('SIGUSR2'));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/alarm: JOURNAL_DISK_FULL/)]);
    expect(stderr).toMatch(/alarm: PANIC: .* are to be cancelled/);
    expect(stderr).toMatch(
      /alarm: PANIC_UNFINISHED: .* is NOT carried out: the journal .* Open stay, by the books: \d+ EURUSD of steady in .* The file HALTED has the panic.* First make room/,
    );
    expect(stderr.match(/PANIC_UNFINISHED/g)).toHaveLength(1);
    expect(stderr).not.toContain(': PANIC_COMPLETE: ');
    const latched = new HaltLatch(dataDir()).read();
    expect(latched.filter(isOpenPanic)).toMatchObject([{ actor: 'signal SIGUSR2' }]);

    rmSync(join(dataDir(), 'fill'));
    const at = { text: 'info: PANIC_COMPLETE: ', act: (child: ChildProcess) => child.kill('SIGINT') };
    const next = await project.run(['paper', '--duration', '10m', '--report', 'none'], { at });
    expect([next.code, next.stderr]).toEqual([0, expect.stringContaining(at.text)]);
    expect(new HaltLatch(dataDir()).read().filter(isOpenPanic)).toEqual([]);
  });
});
