import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of the journal: what a run writes down before it acts. */
export const JOURNAL_ERRORS = {
  JOURNAL_NOT_DURABLE: {
    severity: 'fatal',
    remedy: 'Put the data folder on a local disk whose file system supports shared memory and locks.',
  },
  JOURNAL_IN_USE: {
    severity: 'fatal',
    remedy: 'End the other engine of this data folder, or give this one a data folder of its own.',
  },
  JOURNAL_FILE_INVALID: {
    severity: 'fatal',
    remedy: 'Move the file away and restore it from a backup; without one the next run begins a new journal.',
  },
  JOURNAL_VERSION_OLDER: {
    severity: 'fatal',
    remedy: 'Read the file with the engine version that wrote it, export what you need, then move the file away.',
  },
  JOURNAL_VERSION_NEWER: { severity: 'fatal', remedy: 'Use the engine version that wrote it, or a newer one.' },
  JOURNAL_ACCESS_DENIED: { severity: 'fatal', remedy: 'Make the data folder readable and writable for the engine.' },
  JOURNAL_DISK_FULL: {
    severity: 'fatal',
    remedy:
      'Free space on the disk of the data folder (`bookrunner journal compact` may), then start again. A session that it ended begins halted; `--resume` takes that away.',
  },
  JOURNAL_READ_ONLY: { severity: 'fatal', remedy: 'Make the disk of the data folder writable, then start again.' },
  JOURNAL_WRITE_FAILED: { severity: 'fatal', remedy: 'See the cause; check the disk, then start again.' },
  JOURNAL_CLOSED: { severity: 'fatal', remedy: 'Nothing can be done in a run whose journal is closed; start again.' },
  JOURNAL_DAMAGED: {
    severity: 'fatal',
    remedy: 'Check the disk and restore the journal from a backup; `journal verify` names every damaged place.',
  },
  JOURNAL_RECORD_INVALID: {
    severity: 'fatal',
    remedy: 'Use the engine version that wrote the journal; if it is the same, the file was changed by something else.',
  },
  JOURNAL_VALUE_UNSUPPORTED: {
    severity: 'fatal',
    remedy: 'Keep plain JSON data in strategy state, command arguments and notices.',
  },
  JOURNAL_MISSING: {
    severity: 'fatal',
    remedy: 'Name the engine.yaml whose dataDir holds the journal; runs are journalled as docs/journal.md says.',
  },
  JOURNAL_RUN_UNKNOWN: { severity: 'fatal', remedy: 'See the runs with `bookrunner journal list`.' },
  JOURNAL_RUN_INCOMPLETE: {
    severity: 'fatal',
    remedy: 'A run whose beginning was compacted needs a snapshot that can be read; restore the journal from a backup.',
  },
  JOURNAL_SETUP_CHANGED: {
    severity: 'fatal',
    remedy:
      'Go back to the strategies and configuration of the run, or replay with --anyway to see the first difference.',
  },
  JOURNAL_RESTART_CHANGED: {
    severity: 'fatal',
    remedy:
      'Start with the venues, accounts and instruments of the last session, or begin flat with --fresh: its orders and positions are then forgotten.',
  },
  JOURNAL_RESTART_LEFT: {
    severity: 'fatal',
    remedy:
      'Put what is named back into engine.yaml; a strategy may stay there stopped (command `stop` of a control surface). To be rid of it start, make it flat (`panic` of its book by a control surface, or the file PANIC in the data folder, which closes everything), and take it out at the next start. Or begin flat with --fresh: orders and positions of the last session are then forgotten.',
  },
  JOURNAL_RESTART_DIFFERS: {
    severity: 'fatal',
    remedy:
      'See where with `bookrunner replay latest --verify` and use the engine version that wrote the journal, or begin flat with --fresh: orders and positions of the last session are then forgotten.',
  },
  JOURNAL_RESTART_DAMAGED: {
    severity: 'fatal',
    remedy:
      'See what with `bookrunner journal verify` and restore the data folder from a backup, or begin flat with --fresh: orders and positions of the last session are then forgotten.',
  },
  JOURNAL_EXPORT_FAILED: {
    severity: 'fatal',
    remedy: 'Name a file that does not exist yet, in a folder that can be written.',
  },
} as const satisfies ErrorTable;

/** Code of an error of the journal. */
export type JournalErrorCode = keyof typeof JOURNAL_ERRORS;

/** Raises the errors of the journal. */
export const journalError = errorFactory<JournalErrorCode>(JOURNAL_ERRORS);

/** Whether a code is one of the journal's. */
export function isJournalError(code: string | undefined): code is JournalErrorCode {
  return code !== undefined && Object.hasOwn(JOURNAL_ERRORS, code);
}
