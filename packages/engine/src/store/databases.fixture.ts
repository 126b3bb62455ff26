// The databases that the store's tests run on: SQLite always, Postgres where a server can be had.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openStore, type StoreDatabase, type StoreOptions } from './open-store.js';
import type { Store } from './store.js';

const SCRIPT = fileURLToPath(new URL('../../../../scripts/with-postgres.sh', import.meta.url));
/** Prints the address and stays until its standard input ends, which also happens when the tests are killed. */
const ANNOUNCE = 'echo "$BOOKRUNNER_TEST_POSTGRES_URL"; cat >/dev/null';
const START_MS = 60_000;

/** One kind of database, with a fresh and empty one for each test. */
export interface TestDatabases {
  readonly type: StoreDatabase['type'];
  /** A new database; the same one until the test ends. */
  readonly database: () => Promise<StoreDatabase>;
  /** A store on it in this thread; closed after the test. */
  readonly open: (options?: Partial<StoreOptions>) => Promise<Store>;
}

/** Runs a suite on every database. Where there is no Postgres, its suite shows as skipped, with the reason. */
export function describeDatabases(title: string, suite: (databases: TestDatabases) => void): void {
  describe(`${title} (sqlite)`, () => suite(sqliteDatabases()));
  describePostgres(title, suite);
}

/** Runs a suite on Postgres only. */
export function describePostgres(title: string, suite: (databases: TestDatabases) => void): void {
  const missing = whyNoPostgres();
  const run = missing === undefined ? describe : describe.skip;
  run(`${title} (postgres${missing === undefined ? '' : `: ${missing}`})`, () => suite(postgresDatabases()));
}

function sqliteDatabases(): TestDatabases {
  let folder: string | undefined;
  const databases = opening('sqlite', () => {
    folder ??= mkdtempSync(join(tmpdir(), 'store-'));
    return { type: 'sqlite', file: join(folder, 'store.db') };
  });
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  });
  return databases;
}

function postgresDatabases(): TestDatabases {
  let server: ChildProcess | undefined;
  let url = process.env.BOOKRUNNER_TEST_POSTGRES_URL ?? '';
  let current: Promise<StoreDatabase> | undefined;
  const created: string[] = [];
  const create = async (): Promise<StoreDatabase> => {
    const address = new URL(url);
    address.pathname = `store_test_${process.pid}_${Date.now()}_${created.length}`;
    const name = address.pathname.slice(1);
    created.push(name);
    await administer(url, `CREATE DATABASE ${name}`);
    return { type: 'postgres', url: address.href };
  };
  const databases = opening('postgres', () => {
    current ??= create();
    return current;
  });
  beforeAll(async () => {
    if (url !== '') return;
    server = spawn(SCRIPT, ['sh', '-c', ANNOUNCE], { stdio: ['pipe', 'pipe', 'inherit'] });
    url = await firstLine(server);
  }, START_MS);
  afterEach(() => {
    current = undefined;
  });
  afterAll(async () => {
    if (server === undefined) {
      for (const database of created) await administer(url, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      return;
    }
    const exit = new Promise((resolve) => server?.once('exit', resolve));
    server.stdin?.end();
    await exit;
  }, START_MS);
  return databases;
}

function opening(type: StoreDatabase['type'], database: () => StoreDatabase | Promise<StoreDatabase>): TestDatabases {
  const stores: Store[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  return {
    type,
    database: async () => database(),
    open: async (options = {}) => {
      const store = await openStore({
        database: await database(),
        thread: 'same',
        queue: { batchAgeMs: 0 },
        ...options,
      });
      stores.push(store);
      return store;
    },
  };
}

function whyNoPostgres(): string | undefined {
  if ((process.env.BOOKRUNNER_TEST_POSTGRES_URL ?? '') !== '') return undefined;
  const check = spawnSync(SCRIPT, ['--check'], { encoding: 'utf8' });
  return check.status === 0 ? undefined : `skipped, ${(check.stderr || String(check.error)).trim()}`;
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`The Postgres server ended with exit code ${code}.`)));
    if (server.stdout !== null) createInterface(server.stdout).once('line', resolve);
  });
}

async function administer(url: string, statement: string): Promise<void> {
  const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
  await dataSource.query(statement);
  await dataSource.destroy();
}
