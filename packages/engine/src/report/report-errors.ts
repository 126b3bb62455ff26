import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of reports and run folders. */
export const REPORT_ERRORS = {
  REPORT_WRITE_FAILED: {
    severity: 'fatal',
    remedy: 'Check that the folder exists or can be made, is writable and has space left.',
  },
  REPORT_READ_FAILED: {
    severity: 'fatal',
    remedy: 'Name the folder of a finished run, with the files that the run left in it.',
  },
  REPORT_RUN_UNFINISHED: {
    severity: 'fatal',
    remedy:
      'Stop it where it runs. Where it was killed, `bookrunner journal show ID` and `bookrunner parity ID` say what it did, if it had a journal. A new start goes on from a session over live feeds; one over recorded data, and a backtest, begins anew.',
  },
  REPORT_CHARTS_MISSING: {
    severity: 'fatal',
    remedy: 'Reinstall the dependencies of the engine; its chart library is not complete.',
  },
} as const satisfies ErrorTable;

/** Code of an error of reports and run folders. */
export type ReportErrorCode = keyof typeof REPORT_ERRORS;

/** Raises the errors of reports and run folders. */
export const reportError = errorFactory<ReportErrorCode>(REPORT_ERRORS);
