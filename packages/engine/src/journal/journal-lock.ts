// One engine writes the journal of a data folder at a time. The lock is the operating system's, so it ends with the process.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFile } from '../store/private-file.js';
import type { Connection, ConnectionDriver } from './journal-connection.js';
import { journalError } from './journal-errors.js';
import { sqliteFault } from './sqlite-fault.js';

/**
 * Takes `dataDir/journal.lock`; returns what gives it back.
 * Errors: JOURNAL_IN_USE, JOURNAL_ACCESS_DENIED, JOURNAL_DISK_FULL, JOURNAL_READ_ONLY.
 */
export function takeJournalLock(dataDir: string, driver: ConnectionDriver): () => void {
  const path = join(dataDir, 'journal.lock');
  let connection: Connection | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    makePrivateFile(path);
    connection = new driver(path, { timeout: 0 });
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    connection?.close();
    const fault = sqliteFault(cause, `The lock ${path} cannot be taken`);
    if (fault.code !== 'JOURNAL_IN_USE') throw fault;
    throw journalError('JOURNAL_IN_USE', `Another engine writes the journal in ${dataDir}.`, { cause });
  }
  const held = connection;
  return () => held.close();
}
