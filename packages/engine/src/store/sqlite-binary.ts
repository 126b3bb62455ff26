// better-sqlite3 is compiled when it is installed, and an install that skipped it looks like any other.
import { createRequire } from 'node:module';
import type { TradingError } from '@bookrunner/sdk';
import { storeError } from './store-errors.js';

/** The part of a better-sqlite3 connection that the store uses beside TypeORM. */
export interface SqliteConnection {
  pragma(text: string, options?: { readonly simple: boolean }): unknown;
  close(): void;
}

/** The class that better-sqlite3 exports. */
export type SqliteDriver = new (
  file: string,
  options?: Readonly<Record<string, unknown>>,
) => SqliteConnection & {
  prepare(sql: string): { get(): unknown };
};

/** Whether SQLite can be used, and which version, for `bookrunner doctor`. */
export type SqliteBinaryCheck =
  | { readonly ok: true; readonly sqliteVersion: string; readonly driver: SqliteDriver }
  | { readonly ok: false; readonly error: TradingError };

const require = createRequire(import.meta.url);

/** Loads better-sqlite3 and asks an empty database for its version. Never throws. `load` is for tests. */
export function checkSqliteBinary(load: () => unknown = () => require('better-sqlite3')): SqliteBinaryCheck {
  try {
    const driver = load() as SqliteDriver;
    const connection = new driver(':memory:');
    const row = connection.prepare('SELECT sqlite_version() AS version').get() as { readonly version: string };
    connection.close();
    return { ok: true, sqliteVersion: row.version, driver };
  } catch (cause) {
    return { ok: false, error: binaryError(cause) };
  }
}

function binaryError(cause: unknown): TradingError {
  const text = String((cause as { message?: unknown } | null)?.message ?? cause);
  const code = (cause as { code?: unknown } | null)?.code;
  const what = /NODE_MODULE_VERSION/.test(text)
    ? `The compiled part of better-sqlite3 was made for another version of Node than ${process.version}.`
    : code === 'MODULE_NOT_FOUND'
      ? 'The package better-sqlite3 is not installed.'
      : 'The compiled part of better-sqlite3 is missing or does not load.';
  return storeError('STORE_SQLITE_BINARY_MISSING', what, { details: { node: process.version }, cause });
}
