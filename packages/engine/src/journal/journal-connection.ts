// The part of better-sqlite3 that the journal uses; it brings no types. Loaded when a journal is opened, never by an import.
import type { SqliteDriver } from '../store/sqlite-binary.js';

/** A prepared statement. Numbers come back as numbers, blobs as buffers. */
export interface Statement {
  run(...values: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: readonly unknown[]): unknown;
  all(...values: readonly unknown[]): readonly unknown[];
  iterate(...values: readonly unknown[]): IterableIterator<unknown>;
}

/** A connection to the journal's file. */
export interface Connection {
  readonly inTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  pragma(text: string, options?: { readonly simple: boolean }): unknown;
  close(): void;
}

/** The class that makes connections; tests give one of their own. */
export type ConnectionDriver = new (file: string, options?: Readonly<Record<string, unknown>>) => Connection;

/** The driver of the installed better-sqlite3. Errors: STORE_SQLITE_BINARY_MISSING. */
export async function loadDriver(): Promise<ConnectionDriver> {
  const { checkSqliteBinary } = await import('../store/sqlite-binary.js');
  const binary = checkSqliteBinary();
  if (!binary.ok) throw binary.error;
  return asDriver(binary.driver);
}

function asDriver(driver: SqliteDriver): ConnectionDriver {
  return driver as unknown as ConnectionDriver;
}
