// dataDir/journal.db: its tables, its version, and the settings without which a commit may be lost.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFile } from '../store/private-file.js';
import type { Connection, ConnectionDriver } from './journal-connection.js';
import { journalError } from './journal-errors.js';
import { sqliteFault } from './sqlite-fault.js';

/** Version of tables and records. A change of either raises it and adds to {@link MIGRATIONS}. */
export const JOURNAL_VERSION = 1;

/** Marks the file as ours, as `application_id` of SQLite: "BKRJ". */
const APPLICATION_ID = 0x424b524a;

/** `synchronous` as SQLite numbers it; a file in WAL mode is reopened with NORMAL until told otherwise. */
const FULL = 2;

const TABLES = `
CREATE TABLE segments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, part INTEGER NOT NULL, header BLOB NOT NULL,
  header_sum INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, blocks INTEGER NOT NULL,
  bytes INTEGER NOT NULL, chain INTEGER NOT NULL, started_at REAL NOT NULL, written_at REAL NOT NULL,
  state TEXT NOT NULL, UNIQUE (run, part));
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
  payload BLOB NOT NULL, sum INTEGER NOT NULL);
CREATE INDEX blocks_of_segment ON blocks (segment, first);
CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, after INTEGER NOT NULL, taken_at REAL NOT NULL,
  hash TEXT NOT NULL, payload BLOB NOT NULL, sum INTEGER NOT NULL);
CREATE INDEX snapshots_of_segment ON snapshots (segment, after);
`;

/** SQL that brings a file of the version before to the key's version. */
const MIGRATIONS: ReadonlyMap<number, string> = new Map();

/** Options of {@link openJournalFile}. */
export interface JournalFileOptions {
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
  /** A reader changes nothing, and works beside the engine that writes. */
  readonly mode: 'write' | 'read';
}

/** Path of the journal of a data folder. */
export function journalPath(dataDir: string): string {
  return join(dataDir, 'journal.db');
}

/**
 * Opens the journal of a data folder; a writer makes it where there is none.
 * Errors: JOURNAL_MISSING, JOURNAL_NOT_DURABLE, JOURNAL_FILE_INVALID, JOURNAL_VERSION_OLDER, JOURNAL_VERSION_NEWER,
 * JOURNAL_ACCESS_DENIED, JOURNAL_DISK_FULL, JOURNAL_READ_ONLY, JOURNAL_DAMAGED, JOURNAL_IN_USE.
 */
export function openJournalFile({ dataDir, driver, mode }: JournalFileOptions): Connection {
  const path = journalPath(dataDir);
  if (mode === 'read' && !existsSync(path)) {
    throw journalError('JOURNAL_MISSING', `There is no journal in ${dataDir}.`, { details: { path } });
  }
  let connection: Connection | undefined;
  try {
    if (mode === 'write') {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      makePrivateFile(path);
    }
    connection = new driver(path, { readonly: mode === 'read', timeout: 5_000 });
    const version = versionOf(connection);
    if (version !== undefined) checkVersion(version, mode);
    // Only what is a journal, or nothing yet, is written to.
    if (mode === 'write') prepare(connection);
    if (version !== undefined) migrate(connection, version);
    else if (mode === 'write') create(connection);
    else throw journalError('JOURNAL_MISSING', `The journal in ${dataDir} was never begun.`, { details: { path } });
    return connection;
  } catch (cause) {
    connection?.close();
    throw sqliteFault(cause, `The journal ${path} cannot be opened`);
  }
}

function prepare(connection: Connection): void {
  // Counts in a new file only: compacting then gives space back without a second copy of the file.
  connection.pragma('auto_vacuum = INCREMENTAL');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  // Where fsync leaves data in the disk's own memory (macOS), this does not; elsewhere it changes nothing.
  connection.pragma('fullfsync = ON');
  checkDurability(connection);
  // Checkpoints are made between orders, see JournalWriter.
  connection.pragma('wal_autocheckpoint = 0');
}

/**
 * Reads back whether SQLite took the settings that make a commit survive a loss of power.
 * Errors: JOURNAL_NOT_DURABLE.
 */
export function checkDurability(connection: Connection): void {
  const mode = connection.pragma('journal_mode', { simple: true });
  const synchronous = connection.pragma('synchronous', { simple: true });
  if (mode === 'wal' && synchronous === FULL) return;
  throw journalError(
    'JOURNAL_NOT_DURABLE',
    `SQLite did not take journal_mode=wal and synchronous=FULL (2): they are ${String(mode)} and ${String(synchronous)}.`,
    { details: { mode, synchronous } },
  );
}

/** Version of the file; undefined where there is nothing in it. Errors: JOURNAL_FILE_INVALID. */
function versionOf(connection: Connection): number | undefined {
  // In this order: a journal that somebody makes meanwhile is one by the second look.
  const isEmpty = count(connection, 'SELECT count(*) AS n FROM sqlite_master') === 0;
  const id = connection.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID) return Number(connection.pragma('user_version', { simple: true }));
  if (id === 0 && isEmpty) return undefined;
  throw journalError('JOURNAL_FILE_INVALID', 'The file journal.db is not a journal.');
}

/** Errors: JOURNAL_VERSION_OLDER, JOURNAL_VERSION_NEWER. */
function checkVersion(version: number, mode: JournalFileOptions['mode']): void {
  if (version > JOURNAL_VERSION) {
    throw journalError(
      'JOURNAL_VERSION_NEWER',
      `The journal has version ${version}; this engine knows versions up to ${JOURNAL_VERSION}.`,
      { details: { version } },
    );
  }
  for (let next = version + 1; next <= JOURNAL_VERSION; next++) {
    if (MIGRATIONS.has(next) && mode === 'write') continue;
    throw journalError(
      'JOURNAL_VERSION_OLDER',
      `The journal has version ${version}; this engine reads version ${JOURNAL_VERSION}.`,
      { details: { version } },
    );
  }
}

function migrate(connection: Connection, version: number): void {
  for (let next = version + 1; next <= JOURNAL_VERSION; next++) {
    connection.exec(`BEGIN IMMEDIATE; ${MIGRATIONS.get(next)}; PRAGMA user_version = ${next}; COMMIT;`);
  }
}

function create(connection: Connection): void {
  connection.exec(
    `BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${JOURNAL_VERSION}; COMMIT;`,
  );
}

function count(connection: Connection, sql: string): number {
  return (connection.prepare(sql).get() as { readonly n: number }).n;
}
