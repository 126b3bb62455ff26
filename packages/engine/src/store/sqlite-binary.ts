// better-sqlite3 is compiled when it is installed, and an install that skipped it looks like any other.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

const loadInstalled = (): unknown => require('better-sqlite3');

/** What the check opened: collecting it could abort the process, see {@link hasEnvironmentHooks}. */
let kept: readonly unknown[] = [];
/** The installed binary does not change while it is loaded. */
let installed: SqliteBinaryCheck | undefined;

/**
 * Whether the compiled part of better-sqlite3 may abort the process when its objects are collected. The headers of Node 24.19 and
 * later make each of them leave a cleanup hook of the environment when it ends, which fails wherever no script is running. What
 * was compiled with older headers works on the same Node.
 * Source: node_object_wrap.h of Node 24.18.1 and 24.21.0, compared 2026-11-28; better-sqlite3 13 does without, and needs Node 22.
 */
export function hasEnvironmentHooks(binary = compiledPart()): boolean {
  return existsSync(binary) && readFileSync(binary).includes('RemoveEnvironmentCleanupHook');
}

function compiledPart(): string {
  const folder = dirname(require.resolve('better-sqlite3/package.json'));
  return join(folder, 'build/Release/better_sqlite3.node');
}

/** Loads better-sqlite3 and asks an empty database for its version. Never throws. `load` is for tests. */
export function checkSqliteBinary(load: () => unknown = loadInstalled): SqliteBinaryCheck {
  if (load === loadInstalled && installed !== undefined) return installed;
  try {
    const driver = load() as SqliteDriver;
    const connection = new driver(':memory:');
    const statement = connection.prepare('SELECT sqlite_version() AS version');
    const row = statement.get() as { readonly version: string };
    connection.close();
    kept = [...kept, connection, statement];
    const check: SqliteBinaryCheck = { ok: true, sqliteVersion: row.version, driver };
    if (load === loadInstalled) installed = check;
    return check;
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
