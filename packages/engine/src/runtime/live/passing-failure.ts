// Which failures of a start time may mend: the other side is away, or refuses for now. A mistake in the configuration is none.
import { isTradingError } from '@bookrunner/sdk';
import { failuresOf, isNetworkError } from '../../plugins/index.js';

/** Areas that have nothing to do with feeds and brokers. */
const OTHER_AREAS = ['AUDIT_', 'CONFIG_', 'DATA_', 'HALT_', 'JOURNAL_', 'REPORT_', 'STORE_'];

/** Silence may end, whoever noticed it. */
const SILENCES: ReadonlySet<string> = new Set([
  'LIVE_RESOLVE_TIMEOUT',
  'LIVE_SUBSCRIBE_TIMEOUT',
  'PLUGIN_OPEN_TIMEOUT',
]);

/** Whether everything that failed may go well a while later, with nothing changed here. */
export function mayPass(error: unknown): boolean {
  // As a feed throws it that is asked for its instruments or their rows.
  if (!isTradingError(error)) return isNetworkError(error);
  const { code, severity } = error;
  if (SILENCES.has(code)) return true;
  if (code === 'PLUGIN_BOOT_FAILED') {
    const failures = failuresOf(error);
    return failures.length > 0 && failures.every(({ isPassing }) => isPassing === true);
  }
  return severity === 'retryable' && !OTHER_AREAS.some((area) => code.startsWith(area));
}

/** Marked by the worker: such a failure, before the run had left a trace in the journal. */
export function isPassing(error: unknown): boolean {
  return isTradingError(error) && error.details['isPassing'] === true;
}
