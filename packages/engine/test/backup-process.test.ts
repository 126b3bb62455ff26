// Backup and restore as an operator does them: beside a running session, after damage, and onto a folder that is in use.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HaltLatch } from '../src/control/halt-latch.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { RestoreMark } from '../src/operations/restore-mark.js';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';
import { TICKER } from './live-feed.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
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

let project: Project;
let running: ChildProcess | undefined;

beforeEach(() => {
  project = new Project()
    .write('steady.mjs', strategyModule('steady', 'return 0.5;'))
    .write('ticker.mjs', TICKER)
    .write('engine.yaml', YAML);
});

afterEach(async () => {
  await ended('SIGKILL');
  project.remove();
});

async function json(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const finished = await project.run([...words, '--json']);
  expect([words.join(' '), finished.code, code === 0 ? finished.stderr : '']).toEqual([words.join(' '), code, '']);
  expect(finished.stderr).not.toContain('    at ');
  return onlyJson(finished.stdout);
}

/** A session whose journal has begun; without more words, one that has a position by now. */
async function session(...more: readonly string[]): Promise<void> {
  const before = segmentsIn(dataDir());
  const child = spawn(process.execPath, [COMMAND, 'paper', '--report', 'none', ...more], {
    cwd: project.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running = child;
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('Paper trading') && resolve());
  });
  while (segmentsIn(dataDir()) === before || (more.length === 0 && fillsIn(dataDir()) === 0)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ended(signal: NodeJS.Signals): Promise<void> {
  const child = running;
  running = undefined;
  if (child === undefined || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill(signal);
  await gone;
}

function segmentsIn(dataDir: string): number {
  return reading(dataDir, (reader) => reader.segments().length);
}

function fillsIn(dataDir: string): number {
  return reading(dataDir, (reader) => {
    const records = reader.segments().flatMap((segment) => [...reader.records(segment)]);
    return records.filter(({ record }) => JSON.stringify(record).includes('"filled"')).length;
  });
}

/** 0 where there is no journal, or one that has not begun yet. */
function reading(dataDir: string, count: (reader: JournalReader) => number): number {
  if (!existsSync(join(dataDir, 'journal.db'))) return 0;
  let reader: JournalReader | undefined;
  try {
    reader = new JournalReader(dataDir, DRIVER);
    return count(reader);
  } catch {
    return 0;
  } finally {
    reader?.close();
  }
}

function aside(): readonly string[] {
  return readdirSync(join(project.folder, 'var')).filter((name) => name.startsWith('replaced-'));
}

const dataDir = (): string => join(project.folder, 'var');
const backup = (): string => join(project.folder, 'backups/one');

describe('bookrunner backup and restore', () => {
  it('copies a running session, and goes on from the copy, halted until resumed', async () => {
    await session();
    new HaltLatch(dataDir()).add({ level: 'halt', reason: 'news', actor: 'ann', at: 1 });
    const made = await json(['backup', 'backups/one']);
    expect(running?.exitCode).toBeNull();
    const names = (made['files'] as { path: string }[]).map(({ path }) => path);
    expect(names).toEqual(expect.arrayContaining(['journal.db', 'HALTED']));
    expect(names.some((name) => /^runs\/.*\/config\.yaml$/.test(name))).toBe(true);
    expect(readdirSync(join(project.folder, 'backups'))).toEqual(['one']);
    expect(fillsIn(backup())).toBeGreaterThan(0);

    const busy = await json(['restore', 'backups/one', '--force'], 3);
    expect(busy).toMatchObject({ error: { code: 'RESTORE_FOLDER_IN_USE' } });
    await ended('SIGINT');
    const full = await json(['restore', 'backups/one'], 3);
    expect(full).toMatchObject({ error: { code: 'RESTORE_FOLDER_NOT_EMPTY' } });

    const restored = await json(['restore', 'backups/one', '--force']);
    expect(restored).toMatchObject({ dataDir: dataDir(), takenAt: made['takenAt'] });
    expect(aside()).toHaveLength(1);
    expect(existsSync(join(dataDir(), aside()[0] as string, 'journal.db'))).toBe(true);
    expect(new HaltLatch(dataDir()).read()).toMatchObject([
      { level: 'halt', actor: 'bookrunner restore', reason: expect.stringMatching(/backup of .*; halted then: news$/) },
    ]);

    const mark = new RestoreMark(dataDir());
    expect(mark.read()).toMatch(/^restored from a backup of /);
    const halted = await project.run(['paper', '--duration', '2500ms', '--report', 'none']);
    expect([halted.code, halted.stderr]).toEqual([0, expect.stringContaining('alarm: HALT_LATCHED')]);
    expect(halted.stderr).toContain('warning: ORDER_NUMBERS_SKIPPED');
    expect(mark.read()).toBeUndefined();
    await session('--resume');
    // It takes the halt back when it begins to trade, which is after its journal has begun; until then a stop would leave it.
    while (new HaltLatch(dataDir()).read().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await ended('SIGINT');
    const list = (await json(['journal', 'list'])) as { segments: { run: string; continues: string | null }[] };
    const [before, ...after] = list.segments;
    expect(after.length).toBeGreaterThanOrEqual(2);
    expect(after[0]?.continues).toBe(before?.run);
    expect(new HaltLatch(dataDir()).read()).toEqual([]);
  });

  it('refuses a damaged backup, and leaves the data folder as it is', async () => {
    await session();
    await ended('SIGKILL');
    await json(['backup', 'backups/one']);
    const journal = join(backup(), 'journal.db');
    const bytes = readFileSync(journal);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
    writeFileSync(journal, bytes);
    const before = readdirSync(dataDir()).toSorted();
    const refused = await json(['restore', 'backups/one', '--force'], 1);
    expect(refused).toMatchObject({
      error: { code: 'BACKUP_DAMAGED', message: expect.stringContaining('journal.db is not what was written') },
    });
    expect(
      readdirSync(dataDir())
        .filter((name) => !name.startsWith('journal.'))
        .toSorted(),
    ).toEqual(before.filter((name) => !name.startsWith('journal.')));

    rmSync(journal);
    writeFileSync(join(backup(), 'extra'), '');
    const missing = await json(['restore', 'backups/one', '--force'], 1);
    expect(missing).toMatchObject({ error: { message: expect.stringMatching(/journal.db is missing.*1 more/) } });
  });

  it('backs up no journal that is damaged, and leaves no half of a backup', async () => {
    await session();
    await ended('SIGKILL');
    const connection = new DRIVER(join(dataDir(), 'journal.db'));
    connection.exec('UPDATE blocks SET sum = sum + 1 WHERE id = 1');
    connection.close();
    const failed = await json(['backup', 'backups/one'], 1);
    expect(failed).toMatchObject({ error: { code: 'BACKUP_SOURCE_DAMAGED' } });
    expect(readdirSync(join(project.folder, 'backups'))).toEqual([]);
  });

  it('restores into an empty folder, with the store and the catalog if there are any', async () => {
    project.write('var/catalog/EURUSD/one.parquet', 'rows').write('var/runs/r1/metrics.json', '{}');
    const store = new DRIVER(join(dataDir(), 'bookrunner.db'));
    store.exec('CREATE TABLE kept (n INTEGER); INSERT INTO kept VALUES (7)');
    store.close();
    const made = await json(['backup', 'backups/one', '--with-catalog']);
    expect((made['files'] as { path: string }[]).map(({ path }) => path)).toEqual([
      'catalog/EURUSD/one.parquet',
      'runs/r1/metrics.json',
      'bookrunner.db',
    ]);
    rmSync(dataDir(), { recursive: true });
    expect(await json(['restore', 'backups/one'])).toMatchObject({ movedTo: null });
    expect(readFileSync(join(dataDir(), 'catalog/EURUSD/one.parquet'), 'utf8')).toBe('rows');
    const again = new DRIVER(join(dataDir(), 'bookrunner.db'), { readonly: true });
    expect(again.prepare('SELECT n FROM kept').get()).toEqual({ n: 7 });
    again.close();
    expect(new HaltLatch(dataDir()).read()).toHaveLength(1);
  });

  it('puts a store that lies elsewhere where it lies, and moves the old one aside', async () => {
    mkdirSync(dataDir());
    const file = join(project.folder, 'store.db');
    const set = ['--set', 'database.type=sqlite', '--set', `database.file=${file}`];
    const store = new DRIVER(file);
    store.exec('CREATE TABLE kept (n INTEGER); INSERT INTO kept VALUES (7)');
    store.close();
    await json(['backup', 'backups/one', ...set]);
    const changed = new DRIVER(file);
    changed.exec('UPDATE kept SET n = 8');
    changed.close();
    const { movedTo } = await json(['restore', 'backups/one', ...set]);
    const values = [file, join(String(movedTo), 'bookrunner.db')].map((name) => {
      const opened = new DRIVER(name, { readonly: true });
      const row = opened.prepare('SELECT n FROM kept').get();
      opened.close();
      return row;
    });
    expect(values).toEqual([{ n: 7 }, { n: 8 }]);
  });

  it.each([
    [['backup', 'var/here'], 'BACKUP_TARGET_INVALID'],
    [['backup', 'engine.yaml'], 'BACKUP_TARGET_INVALID'],
    [['backup', 'new'], 'BACKUP_NOTHING'],
    [['restore', 'steady.mjs'], 'BACKUP_INVALID'],
    [['restore', 'strange'], 'BACKUP_INVALID'],
    [['restore', 'newer'], 'BACKUP_VERSION_NEWER'],
    [['restore', 'escaping'], 'BACKUP_INVALID'],
    [['backup'], 'CLI_USAGE_INVALID'],
  ])('refuses %j', async (words, code) => {
    const manifest = {
      format: 1,
      engine: 'test',
      engineVersion: '0',
      takenAt: '2026-01-01T00:00:00.000Z',
      dataDir: '/',
    };
    const file = { path: '../engine.yaml', bytes: 0, sha256: '0'.repeat(64) };
    mkdirSync(dataDir());
    project
      .write('strange/manifest.json', '[]')
      .write('newer/manifest.json', '{ "format": 2 }')
      .write('escaping/manifest.json', JSON.stringify({ ...manifest, database: 'sqlite', files: [file] }));
    expect(await json(words, 2)).toMatchObject({ error: { code } });
  });

  it('says what to do about Postgres', async () => {
    project.write('var/runs/r1/metrics.json', '{}');
    const set = ['--set', 'database.type=postgres', '--set', 'database.url=postgres://ops:hunter2222@db/x'];
    const { code, stderr, stdout } = await project.run(['backup', 'backups/one', ...set]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('pg_dump')]);
    expect(`${stderr}${stdout}${readFileSync(join(backup(), 'manifest.json'), 'utf8')}`).not.toContain('hunter2222');
  });
});
