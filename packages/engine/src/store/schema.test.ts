import { expect, it } from '@jest/globals';
import { DatabaseBackend } from './database-backend.js';
import { describeDatabases } from './databases.fixture.js';
import { lookupStatement } from './sql.js';
import { databaseTarget } from './open-store.js';
import { TABLES } from './tables.js';
import { aFill, aTick } from './rows.fixture.js';

describeDatabases('schema', ({ database, open, type }) => {
  const backend = async (): Promise<DatabaseBackend> =>
    DatabaseBackend.open(databaseTarget({ database: await database() }));

  it('has no drift: the migrations make what the tables say', async () => {
    const { session } = await backend();
    const { upQueries } = await session.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await session.close();
  });

  it('can be undone and done again', async () => {
    const { session } = await backend();
    await session.dataSource.undoLastMigration();
    expect(await session.dataSource.showMigrations()).toBe(true);
    await session.dataSource.runMigrations();
    expect(await session.dataSource.showMigrations()).toBe(false);
    await session.close();
  });

  it('refuses a store of a newer version', async () => {
    const { session } = await backend();
    await session.dataSource.query(
      `INSERT INTO "store_migrations" ("timestamp", "name") VALUES (9000000000000, 'AddTaxes9000000000000')`,
    );
    await session.close();
    await expect(open()).rejects.toMatchObject({
      code: 'STORE_VERSION_NEWER',
      message: 'The store was written by a newer version: it has AddTaxes9000000000000.',
    });
  });

  it('is created once by stores that open at the same time', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    await Promise.all(stores.map((store) => store.appendFill(aFill())));
    expect(await stores[0]?.fills()).toEqual([aFill()]);
  });

  it('finds keys and answers queries by an index', async () => {
    const { session } = await backend();
    const placeholders = session.dialect.placeholder;
    const fills = Array.from({ length: 380 }, (_, n) => TABLES.fills.encode(aFill({ executionId: `e${n}` })));
    const lookup = lookupStatement(TABLES.fills as never, fills, placeholders);
    const plan = async (text: string, values: readonly unknown[]): Promise<string> => {
      const explain = type === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
      // An empty table is scanned by Postgres whatever indexes it has, unless told not to.
      if (type === 'postgres') await session.dataSource.query(`SET enable_seqscan = off`);
      return JSON.stringify(await session.dataSource.query(`${explain} ${text}`, [...values]));
    };
    const scan = /SCAN (fills|orders|ticks|bars|equity)|Seq Scan/;
    expect(await plan(lookup.text, lookup.values)).not.toMatch(scan);
    const queries = [
      `SELECT * FROM "fills" WHERE "run" = 'live' AND "book" = 'CORE' ORDER BY "ts" DESC, "sequence" DESC LIMIT 10`,
      `SELECT * FROM "fills" WHERE "run" = 'live' ORDER BY "ts" DESC LIMIT 10`,
      `SELECT * FROM "orders" WHERE "run" = 'live' AND "status" IN ('working') ORDER BY "created_ts" DESC LIMIT 10`,
      `SELECT * FROM "ticks" WHERE "symbol" = 'AAPL' AND "ts" >= ${aTick().ts} ORDER BY "ts", "sequence" LIMIT 10`,
      `SELECT * FROM "bars" WHERE "symbol" = 'AAPL' AND "timeframe" = '1m' ORDER BY "ts" DESC LIMIT 1`,
      `SELECT * FROM "equity" WHERE "run" = 'live' AND "book" = 'CORE' AND "ts" >= 0 ORDER BY "ts"`,
    ];
    for (const query of queries) expect(await plan(query, [])).not.toMatch(scan);
    await session.close();
  });
});
