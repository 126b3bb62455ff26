// A copy of a data folder, taken while an engine may run on it: complete and looked at, or not there at all.
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type EpochMs, isTradingError } from '@bookrunner/sdk';
import type { ConnectionDriver } from '../journal/journal-connection.js';
import { ENGINE_VERSION } from '../version.js';
import { backupError } from './backup-errors.js';
import { BACKUP_FORMAT, type BackupManifest, fileFaults, MANIFEST, readManifest } from './backup-manifest.js';
import { copyDatabase, journalFaults } from './copy-database.js';
import { copyStored, filesBelow, storedFacts, type StoredFile, syncPath, syncTree } from './stored-file.js';

/** Names that a backup has, of the folder and of the databases in it. */
export const JOURNAL_FILE = 'journal.db';
export const STORE_FILE = 'bookrunner.db';

/** Options of {@link backupData}. */
export interface BackupOptions {
  readonly engine: string;
  readonly dataDir: string;
  /** Path of the store's file; undefined where the store is in Postgres. */
  readonly storeFile: string | undefined;
  /** A folder that does not exist yet. */
  readonly target: string;
  readonly withCatalog: boolean;
  readonly driver: ConnectionDriver;
  readonly now: () => EpochMs;
}

/**
 * Copies journal, store, halts, runs and, if wanted, the catalog. Gives the manifest.
 * Errors: BACKUP_TARGET_INVALID, BACKUP_NOTHING, BACKUP_SOURCE_DAMAGED, BACKUP_FAILED.
 */
export async function backupData(options: BackupOptions): Promise<BackupManifest> {
  const { dataDir } = options;
  if (!existsSync(dataDir)) throw backupError('BACKUP_NOTHING', `There is no data folder ${dataDir}.`);
  const target = checkTarget(resolve(options.target), realpathSync(dataDir));
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    mkdirSync(draft, { recursive: true });
    const manifest = await fill(draft, options);
    syncTree(draft);
    checkCopy(draft, options.driver);
    if (existsSync(target)) throw targetExists(target);
    renameSync(draft, target);
    syncPath(dirname(target));
    return manifest;
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    if (isTradingError(cause)) throw cause;
    throw backupError('BACKUP_FAILED', `The backup ${target} could not be made.`, { cause });
  }
}

async function fill(draft: string, options: BackupOptions): Promise<BackupManifest> {
  const { engine, dataDir, storeFile, withCatalog, driver, now } = options;
  const takenAt = new Date(now()).toISOString();
  const files: StoredFile[] = [];
  // The journal last: what the store and the run folders have is in it, so the copy is of one instant or has too much, never too
  // little.
  const folders = withCatalog ? ['catalog', 'runs'] : ['runs'];
  for (const folder of folders) files.push(...copyFolder(dataDir, draft, folder));
  if (storeFile !== undefined && existsSync(storeFile)) {
    files.push(await copyOne(driver, storeFile, { draft, path: STORE_FILE }));
  }
  const journal = join(dataDir, JOURNAL_FILE);
  if (existsSync(journal)) files.push(await copyOne(driver, journal, { draft, path: JOURNAL_FILE }));
  const halted = join(dataDir, 'HALTED');
  if (existsSync(halted)) files.push(copyStored(halted, draft, 'HALTED'));
  if (files.length === 0) throw backupError('BACKUP_NOTHING', `There is nothing to back up in ${dataDir}.`);
  const manifest: BackupManifest = {
    format: BACKUP_FORMAT,
    engine,
    engineVersion: ENGINE_VERSION,
    takenAt,
    dataDir,
    database: storeFile === undefined ? 'postgres' : 'sqlite',
    files,
  };
  writeFileSync(join(draft, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`, { flag: 'wx' });
  return manifest;
}

async function copyOne(
  driver: ConnectionDriver,
  source: string,
  to: { readonly draft: string; readonly path: string },
): Promise<StoredFile> {
  const target = join(to.draft, to.path);
  await copyDatabase(driver, source, target);
  return { path: to.path, ...storedFacts(target) };
}

/** A file that a running engine takes away meanwhile is none of the backup. */
function copyFolder(dataDir: string, draft: string, folder: string): readonly StoredFile[] {
  if (!existsSync(join(dataDir, folder))) return [];
  return filesBelow(dataDir, folder).flatMap((path) => {
    try {
      return [copyStored(join(dataDir, path), draft, path)];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(join(dataDir, path))) throw error;
      return [];
    }
  });
}

/** Reads the whole copy again: what cannot be restored is no backup. */
function checkCopy(draft: string, driver: ConnectionDriver): void {
  const faults = [...fileFaults(draft, readManifest(draft))];
  if (faults.length > 0) {
    throw backupError('BACKUP_FAILED', `The copy is not what was written: ${faults[0]}`, { details: { faults } });
  }
  if (!existsSync(join(draft, JOURNAL_FILE))) return;
  const damage = journalFaults(driver, draft);
  if (damage.length === 0) return;
  throw backupError('BACKUP_SOURCE_DAMAGED', `The journal is damaged: ${damage[0]}`, { details: { faults: damage } });
}

function checkTarget(target: string, dataDir: string): string {
  if (existsSync(target)) throw targetExists(target);
  mkdirSync(dirname(target), { recursive: true });
  if (!statSync(dirname(target)).isDirectory()) {
    throw backupError('BACKUP_TARGET_INVALID', `${dirname(target)} is no folder.`);
  }
  const place = relative(dataDir, join(realpathSync(dirname(target)), basename(target)));
  if (place === '' || !(place.startsWith('..') || resolve(place) === place)) {
    throw backupError('BACKUP_TARGET_INVALID', `${target} is in the data folder itself.`);
  }
  return target;
}

function targetExists(target: string): Error {
  return backupError('BACKUP_TARGET_INVALID', `${target} exists already.`);
}
