import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of equity curves, roll-ups and metrics. */
export const METRICS_ERRORS = {
  EQUITY_MARK_INVALID: {
    severity: 'fatal',
    remedy:
      'Mark with finite equity and exposure, at instants that never go back; check the prices and FX rates it came from.',
  },
  METRICS_INPUT_INVALID: {
    severity: 'fatal',
    remedy: 'Correct the named input of the metrics.',
  },
} as const satisfies ErrorTable;

/** Code of an error of the metrics. */
export type MetricsErrorCode = keyof typeof METRICS_ERRORS;

/** Raises the errors of the metrics. */
export const metricsError = errorFactory<MetricsErrorCode>(METRICS_ERRORS);
