import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, jest } from '@jest/globals';
import { describeDatabases, describePostgres } from '../store/databases.fixture.js';
import { DatabaseSession } from '../store/database-session.js';
import { databaseTarget, type StoreDatabase } from '../store/open-store.js';
import { AccountLease, type AccountLeaseOptions } from './account-lease.js';
import type { LeaseHolder } from './lease-holder.js';
import { thisHolder } from './lease-holder.js';
import { type LeaseRow, LeaseTable } from './lease-table.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

const DIST = new URL('../../dist/operations/account-lease.js', import.meta.url);
const ACCOUNTS = [
  { venue: 'ibkr', account: 'DU1' },
  { venue: 'ibkr', account: 'DU2' },
];
const ANN: LeaseHolder = { host: 'north', pid: 7, engine: 'demo', run: 'run-a', place: 'a' };
const BOB: LeaseHolder = { host: 'south', pid: 8, engine: 'other', run: 'run-b', place: 'b' };

describeDatabases('AccountLease', ({ database }) => {
  const leases: AccountLease[] = [];
  afterEach(async () => {
    for (const lease of leases.splice(0)) await lease.release();
  });

  async function take(holder: LeaseHolder, more: Partial<AccountLeaseOptions> = {}): Promise<AccountLease> {
    const options = { accounts: ACCOUNTS, holder, onLost: () => {}, ...more };
    const lease = await AccountLease.take({ database: await database() }, options);
    leases.push(lease);
    return lease;
  }

  async function rows(): Promise<readonly (LeaseRow | undefined)[]> {
    const session = await DatabaseSession.open(databaseTarget({ database: await database() }));
    try {
      return await new LeaseTable(session).read(ACCOUNTS);
    } finally {
      await session.close();
    }
  }

  async function change(statement: string): Promise<void> {
    const session = await DatabaseSession.open(databaseTarget({ database: await database() }));
    await session.dataSource.query(statement);
    await session.close();
  }

  it('refuses a second engine, and says who holds the account since when', async () => {
    await take(ANN);
    const [row] = await rows();
    expect(row).toMatchObject({ venue: 'ibkr', account: 'DU1', holder: ANN, fence: 1 });
    const since = new Date(row?.acquiredAt ?? 0).toISOString();
    await expect(take(BOB)).rejects.toMatchObject({
      code: 'ACCOUNT_LEASED',
      message: expect.stringContaining(
        `account DU1 at ibkr belongs to engine 'demo' (process 7 on north, run run-a) since ${since}`,
      ),
      details: { holder: ANN },
    });
  });

  it('takes all accounts or none', async () => {
    await take(ANN, { accounts: ACCOUNTS.slice(1) });
    await expect(take(BOB)).rejects.toMatchObject({ code: 'ACCOUNT_LEASED', details: { account: 'DU2' } });
    expect(await rows()).toMatchObject([undefined, { holder: ANN }]);
  });

  it('leaves accounts of other venues alone', async () => {
    await take(ANN);
    const other = await take(BOB, { accounts: [{ venue: 'ctrader', account: 'DU1' }] });
    expect(other.fences).toEqual([1]);
  });

  it('counts owners: after a release, after an expiry, and of the same data folder at once', async () => {
    const first = await take(ANN);
    await first.release();
    const second = await take(BOB, { ttlMs: 60, renewMs: 50 });
    expect(second.fences).toEqual([2, 2]);
    const again = await take({ ...BOB, run: 'run-c' });
    expect(again.fences).toEqual([3, 3]);
    await second.release();
    expect(await rows()).toMatchObject([{ holder: { run: 'run-c' }, fence: 3 }, { fence: 3 }]);
  });

  it('waits for a lease that nobody renews, if told to', async () => {
    const dead = await take(ANN, { ttlMs: 400, renewMs: 100_000 });
    expect(dead.fences).toEqual([1, 1]);
    const next = await take(BOB, { waitMs: 60_000, renewMs: 50 });
    expect(next.fences).toEqual([2, 2]);
  });

  it('moves its expiry with each renewal, and stays held', async () => {
    const lost: Error[] = [];
    const lease = await take(ANN, { onLost: (loss) => lost.push(loss) });
    const [before] = await rows();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await lease.renew();
    const [after] = await rows();
    expect(after?.acquiredAt).toBe(before?.acquiredAt);
    expect(after?.expiresAt).toBeGreaterThan(before?.expiresAt ?? Infinity);
    expect([lease.isHeld, lost]).toEqual([true, []]);
  });

  it('is lost once when another engine has the account, and does not touch what is theirs', async () => {
    const lost: Error[] = [];
    const lease = await take(ANN, { onLost: (loss) => lost.push(loss) });
    await change('UPDATE "account_leases" SET "expires_at" = 0');
    const other = await take(BOB);
    await lease.renew();
    await lease.renew();
    expect(lease.isHeld).toBe(false);
    expect(lost).toMatchObject([{ code: 'ACCOUNT_LEASE_LOST', message: expect.stringContaining("engine 'other'") }]);
    await lease.release();
    expect(await rows()).toMatchObject([{ holder: BOB, fence: 2 }, { fence: 2 }]);
    expect(other.isHeld).toBe(true);
  });

  it('is lost before it ends when it cannot be renewed', async () => {
    let time = 0;
    const lost = new Promise<Error>((resolve) => {
      void take(ANN, { ttlMs: 1_000, renewMs: 900, stopwatch: () => time, onLost: resolve }).then(async (lease) => {
        await change('ALTER TABLE "account_leases" RENAME TO "gone"');
        time = 2_000;
        await lease.renew();
      });
    });
    expect(await lost).toMatchObject({
      code: 'ACCOUNT_LEASE_LOST',
      message: expect.stringContaining('could not be renewed for 0.1 s'),
    });
  });

  it('tries again after a fault that nobody foresaw', async () => {
    let time = 0;
    let isBroken = false;
    const lost: Error[] = [];
    const stopwatch = (): number => {
      if (!isBroken) return time;
      isBroken = false;
      throw new TypeError('no clock');
    };
    const lease = await take(ANN, { ttlMs: 30_000, renewMs: 20_000, stopwatch, onLost: (loss) => lost.push(loss) });
    const [before] = await rows();
    isBroken = true;
    await lease.renew();
    expect([lease.isHeld, lost]).toEqual([true, []]);
    time = 10;
    await lease.renew();
    const [after] = await rows();
    expect(after?.expiresAt).toBeGreaterThan(before?.expiresAt ?? Infinity);
  });

  (existsSync(DIST) ? it : it.skip)('goes to one of several processes that race for it', async () => {
    const place = await database();
    await take(ANN).then((lease) => lease.release());
    const outcomes = await Promise.all(['one', 'two', 'three'].map((name) => racer(place, name)));
    expect(outcomes.toSorted()).toEqual(['ACCOUNT_LEASED', 'ACCOUNT_LEASED', 'taken 2']);
  });
});

describePostgres('AccountLease', ({ database }) => {
  it('lets go, at its end, of a database whose network swallows what it is sent', async () => {
    const place = await database();
    const line = await swallowingLine(databaseTarget({ database: place }) as { readonly url: string });
    const lost: Error[] = [];
    const options = { accounts: ACCOUNTS, holder: ANN, onLost: (loss: Error) => lost.push(loss) };
    const lease = await AccountLease.take({ database: { type: 'postgres', url: line.url } }, options);
    line.swallow();
    void lease.renew();
    await lease.release();
    expect(lost).toEqual([]);
    await line.close();
  });
});

it('tells data folders apart, and knows one again', () => {
  const facts = { engine: 'demo', run: 'r', dataDir: fileURLToPath(new URL('.', import.meta.url)) };
  const holder = thisHolder(facts);
  expect(holder).toMatchObject({ pid: process.pid, engine: 'demo', run: 'r' });
  expect(thisHolder({ ...facts, run: 'other' }).place).toBe(holder.place);
  expect(thisHolder({ ...facts, dataDir: '/' }).place === holder.place).toBe(holder.place === '');
  expect(thisHolder({ ...facts, dataDir: '/nowhere/at/all' }).place).toBe('');
});

/** Passes everything on until it is told to swallow it: the other side hears nothing, not even that the line is cut. */
async function swallowingLine({ url }: { readonly url: string }) {
  const [target, own] = [new URL(url), new URL(url)];
  let isOpen = true;
  const ends: (() => void)[] = [];
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    near.on('data', (bytes) => isOpen && far.write(bytes)).on('error', () => {});
    far.on('data', (bytes) => isOpen && near.write(bytes)).on('error', () => {});
    ends.push(() => {
      near.destroy();
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: own.href,
    swallow: () => (isOpen = false),
    close: () => {
      for (const end of ends) end();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A process that tries once, and keeps what it has until all have tried. */
function racer(database: StoreDatabase, name: string): Promise<string> {
  const script = `
    const { AccountLease } = await import(${JSON.stringify(DIST.href)});
    const holder = { host: 'here', pid: process.pid, engine: ${JSON.stringify(name)}, run: 'r', place: '' };
    const options = { accounts: ${JSON.stringify(ACCOUNTS)}, holder, onLost() {} };
    try {
      const lease = await AccountLease.take({ database: ${JSON.stringify(database)} }, options);
      process.stdout.write('taken ' + lease.fences[0]);
    } catch (error) {
      process.stdout.write(error.code ?? String(error));
    }
    process.exit();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.on('close', () => resolve(said)));
}
