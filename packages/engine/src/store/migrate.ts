import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { MIGRATIONS_TABLE } from './data-source.js';
import { storeError } from './store-errors.js';

/**
 * Brings the database to the present shape, inside the transaction of a single writer: two engines that start at once do it once.
 * Errors: STORE_VERSION_NEWER, STORE_FILE_INVALID for a SQLite file that is something else.
 */
export async function migrate(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const done = await migrationsDone(dataSource, runner);
  const known = new Set(dataSource.migrations.map(({ name }) => name));
  const unknown = done.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw storeError('STORE_VERSION_NEWER', `The store was written by a newer version: it has ${unknown.join(', ')}.`, {
      details: { unknown },
    });
  }
  if (done.length === known.size) return;
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none';
  await executor.executePendingMigrations();
}

async function migrationsDone(dataSource: DataSource, runner: QueryRunner): Promise<readonly string[]> {
  if (await runner.hasTable(MIGRATIONS_TABLE)) {
    const rows = (await runner.query(`SELECT "name" FROM "${MIGRATIONS_TABLE}"`)) as readonly {
      readonly name: string;
    }[];
    return rows.map(({ name }) => name);
  }
  if (dataSource.options.type === 'better-sqlite3') {
    const [table] = (await runner.query(
      `SELECT "name" FROM sqlite_master WHERE "type" = 'table' LIMIT 1`,
    )) as readonly {
      readonly name: string;
    }[];
    if (table !== undefined) {
      throw storeError(
        'STORE_FILE_INVALID',
        `The file is a SQLite database but no store: it has the table '${table.name}'.`,
      );
    }
  }
  return [];
}
