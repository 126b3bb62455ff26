// A SQLite database as it stands at one instant, copied while somebody may write it, and looked at afterwards.
import { isTradingError } from '@bookrunner/sdk';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { Connection, ConnectionDriver } from '../journal/journal-connection.js';
import { JournalReader } from '../journal/journal-reader.js';
import { verifySegment } from '../journal/verify.js';
import { backupError } from './backup-errors.js';
import { syncPath } from './stored-file.js';
import { sentence } from '../sentence.js';

/** A connection of better-sqlite3, which can copy what it has open. */
interface CopyingConnection extends Connection {
  backup(target: string, options: { readonly progress: () => number }): Promise<unknown>;
}

/** All pages in one step: in several, a writer would make the copy begin anew each time. */
const ALL_PAGES = 0x7fff_ffff;
const BUSY_MS = 30_000;

/** Copies by SQLite's online backup. The copy is one file, without a log beside it. Errors: BACKUP_SOURCE_DAMAGED and those of SQLite. */
export async function copyDatabase(driver: ConnectionDriver, source: string, target: string): Promise<void> {
  const connection = new driver(source, { readonly: true, fileMustExist: true, timeout: BUSY_MS }) as CopyingConnection;
  try {
    await connection.backup(target, { progress: () => ALL_PAGES });
  } finally {
    connection.close();
  }
  const copy = new driver(target, { timeout: BUSY_MS });
  try {
    copy.pragma('journal_mode = DELETE');
    const faults = integrityFaults(copy);
    if (faults.length > 0) {
      throw backupError('BACKUP_SOURCE_DAMAGED', sentence(`${source} is damaged: ${faults[0]}`), {
        details: { faults },
      });
    }
  } finally {
    copy.close();
  }
  syncPath(target);
}

/** What SQLite finds wrong with a database. */
export function databaseFaults(driver: ConnectionDriver, path: string): readonly string[] {
  let connection: Connection | undefined;
  try {
    connection = new driver(path, { readonly: true, fileMustExist: true });
    return integrityFaults(connection);
  } catch (error) {
    return [String((error as { message?: unknown }).message ?? error)];
  } finally {
    connection?.close();
  }
}

/** What `journal verify` finds wrong with the journal of a folder. */
export function journalFaults(driver: ConnectionDriver, folder: string): readonly string[] {
  let reader: JournalReader | undefined;
  try {
    const opened = new JournalReader(folder, driver);
    reader = opened;
    return [...opened.fileFaults(), ...opened.segments().flatMap((segment) => verifySegment(opened, segment).faults)];
  } catch (error) {
    if (!isTradingError(error)) throw error;
    return [`${error.code}: ${error.message}`];
  } finally {
    reader?.close();
  }
}

/** A closed database that nobody writes, with the log that may lie beside it. */
export function moveDatabase(source: string, target: string): void {
  for (const end of ['', '-wal', '-shm']) {
    if (!existsSync(`${source}${end}`)) continue;
    copyFileSync(`${source}${end}`, `${target}${end}`);
    rmSync(`${source}${end}`);
  }
}

function integrityFaults(connection: Connection): readonly string[] {
  const rows = connection.pragma('integrity_check') as readonly { readonly integrity_check: string }[];
  return rows.map(({ integrity_check }) => integrity_check).filter((text) => text !== 'ok');
}
