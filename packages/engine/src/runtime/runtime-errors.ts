import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of putting a run together and running it. */
export const RUNTIME_ERRORS = {
  RUN_WITHOUT_STRATEGIES: {
    severity: 'fatal',
    remedy: 'Declare at least one strategy under `strategies:` in engine.yaml.',
  },
  RUN_FEED_NOT_RECORDED: {
    severity: 'fatal',
    remedy: 'Use a feed that ends (csv, parquet, catalog, synthetic) for a backtest, or run `bookrunner paper`.',
  },
  RUN_SYMBOL_TWO_FEEDS: { severity: 'fatal', remedy: 'Let all strategies that trade the symbol name the same feed.' },
  RUN_BARS_NOT_AVAILABLE: {
    severity: 'fatal',
    remedy: 'Ask for bars that the recorded ones can be resampled to, or use a feed of ticks.',
  },
  RUN_CURRENCY_NOT_CONVERTIBLE: {
    severity: 'fatal',
    remedy:
      'Correct the currency, or declare an FX instrument (or a chain of them) that connects the two, so that books can be marked.',
  },
  RUN_NO_DATA: {
    severity: 'fatal',
    remedy: 'Check the range asked for against `bookrunner data list`, and the feed’s files.',
  },
  RUN_RANGE_INVALID: {
    severity: 'fatal',
    remedy: 'Give --from and --to as YYYY-MM-DD or ISO instants, --from before --to.',
  },
} as const satisfies ErrorTable;

/** Code of an error of this area. */
export type RuntimeErrorCode = keyof typeof RUNTIME_ERRORS;

/** Raises this area's errors. */
export const runtimeError = errorFactory<RuntimeErrorCode>(RUNTIME_ERRORS);
