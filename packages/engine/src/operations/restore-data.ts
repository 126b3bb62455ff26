// A data folder from a backup. Whatever was there is moved aside, and nothing trades before a person has looked.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EpochMs, isTradingError } from '@bookrunner/sdk';
import { HaltLatch } from '../control/halt-latch.js';
import type { ConnectionDriver } from '../journal/journal-connection.js';
import { takeJournalLock } from '../journal/journal-lock.js';
import { JOURNAL_FILE, STORE_FILE } from './backup-data.js';
import { backupError } from './backup-errors.js';
import { type BackupManifest, fileFaults, readManifest } from './backup-manifest.js';
import { databaseFaults, journalFaults, moveDatabase } from './copy-database.js';
import { RestoreMark } from './restore-mark.js';
import { copyStored, syncPath, syncTree } from './stored-file.js';

/** Options of {@link restoreData}. */
export interface RestoreOptions {
  /** Folder of the backup. */
  readonly source: string;
  readonly dataDir: string;
  /** Path of the store's file; undefined where the store is in Postgres. */
  readonly storeFile: string | undefined;
  /** Moves aside what is in the data folder, in place of refusing. */
  readonly force: boolean;
  readonly driver: ConnectionDriver;
  readonly now: () => EpochMs;
}

/** What a restore did. */
export interface RestoredData {
  readonly manifest: BackupManifest;
  /** Where that is now which was in the data folder; undefined where it was empty. */
  readonly movedTo: string | undefined;
}

/** Left where it is: it is held meanwhile, and holds nothing. */
const LOCK = 'journal.lock';

/**
 * Checks the backup from end to end, then puts it into the data folder, halted.
 * Errors: BACKUP_INVALID, BACKUP_VERSION_NEWER, BACKUP_DAMAGED, RESTORE_FOLDER_IN_USE, RESTORE_FOLDER_NOT_EMPTY, RESTORE_FAILED.
 */
export function restoreData(options: RestoreOptions): RestoredData {
  const { source, dataDir, driver, force } = options;
  const manifest = readManifest(source);
  checkBackup(options, manifest);
  const isOccupied = contents(dataDir).length > 0;
  if (isOccupied && !force) {
    // An engine that runs there is the better reason.
    lock(dataDir, driver)();
    throw backupError('RESTORE_FOLDER_NOT_EMPTY', `The data folder ${dataDir} is not empty.`);
  }
  const giveBack = lock(dataDir, driver);
  try {
    return { manifest, movedTo: replace(options, manifest) };
  } catch (cause) {
    if (isTradingError(cause)) throw cause;
    throw backupError('RESTORE_FAILED', `The data folder ${dataDir} could not be restored.`, { cause });
  } finally {
    giveBack();
  }
}

function replace(options: RestoreOptions, manifest: BackupManifest): string | undefined {
  const { dataDir, storeFile, now } = options;
  const id = new Date(now()).toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, 'Z');
  const draft = join(dataDir, `restoring-${id}-${process.pid}.tmp`);
  const aside = freeName(join(dataDir, `replaced-${id}`));
  try {
    for (const { path } of manifest.files) copyStored(join(options.source, path), draft, path);
    const faults = fileFaults(draft, manifest);
    if (faults.length > 0) throw backupError('RESTORE_FAILED', `The copy is not what was read: ${faults[0]}`);
    latch(draft, manifest, now());
    new RestoreMark(draft).write(`restored from a backup of ${manifest.takenAt}`);
    syncTree(draft);
    // In every state in between there is the latch, or nothing that could trade.
    const halted = new HaltLatch(dataDir);
    const old = contents(dataDir).filter((name) => join(dataDir, name) !== draft);
    if (old.length > 0) mkdirSync(aside);
    if (old.includes('HALTED')) copyStored(halted.path, aside, 'HALTED');
    renameSync(join(draft, 'HALTED'), halted.path);
    syncPath(dataDir);
    for (const name of old.filter((entry) => entry !== 'HALTED')) renameSync(join(dataDir, name), join(aside, name));
    const isStoreMoved = placeStore(draft, storeFile, aside);
    for (const name of inOrder(readdirSync(draft))) renameSync(join(draft, name), join(dataDir, name));
    syncPath(dataDir);
    return old.length > 0 || isStoreMoved ? aside : undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Whether there was a store at its place; it is moved aside with the rest. */
function placeStore(draft: string, storeFile: string | undefined, aside: string): boolean {
  const restored = join(draft, STORE_FILE);
  if (storeFile === undefined) {
    rmSync(restored, { force: true });
    return false;
  }
  // A store without a copy in the backup goes too: it is of another past.
  const isThere = existsSync(storeFile);
  if (isThere) {
    mkdirSync(aside, { recursive: true });
    moveDatabase(storeFile, join(aside, STORE_FILE));
  }
  if (existsSync(restored)) {
    mkdirSync(dirname(storeFile), { recursive: true });
    moveDatabase(restored, storeFile);
    syncPath(storeFile);
  }
  return isThere;
}

function latch(folder: string, { takenAt }: BackupManifest, at: EpochMs): void {
  const halted = new HaltLatch(folder);
  const before = halted.read().find(({ level, book }) => level === 'halt' && book === undefined);
  const reason = `restored from a backup of ${takenAt}`;
  halted.add({
    level: 'halt',
    reason: before === undefined ? reason : `${reason}; halted then: ${before.reason}`,
    actor: 'bookrunner restore',
    at,
  });
}

function checkBackup({ source, driver }: RestoreOptions, manifest: BackupManifest): void {
  const has = (path: string): boolean => manifest.files.some((file) => file.path === path);
  const faults = [...fileFaults(source, manifest)];
  if (faults.length === 0 && has(STORE_FILE)) faults.push(...databaseFaults(driver, join(source, STORE_FILE)));
  if (faults.length === 0 && has(JOURNAL_FILE)) faults.push(...journalFaults(driver, source));
  if (faults.length === 0) return;
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  throw backupError('BACKUP_DAMAGED', `The backup ${source} is damaged: ${faults[0]}${more}`, { details: { faults } });
}

/** Errors: RESTORE_FOLDER_IN_USE, and those of the lock. */
function lock(dataDir: string, driver: ConnectionDriver): () => void {
  try {
    return takeJournalLock(dataDir, driver);
  } catch (cause) {
    if (!isTradingError(cause) || cause.code !== 'JOURNAL_IN_USE') throw cause;
    throw backupError('RESTORE_FOLDER_IN_USE', `An engine runs on the data folder ${dataDir}.`, { cause });
  }
}

/** What counts as content of a data folder. What earlier restores moved aside stays. */
function contents(dataDir: string): readonly string[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir).filter((name) => !name.startsWith(LOCK) && !/^(?:replaced-|lost\+found$)/.test(name));
}

/** The journal last: without it nothing goes on. */
function inOrder(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => Number(a === JOURNAL_FILE) - Number(b === JOURNAL_FILE));
}

function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? path : `${path}-${number}`;
    if (!existsSync(name)) return name;
  }
}
