import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** The codes of bar building. */
export const BAR_ERRORS = {
  BARS_OPTIONS_INVALID: { severity: 'fatal', remedy: 'Correct the listed options under `bars:` in engine.yaml.' },
  BARS_TIMEFRAME_INVALID: {
    severity: 'fatal',
    remedy: 'Write a whole number and a unit, s, m, h, d or w: `30s`, `5m`, `1h`, `1d`.',
  },
  BARS_MISALIGNED: {
    severity: 'rejected',
    remedy: 'Resample from bars that divide the larger ones and follow the same market calendar.',
  },
  BARS_STATE_INVALID: {
    severity: 'fatal',
    remedy: 'Discard the saved state of this bar builder; the engine rebuilds it by warm-up.',
  },
} as const satisfies ErrorTable;

/** Code of an error of bar building. */
export type BarErrorCode = keyof typeof BAR_ERRORS;

/** Raises the errors of bar building. */
export const barError = errorFactory<BarErrorCode>(BAR_ERRORS);
