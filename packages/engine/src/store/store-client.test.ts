// The store in its own thread. Threads run compiled code, so these tests need a build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { databaseTarget } from './open-store.js';
import { aBar, aFill, aTick } from './rows.fixture.js';
import { StoreClient } from './store-client.js';
import { Store } from './store.js';

const ENTRY = new URL('../../dist/store/store-worker.js', import.meta.url);
const isBuilt = existsSync(fileURLToPath(ENTRY));
const built = isBuilt ? describe : describe.skip;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-thread-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const target = () => databaseTarget({ database: { type: 'sqlite' }, dataDir: folder });
const start = (entry = ENTRY): Promise<StoreClient> => StoreClient.open({ target: target(), entry });

built(`store thread${isBuilt ? '' : ' (skipped: run `npm run build` first)'}`, () => {
  it('does what the store in this thread does', async () => {
    const store = new Store(await start(), { batchAgeMs: 0 });
    const bars = [aBar(), aBar({ ts: aBar().ts + 60_000, vwap: 182.31 })];
    expect(await store.appendBars(bars)).toEqual({ inserted: 2, updated: 0, repeated: 0, stale: 0 });
    await store.appendTick(aTick({ sequence: 2n ** 64n - 1n }));
    expect(await store.lastBar('AAPL', '1m')).toEqual(bars[1]);
    expect([...(await store.loadBars('AAPL', 0, 2e12, '1m')).close]).toEqual([182.4, 182.4]);
    expect(await store.loadTicks('AAPL', 0, 2e12)).toEqual([aTick({ sequence: 2n ** 64n - 1n })]);
    expect(await store.project({ projection: 'p', offset: 3n, rows: { fills: [aFill()] } })).toMatchObject({
      inserted: 1,
    });
    expect(await store.project({ projection: 'p', offset: 3n, rows: {} })).toBeUndefined();
    expect(await store.offset('p')).toBe(3n);
    await store.close();
    await store.close();
    await expect(store.fills()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('commits what was written before it closes', async () => {
    const store = new Store(await start(), { batchAgeMs: 60_000 });
    const writes = Array.from({ length: 500 }, (_, n) => store.appendFill(aFill({ executionId: `e${n}` })));
    await store.close();
    await Promise.all(writes);
    const again = new Store(await start());
    expect(await again.fills()).toHaveLength(500);
    await again.close();
  });

  it('brings errors over whole', async () => {
    const store = new Store(await start(), { batchAgeMs: 0 });
    await store.appendFill(aFill());
    await expect(store.appendFill(aFill({ price: '1' }))).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
      severity: 'rejected',
      remedy: expect.stringContaining('never overwritten'),
      details: { table: 'fills', conflicts: 1 },
    });
    await expect(store.fills({ limit: -1.5 })).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) });
    await store.close();
  });

  it('says why the database could not be opened', async () => {
    writeFileSync(join(folder, 'bookrunner.db'), 'no database at all '.repeat(100));
    await expect(start()).rejects.toMatchObject({ code: 'STORE_FILE_INVALID' });
  });

  it('rejects what is under way when the thread dies, and stays dead', async () => {
    const dying = join(folder, 'dying.mjs');
    writeFileSync(
      dying,
      `import { parentPort } from 'node:worker_threads';
       parentPort.postMessage({ id: 0, ok: true });
       parentPort.on('message', () => process.exit(7));`,
    );
    const store = new Store(await start(new URL(`file://${dying}`)), { batchAgeMs: 0 });
    const died = { code: 'STORE_WORKER_FAILED', message: "The store's thread ended with exit code 7." };
    await expect(store.appendFill(aFill())).rejects.toMatchObject(died);
    await expect(store.fills()).rejects.toMatchObject(died);
    await store.close();
  });

  it('loads no driver until a store is opened', () => {
    const index = new URL('./index.js', ENTRY).href;
    const script =
      `import { createRequire } from 'node:module'; await import(${JSON.stringify(index)}); ` +
      'console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));';
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const loaded = JSON.parse(stdout) as readonly string[];
    expect(loaded.filter((path) => /node_modules.(typeorm|better-sqlite3|pg)\b/.test(path))).toEqual([]);
  });

  it('says so when it was not built', async () => {
    await expect(start(new URL('./nowhere.js', ENTRY))).rejects.toMatchObject({
      code: 'STORE_WORKER_FAILED',
      remedy: expect.stringContaining('npm run build'),
    });
  });
});
