import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of backup and restore. */
export const BACKUP_ERRORS = {
  BACKUP_TARGET_INVALID: {
    severity: 'fatal',
    remedy: 'Name a folder that does not exist yet, outside the data folder and best on another disk.',
  },
  BACKUP_NOTHING: { severity: 'fatal', remedy: 'Name the engine.yaml whose dataDir is meant.' },
  BACKUP_FAILED: { severity: 'fatal', remedy: 'See the cause; free space or correct rights, then try again.' },
  BACKUP_SOURCE_DAMAGED: {
    severity: 'fatal',
    remedy: 'Check the disk; `bookrunner journal verify` names every damaged place. Keep your older backups.',
  },
  BACKUP_INVALID: { severity: 'fatal', remedy: 'Name a folder that `bookrunner backup` has made.' },
  BACKUP_VERSION_NEWER: {
    severity: 'fatal',
    remedy: 'Restore it with the engine version that made it, or a newer one.',
  },
  BACKUP_DAMAGED: { severity: 'fatal', remedy: 'Check the disk it is on, and restore another backup.' },
  RESTORE_FOLDER_IN_USE: { severity: 'fatal', remedy: 'End the engine of the data folder first.' },
  RESTORE_FOLDER_NOT_EMPTY: {
    severity: 'fatal',
    remedy: 'Restore into a new data folder, or with --force: what is there is moved aside and nothing is deleted.',
  },
  RESTORE_FAILED: {
    severity: 'fatal',
    remedy: 'See the cause; free space or correct rights, then restore again with --force.',
  },
} as const satisfies ErrorTable;

/** Code of an error of this area. */
export type BackupErrorCode = keyof typeof BACKUP_ERRORS;

/** Raises this area's errors. */
export const backupError = errorFactory<BackupErrorCode>(BACKUP_ERRORS);
