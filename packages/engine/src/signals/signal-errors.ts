import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of keeping what strategies remember. */
export const SIGNAL_ERRORS = {
  STRATEGY_STATE_UNSAVABLE: {
    severity: 'fatal',
    remedy:
      'Keep numbers, texts, booleans, lists and plain objects in `state`, nothing else; or take the strategy out of engine.yaml, so that the others go on.',
  },
} as const satisfies ErrorTable;

/** Raises this area's errors. */
export const signalError = errorFactory<keyof typeof SIGNAL_ERRORS>(SIGNAL_ERRORS);
