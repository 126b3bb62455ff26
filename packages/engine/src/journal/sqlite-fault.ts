// What SQLite threw, as an error of the journal.
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { journalError, type JournalErrorCode } from './journal-errors.js';

/** Beginnings of result codes. Source: https://www.sqlite.org/rescode.html, seen 2026-11. */
const CODES: readonly (readonly [prefix: string, code: JournalErrorCode])[] = [
  ['SQLITE_FULL', 'JOURNAL_DISK_FULL'],
  ['SQLITE_READONLY', 'JOURNAL_READ_ONLY'],
  ['SQLITE_NOTADB', 'JOURNAL_FILE_INVALID'],
  ['SQLITE_CORRUPT', 'JOURNAL_DAMAGED'],
  ['SQLITE_BUSY', 'JOURNAL_IN_USE'],
  ['SQLITE_LOCKED', 'JOURNAL_IN_USE'],
  ['SQLITE_CANTOPEN', 'JOURNAL_ACCESS_DENIED'],
  ['SQLITE_PERM', 'JOURNAL_ACCESS_DENIED'],
  ['EACCES', 'JOURNAL_ACCESS_DENIED'],
  ['EPERM', 'JOURNAL_ACCESS_DENIED'],
  ['ENOSPC', 'JOURNAL_DISK_FULL'],
  ['EROFS', 'JOURNAL_READ_ONLY'],
];

/** The error for something thrown while `deed` was done: `The journal cannot be opened`. */
export function sqliteFault(cause: unknown, deed: string): TradingError {
  if (isTradingError(cause)) return cause;
  const { code, message } = (typeof cause === 'object' && cause !== null ? cause : {}) as NodeJS.ErrnoException;
  const text = String(code ?? '');
  const known = CODES.find(([prefix]) => text.startsWith(prefix))?.[1] ?? 'JOURNAL_WRITE_FAILED';
  const reason = String(message ?? cause).split('\n')[0];
  return journalError(known, `${deed}: ${reason}${text === '' ? '' : ` (${text})`}.`, {
    cause,
    details: { driverCode: text },
  });
}
