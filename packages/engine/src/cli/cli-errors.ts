import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Codes of the command line. Every row is a row of docs/command-line.md. */
export const CLI_ERRORS = {
  CLI_USAGE_INVALID: { severity: 'fatal', remedy: 'See `bookrunner --help`, or `bookrunner COMMAND --help`.' },
  CLI_INTERRUPTED: {
    severity: 'fatal',
    remedy: 'The results cover the data up to that instant only; run it again to its end for results to compare.',
  },
  CLI_SYSTEM_ERROR: {
    severity: 'fatal',
    remedy: 'Check that the named file or folder exists, is writable and that the disk has space left.',
  },
  INTERNAL: {
    severity: 'fatal',
    remedy:
      'This is a fault of Bookrunner or of a plugin, not yours: report it with the command and engine.yaml. BOOKRUNNER_DEBUG=1 shows where it happened.',
  },
} as const satisfies ErrorTable;

/** Code of an error of the command line. */
export type CliErrorCode = keyof typeof CLI_ERRORS;

/** Raises the errors of the command line. */
export const cliError = errorFactory<CliErrorCode>(CLI_ERRORS);
