import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of the comparison of a session with a backtest. */
export const PARITY_ERRORS = {
  PARITY_NOT_JOURNALLED: {
    severity: 'fatal',
    remedy:
      'Only what the journal recorded can be run again. Let `engine.journal` be `on` or `auto`, and see the runs with `bookrunner journal list`.',
  },
  PARITY_TICKS_GONE: {
    severity: 'fatal',
    remedy:
      'Compare a run whose beginning is still in the journal, or restore the journal from a backup; `journal compact --keep-days N` keeps more.',
  },
  PARITY_NO_DATA: {
    severity: 'fatal',
    remedy: 'Name a run that received rows, and a range of time that holds some of them.',
  },
} as const satisfies ErrorTable;

/** Code of an error of the comparison. */
export type ParityErrorCode = keyof typeof PARITY_ERRORS;

/** Raises the errors of the comparison. */
export const parityError = errorFactory<ParityErrorCode>(PARITY_ERRORS);
