import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of recording and of the files it writes. */
export const RECORDER_ERRORS = {
  RECORD_NOT_RETAINED: {
    severity: 'rejected',
    remedy: 'Read a row that is held, or retain more rows (`retain: all`).',
  },
  RECORD_OPTIONS_INVALID: {
    severity: 'fatal',
    remedy: 'Give whole numbers of at least 1 for the rows to retain and the rows of a chunk.',
  },
  RECORD_COLUMNS_INVALID: {
    severity: 'fatal',
    remedy: 'Give columns of equal length with distinct names, the same in every row group of a file.',
  },
  RECORD_FILE_FAILED: {
    severity: 'fatal',
    remedy: 'Check that the folder exists, is writable and has space left.',
  },
} as const satisfies ErrorTable;

/** Code of an error of the recorder. */
export type RecorderErrorCode = keyof typeof RECORDER_ERRORS;

/** Raises the recorder's errors. */
export const recorderError = errorFactory<RecorderErrorCode>(RECORDER_ERRORS);
