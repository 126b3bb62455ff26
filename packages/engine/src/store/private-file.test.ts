import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DRIVER } from '../journal/journal.fixture.js';
import { openJournalFile } from '../journal/journal-file.js';
import { takeJournalLock } from '../journal/journal-lock.js';
import { openStore } from './open-store.js';
import { makePrivateFile } from './private-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-private-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (...path: readonly string[]): string => (statSync(join(folder, ...path)).mode & 0o777).toString(8);

describe('what an engine makes in its data folder', () => {
  it('is for its owner alone: folder, lock, journal and its log, store', async () => {
    const dataDir = join(folder, 'a', 'var');
    const release = takeJournalLock(dataDir, DRIVER);
    const connection = openJournalFile({ dataDir, driver: DRIVER, mode: 'write' });
    const store = await openStore({ database: { type: 'sqlite' }, dataDir, thread: 'same' });
    const names = ['journal.lock', 'journal.db', 'journal.db-wal', 'bookrunner.db'];
    expect(names.map((name) => modeOf('a', 'var', name))).toEqual(['600', '600', '600', '600']);
    expect([modeOf('a'), modeOf('a', 'var')]).toEqual(['700', '700']);
    await store.close();
    connection.close();
    release();
  });

  it('leaves to SQLite to say what cannot be made', () => {
    makePrivateFile(join(folder, 'file'));
    makePrivateFile(join(folder, 'file', 'below', 'it'));
    expect(existsSync(join(folder, 'file', 'below'))).toBe(false);
  });
});
