import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable } from '@bookrunner/sdk';

/** Codes of data files, recorded and synthetic feeds, and the catalog. */
export const DATA_ERRORS = {
  DATA_FILE_MISSING: {
    severity: 'fatal',
    remedy:
      'Correct the path; relative paths in engine.yaml start at its folder, those of the command line at the current one.',
  },
  DATA_FILE_UNREADABLE: {
    severity: 'fatal',
    remedy: 'Check that the file is complete, readable and of the stated format.',
  },
  DATA_FILE_EXISTS: {
    severity: 'rejected',
    remedy: 'Choose another file name, or pass `--force` to replace the file.',
  },
  DATA_COLUMN_MISSING: {
    severity: 'fatal',
    remedy:
      'Name the column of the file, for example with `--column ts=Timestamp` (option `columns: { ts: Timestamp }`).',
  },
  DATA_HEADER_INVALID: {
    severity: 'fatal',
    remedy: 'Check `delimiter`, `header` and `fields` against the first line of the file.',
  },
  DATA_OPTIONS_INVALID: { severity: 'fatal', remedy: 'Correct the options of the feed or the command.' },
  DATA_BAD_ROW: {
    severity: 'fatal',
    remedy:
      'Correct the row, or leave such rows out and have them counted with `--on-bad-row skip` (option `onBadRow: skip`).',
  },
  DATA_NO_USABLE_ROWS: {
    severity: 'fatal',
    remedy: 'Correct the file, its path, or the options that say how it is written and which symbol is meant.',
  },
  DATA_SYMBOL_MISSING: {
    severity: 'fatal',
    remedy: 'Add data for the symbol to the feed, or take the symbol out of its use.',
  },
  DATA_KIND_MISMATCH: {
    severity: 'rejected',
    remedy: 'Ask for what the source holds, or import the source with the kind and bar length you need.',
  },
  DATA_FEED_NOT_OPEN: {
    severity: 'fatal',
    remedy: 'Open the feed before subscribing, and do not use it after it was closed.',
  },
  DATA_SET_MISSING: {
    severity: 'rejected',
    remedy:
      'Import the data first (`bookrunner data import`), or correct symbol and timeframe; `bookrunner data list` shows both.',
  },
  DATA_OVERLAP: {
    severity: 'rejected',
    remedy: 'Pass `--overlap replace` to replace the stored rows of the imported time range, or import another range.',
  },
  DATA_NOT_ASCENDING: {
    severity: 'rejected',
    remedy: 'Sort the data by time and remove repeated bars before writing it.',
  },
  DATA_VALUE_INVALID: {
    severity: 'rejected',
    remedy: 'Write times as whole epoch milliseconds and columns of equal length.',
  },
  DATA_CATALOG_BUSY: {
    severity: 'retryable',
    remedy:
      'Wait for the other writer of this data set to finish; remove the named lock file if no such process exists.',
  },
  DATA_CATALOG_CORRUPT: {
    severity: 'fatal',
    remedy: 'Run `bookrunner data verify`, then import the affected months again with `--overlap replace`.',
  },
  DATA_DUCKDB_FAILED: {
    severity: 'fatal',
    remedy: 'Check free disk space and memory, and that the package @duckdb/node-api is installed for this platform.',
  },
} as const satisfies ErrorTable;

/** Code of an error of {@link DATA_ERRORS}. */
export type DataErrorCode = keyof typeof DATA_ERRORS;

/** Raises the errors of data files, feeds and the catalog. */
export const dataError = errorFactory<DataErrorCode>(DATA_ERRORS);
