// What the process says to whoever started it.
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { failuresOf } from '../plugins/plugin-errors.js';
import { isSystemError } from './system-error.js';

/** Exit codes of every command. */
export const EXIT = Object.freeze({
  /** Done. */
  done: 0,
  /** It failed: data, strategy, disk, connection, or a fault of the program. */
  failed: 1,
  /** The command line or engine.yaml is wrong: correct it and try again. */
  usage: 2,
  /** Refused: by risk, by reconciliation, or since another engine has the data folder or the account. */
  refused: 3,
  /** The engine was lost by a fault nobody caught, below a parent (`--respawn`) that starts it again. */
  lost: 4,
});

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Areas whose errors a person corrects in engine.yaml or on the command line. */
const USAGE_AREAS = [
  'CLI_',
  'CONFIG_',
  'SECRET_',
  'PLUGIN_',
  'CONTRIBUTION_',
  'CAPABILITY_',
  'CALENDAR_',
  'INSTRUMENT_',
];

/** Areas that refuse on purpose. */
const REFUSING_AREAS = ['RISK_', 'RECONCILE_', 'RECONCILIATION_'];

const EXCEPTIONS: Readonly<Record<string, ExitCode>> = {
  ACCOUNT_LEASED: EXIT.refused,
  BACKUP_INVALID: EXIT.usage,
  BACKUP_NOTHING: EXIT.usage,
  BACKUP_TARGET_INVALID: EXIT.usage,
  BACKUP_VERSION_NEWER: EXIT.usage,
  BROKER_INSTRUMENT_UNKNOWN: EXIT.usage,
  BROKER_JOURNAL_OFF: EXIT.usage,
  BROKER_NONE: EXIT.usage,
  LIVE_FEED_RECORDED: EXIT.usage,
  CLI_INTERRUPTED: EXIT.failed,
  CLI_SYSTEM_ERROR: EXIT.failed,
  CALENDAR_OUT_OF_RANGE: EXIT.failed,
  DATA_COLUMN_MISSING: EXIT.usage,
  DATA_FILE_EXISTS: EXIT.usage,
  DATA_FILE_MISSING: EXIT.usage,
  DATA_HEADER_INVALID: EXIT.usage,
  DATA_OPTIONS_INVALID: EXIT.usage,
  DATA_OVERLAP: EXIT.usage,
  JOURNAL_EXPORT_FAILED: EXIT.usage,
  JOURNAL_IN_USE: EXIT.refused,
  JOURNAL_MISSING: EXIT.usage,
  JOURNAL_RESTART_CHANGED: EXIT.refused,
  JOURNAL_RESTART_DAMAGED: EXIT.refused,
  JOURNAL_RESTART_DIFFERS: EXIT.refused,
  JOURNAL_RESTART_LEFT: EXIT.refused,
  JOURNAL_RUN_UNKNOWN: EXIT.usage,
  JOURNAL_SETUP_CHANGED: EXIT.refused,
  PANIC_NOT_COMPLETE: EXIT.refused,
  REPORT_READ_FAILED: EXIT.usage,
  REPORT_RUN_UNFINISHED: EXIT.usage,
  RESTORE_FOLDER_IN_USE: EXIT.refused,
  RESTORE_FOLDER_NOT_EMPTY: EXIT.refused,
  RUN_BARS_NOT_AVAILABLE: EXIT.usage,
  RUN_CURRENCY_NOT_CONVERTIBLE: EXIT.usage,
  RUN_FEED_NOT_RECORDED: EXIT.usage,
  RUN_RANGE_INVALID: EXIT.usage,
  RUN_SYMBOL_TWO_FEEDS: EXIT.usage,
  RUN_WITHOUT_STRATEGIES: EXIT.usage,
  SIMULATED_VENUE_SETUP_INVALID: EXIT.usage,
};

/** An account that is not there is a mistake in engine.yaml; whatever else did not open may open the next time. */
function exitOfOpening(error: TradingError): ExitCode {
  const isMistake = failuresOf(error).some(
    ({ code, isPassing }) => code.endsWith('_ACCOUNT_UNKNOWN') && isPassing !== true,
  );
  return isMistake ? EXIT.usage : EXIT.failed;
}

/** The exit code for something a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!isTradingError(error) || isSystemError(error)) return EXIT.failed;
  const { code } = error;
  const exception = EXCEPTIONS[code];
  if (exception !== undefined) return exception;
  if (code === 'PLUGIN_BOOT_FAILED' && error.details['phase'] === 'open') return exitOfOpening(error);
  if (REFUSING_AREAS.some((area) => code.startsWith(area))) return EXIT.refused;
  return USAGE_AREAS.some((area) => code.startsWith(area)) ? EXIT.usage : EXIT.failed;
}
