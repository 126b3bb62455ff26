// What only a server can do: hang up, and hold a lock for somebody else.
import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { WRITER_LOCK } from './data-source.js';
import { describePostgres } from './databases.fixture.js';
import { aFill } from './rows.fixture.js';
import type { StoreDatabase } from './open-store.js';

describePostgres('Postgres faults', ({ open, database }) => {
  it('goes on after the server has ended its connections', async () => {
    const store = await open();
    await store.appendFill(aFill());
    const other = await connect(await database());
    await other.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await other.destroy();
    expect(await store.appendFill(aFill({ executionId: 'after' }))).toMatchObject({ inserted: 1 });
    expect(await store.fills()).toHaveLength(2);
  });

  it('says that another writer holds the database, and goes on afterwards', async () => {
    const store = await open({ lockTimeoutMs: 1 });
    const other = await connect(await database());
    const holder = other.createQueryRunner();
    await holder.query('BEGIN');
    await holder.query(`SELECT pg_advisory_xact_lock(${WRITER_LOCK})`);
    await expect(store.appendFill(aFill())).rejects.toMatchObject({ code: 'STORE_LOCKED', severity: 'retryable' });
    await holder.query('ROLLBACK');
    await holder.release();
    await other.destroy();
    expect(await store.appendFill(aFill())).toMatchObject({ inserted: 1 });
  });

  it('says that the password is wrong, and shows none', async () => {
    const right = await database();
    if (right.type !== 'postgres' || typeof right.url !== 'string') throw new Error('No Postgres address.');
    const url = new URL(right.url);
    url.password = 'not-this-one';
    url.username = 'nobody-here';
    const error: unknown = await open({ database: { type: 'postgres', url: url.href } }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: 'STORE_ACCESS_DENIED' });
    expect(String(error)).not.toContain('not-this-one');
  });
});

async function connect(database: StoreDatabase): Promise<DataSource> {
  if (database.type !== 'postgres' || typeof database.url !== 'string') throw new Error('No Postgres address.');
  return new DataSource({ type: 'postgres', url: database.url }).initialize();
}
