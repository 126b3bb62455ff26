// How TypeORM reaches each of the two databases.
import { DataSource, type DataSourceOptions, type EntitySchema, type QueryRunner } from 'typeorm';
import { makePrivateFile } from './private-file.js';
import { ENTITIES } from './entities.js';
import { CreateAccountLeases1764288000000 } from './migrations/create-account-leases.js';
import { CreateStore1763856000000 } from './migrations/create-store.js';
import { checkSqliteBinary, type SqliteConnection } from './sqlite-binary.js';
import type { Placeholder } from './sql.js';
import type { DatabaseTarget } from './store-backend.js';
import { storeError } from './store-errors.js';

/** What differs between the databases beside their drivers. */
export interface Dialect {
  readonly placeholder: Placeholder;
  /** Statements that begin a transaction which no other writer can enter. */
  readonly begin: readonly string[];
  /** SQLite has one connection: a query in the midst of a transaction would see what may be rolled back. */
  readonly readsWait: boolean;
}

/** Number of the advisory lock that writers of one database share; any number that nobody else uses. */
export const WRITER_LOCK = 4_207_031_869;

const SQLITE: Dialect = { placeholder: () => '?', begin: ['BEGIN IMMEDIATE'], readsWait: true };
const POSTGRES: Dialect = {
  placeholder: (position) => `$${position}`,
  // Writers look rows up by their keys. Of a table it has no statistics of yet, Postgres would read the whole instead.
  begin: [
    'BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off',
    `SELECT pg_advisory_xact_lock(${WRITER_LOCK})`,
  ],
  readsWait: false,
};

/** The name of the table that lists the migrations done. */
export const MIGRATIONS_TABLE = 'store_migrations';

/** The dialect of a target. */
export function dialectOf(target: DatabaseTarget): Dialect {
  return target.type === 'sqlite' ? SQLITE : POSTGRES;
}

/**
 * A data source that is not connected yet.
 * Errors: STORE_SQLITE_BINARY_MISSING.
 */
export function createDataSource(target: DatabaseTarget): DataSource {
  const common = {
    entities: Object.values<unknown>(ENTITIES) as EntitySchema[],
    migrations: [CreateStore1763856000000, CreateAccountLeases1764288000000],
    migrationsTableName: MIGRATIONS_TABLE,
    // Nothing may change the tables but a migration, and no log may hold an address.
    synchronize: false,
    logging: false,
  };
  const options: DataSourceOptions =
    target.type === 'sqlite' ? { ...common, ...sqliteOptions(target) } : { ...common, ...postgresOptions(target) };
  return new DataSource(options);
}

type Sqlite = Extract<DatabaseTarget, { type: 'sqlite' }>;
type Postgres = Extract<DatabaseTarget, { type: 'postgres' }>;

function sqliteOptions({ file, lockTimeoutMs }: Sqlite) {
  const binary = checkSqliteBinary();
  if (!binary.ok) throw binary.error;
  if (file !== ':memory:') makePrivateFile(file);
  return {
    type: 'better-sqlite3',
    database: file,
    driver: binary.driver,
    timeout: lockTimeoutMs,
    prepareDatabase: (connection: SqliteConnection): void => {
      connection.pragma('journal_mode = WAL');
      // A file in WAL mode is reopened with NORMAL, which may lose the last commits when the power fails.
      connection.pragma('synchronous = FULL');
    },
  } as const;
}

function postgresOptions({ url, lockTimeoutMs }: Postgres) {
  return {
    type: 'postgres',
    url,
    applicationName: 'bookrunner',
    connectTimeoutMS: 10_000,
    // One writer, and some readers beside it.
    poolSize: 4,
    extra: { lock_timeout: lockTimeoutMs },
    // An idle connection that ends is replaced at the next use, which reports it if the server is gone.
    poolErrorHandler: (): void => undefined,
  } as const;
}

const FULL = 2;

/**
 * Reads back whether SQLite took the settings that make a commit durable.
 * Errors: STORE_DURABILITY_REFUSED.
 */
export async function checkDurability(runner: QueryRunner, target: DatabaseTarget): Promise<void> {
  if (target.type !== 'sqlite' || target.file === ':memory:') return;
  const [mode] = (await runner.query('PRAGMA journal_mode')) as readonly { readonly journal_mode: string }[];
  const [sync] = (await runner.query('PRAGMA synchronous')) as readonly { readonly synchronous: number }[];
  if (mode?.journal_mode === 'wal' && sync?.synchronous === FULL) return;
  throw storeError(
    'STORE_DURABILITY_REFUSED',
    `SQLite did not take journal_mode=wal and synchronous=FULL: they are ${mode?.journal_mode} and ${sync?.synchronous}.`,
    { details: { journalMode: mode?.journal_mode, synchronous: sync?.synchronous } },
  );
}
