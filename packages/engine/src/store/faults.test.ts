// What an operator is told when the database cannot do its work.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TradingError } from '@bookrunner/sdk';
import { DatabaseBackend } from './database-backend.js';
import { databaseError } from './database-errors.js';
import { openStore, databaseTarget } from './open-store.js';
import { aFill } from './rows.fixture.js';
import { checkSqliteBinary } from './sqlite-binary.js';
import { Store } from './store.js';
import { STORE_ERRORS } from './store-errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-faults-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'bookrunner.db');
const target = () => databaseTarget({ database: { type: 'sqlite', file: file() }, lockTimeoutMs: 1 });
const open = (): Promise<Store> =>
  openStore({
    database: { type: 'sqlite' },
    dataDir: folder,
    thread: 'same',
    lockTimeoutMs: 1,
    queue: { batchAgeMs: 0 },
  });

/** A connection to the file as another program has it. */
function otherProgram() {
  const binary = checkSqliteBinary();
  if (!binary.ok) throw binary.error;
  return new binary.driver(file()) as InstanceType<typeof binary.driver> & { exec(sql: string): void };
}

async function failure(work: Promise<unknown>): Promise<TradingError> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error as TradingError,
  );
}

describe('SQLite faults', () => {
  it('sets synchronous to FULL at every opening', async () => {
    for (let n = 0; n < 2; n += 1) {
      const { session } = await DatabaseBackend.open(target());
      expect(await session.read('PRAGMA synchronous', [])).toEqual([{ synchronous: 2 }]);
      expect(await session.read('PRAGMA journal_mode', [])).toEqual([{ journal_mode: 'wal' }]);
      await session.close();
    }
  });

  it('says that the disk is full, and goes on when there is space again', async () => {
    const backend = await DatabaseBackend.open(target());
    const store = new Store(backend, { batchAgeMs: 0 });
    const { dataSource } = backend.session;
    const [{ page_count: pages }] = (await dataSource.query('PRAGMA page_count')) as [{ page_count: number }];
    await dataSource.query(`PRAGMA max_page_count = ${pages}`);
    const fills = Array.from({ length: 300 }, (_, n) => aFill({ executionId: `e${n}` }));
    expect(await failure(store.appendFills(fills))).toMatchObject({
      code: 'STORE_DISK_FULL',
      severity: 'fatal',
      message: 'Rows were not stored: database or disk is full (SQLITE_FULL).',
    });
    await dataSource.query('PRAGMA max_page_count = 1000000');
    expect(await store.appendFills(fills)).toMatchObject({ inserted: 300 });
    await store.close();
  });

  it('says that another program holds the file, and goes on afterwards', async () => {
    const store = await open();
    const other = otherProgram();
    other.exec('BEGIN IMMEDIATE');
    expect(await failure(store.appendFill(aFill()))).toMatchObject({ code: 'STORE_LOCKED', severity: 'retryable' });
    other.exec('ROLLBACK');
    expect(await store.appendFill(aFill())).toMatchObject({ inserted: 1 });
    other.close();
    await store.close();
  });

  it('waits for a short lock', async () => {
    const store = await open();
    const other = otherProgram();
    other.exec('BEGIN IMMEDIATE');
    const write = store.appendFill(aFill());
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.exec('ROLLBACK');
    expect(await write).toMatchObject({ inserted: 1 });
    other.close();
    await store.close();
  });

  it('says that the database may not be written', async () => {
    const backend = await DatabaseBackend.open(target());
    await backend.session.dataSource.query('PRAGMA query_only = ON');
    const store = new Store(backend, { batchAgeMs: 0 });
    expect(await failure(store.appendFill(aFill()))).toMatchObject({ code: 'STORE_READ_ONLY' });
    await store.close();
  });

  it('stores all rows but the one the database refuses, and names it', async () => {
    const backend = await DatabaseBackend.open(target());
    await backend.session.dataSource.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON "fills" WHEN NEW."execution_id" = 'e7' BEGIN SELECT RAISE(ABORT, 'not this one'); END`,
    );
    const store = new Store(backend, { batchAgeMs: 0 });
    const fills = Array.from({ length: 20 }, (_, n) => aFill({ executionId: `e${n}` }));
    const writes = Promise.allSettled([store.appendFills(fills), store.appendFill(aFill({ executionId: 'later' }))]);
    expect(await writes).toMatchObject([
      {
        reason: {
          code: 'STORE_WRITE_FAILED',
          message: expect.stringContaining('fills did not take the row of run=live, account=ib-main, executionId=e7'),
        },
      },
      { value: { inserted: 1 } },
    ]);
    expect(await store.fills()).toHaveLength(20);
    await store.close();
  });

  it('refuses a file that is no database', async () => {
    writeFileSync(file(), 'a,b,c\n'.repeat(1_000));
    expect(await failure(open())).toMatchObject({
      code: 'STORE_FILE_INVALID',
      message: `The store in '${file()}' could not be opened: file is not a database (SQLITE_NOTADB).`,
    });
  });

  it('refuses a database that is no store, and leaves it as it is', async () => {
    const other = otherProgram();
    other.exec('CREATE TABLE journal (a)');
    other.close();
    const before = readFileSync(file()).length;
    expect(await failure(open())).toMatchObject({
      code: 'STORE_FILE_INVALID',
      message: "The file is a SQLite database but no store: it has the table 'journal'.",
    });
    expect(readFileSync(file()).length).toBe(before);
  });

  it('refuses a folder that cannot be', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const store = openStore({ database: { type: 'sqlite' }, dataDir: join(folder, 'taken'), thread: 'same' });
    expect(await failure(store)).toMatchObject({ code: 'STORE_ACCESS_DENIED' });
  });

  it('makes the folder', async () => {
    const store = await openStore({ database: { type: 'sqlite' }, dataDir: join(folder, 'a', 'b'), thread: 'same' });
    expect(await store.fills()).toEqual([]);
    await store.close();
  });
});

describe('the binary of better-sqlite3', () => {
  it('is there', () => {
    expect(checkSqliteBinary()).toMatchObject({ ok: true, sqliteVersion: expect.stringMatching(/^3\.\d+/) });
  });

  it.each([
    ['Could not locate the bindings file. Tried: ...', undefined, 'missing or does not load'],
    ['was compiled against NODE_MODULE_VERSION 127', 'ERR_DLOPEN_FAILED', 'another version of Node'],
    ["Cannot find module 'better-sqlite3'", 'MODULE_NOT_FOUND', 'is not installed'],
  ])('says what to do about: %s', (message, code, what) => {
    const check = checkSqliteBinary(() => {
      throw Object.assign(new Error(message), { code });
    });
    if (check.ok) throw new Error('It loaded.');
    const text = check.error.toOperatorText();
    expect(text).toContain('STORE_SQLITE_BINARY_MISSING');
    expect(text).toContain(what);
    expect(text).toContain('"allowScripts": { "better-sqlite3": true } to the package.json');
    expect(text).toContain('`npm rebuild better-sqlite3`');
  });
});

describe('Postgres faults', () => {
  const PASSWORD = 'p%40ss-w0rd';

  /** All that a log or a terminal could show of an error. */
  const shown = (error: TradingError): string =>
    [error.toOperatorText(), inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error)].join('\n');

  it.each(['http://u:p%40ss-w0rd@h/db', 'p%40ss-w0rd', 'postgres//u:p%40ss-w0rd@h', ''])(
    "refuses the address '%s'",
    async (url) => {
      const error = await failure(openStore({ database: { type: 'postgres', url }, thread: 'same' }));
      expect(error).toMatchObject({ code: 'STORE_URL_INVALID' });
      expect(shown(error)).not.toContain(PASSWORD);
    },
  );

  it('says that nobody answers, without the address', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    await new Promise((resolve) => server.close(resolve));
    const url = `postgres://someone:${PASSWORD}@127.0.0.1:${port}/db`;
    const error = await failure(
      openStore({ database: { type: 'postgres', url: { reveal: () => url } }, thread: 'same' }),
    );
    expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', severity: 'retryable' });
    expect(shown(error)).not.toContain(PASSWORD);
    expect(shown(error)).not.toContain('p@ss-w0rd');
  });

  it('says that the server hung up', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.destroy();
    });
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const url = `postgres://someone:${PASSWORD}@127.0.0.1:${port}/db`;
    const error = await failure(openStore({ database: { type: 'postgres', url }, thread: 'same' }));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it.each([
    ['28P01', 'STORE_ACCESS_DENIED'],
    ['3D000', 'STORE_ACCESS_DENIED'],
    ['53100', 'STORE_DISK_FULL'],
    ['53300', 'STORE_UNREACHABLE'],
    ['55P03', 'STORE_LOCKED'],
    ['40P01', 'STORE_LOCKED'],
    ['25006', 'STORE_READ_ONLY'],
    ['57P01', 'STORE_UNREACHABLE'],
    ['22021', 'STORE_WRITE_FAILED'],
  ])('knows code %s as %s', (code, expected) => {
    const cause = {
      driverError: { code },
      message: `refused by postgres://u:${PASSWORD}@h/db`,
      parameters: [PASSWORD],
    };
    const error = databaseError(cause, {
      code: 'STORE_WRITE_FAILED',
      message: 'Rows were not stored',
      secrets: [PASSWORD],
    });
    expect(error.code).toBe(expected);
    expect(shown(error)).not.toContain(PASSWORD);
  });
});

describe('options', () => {
  it.each([
    [{ database: { type: 'sqlite' } }, 'absolute path, or `dataDir`'],
    [{ database: { type: 'sqlite', file: 'x.db' } }, 'absolute path, or `dataDir`'],
    [{ database: { type: 'sqlite', file: '/x.db' }, lockTimeoutMs: -1 }, 'lockTimeoutMs'],
  ] as const)('refuses %j', async (options, message) => {
    expect(await failure(openStore(options))).toMatchObject({
      code: 'STORE_OPTIONS_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('closes the database it opened when the queue is refused', async () => {
    const store = openStore({
      database: { type: 'sqlite' },
      dataDir: folder,
      thread: 'same',
      queue: { batchRows: -1 },
    });
    expect(await failure(store)).toMatchObject({ code: 'STORE_OPTIONS_INVALID' });
  });
});

describe('documentation', () => {
  it('lists every code and no other', () => {
    const page = readFileSync(new URL('../../../../docs/store.md', import.meta.url), 'utf8');
    const listed = [...page.matchAll(/^\| `(STORE_[A-Z_]+)`/gm)].map(([, code]) => code);
    expect(new Set(listed)).toEqual(new Set(Object.keys(STORE_ERRORS)));
    expect(listed).toHaveLength(Object.keys(STORE_ERRORS).length);
  });
});
