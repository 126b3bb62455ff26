import { errorFactory } from '../errors.js';
import type { ErrorTable } from '../errors.js';

/** Codes of the test kit. */
export const TESTING_ERRORS = {
  CONTRACT_BROKEN: {
    severity: 'rejected',
    remedy: 'Read the numbered rule in the doc comment of the interface and correct the implementation.',
  },
  CONTRACT_TIME_LIMIT: {
    severity: 'rejected',
    remedy: 'Look for a call that never settles, or raise `timeLimitMs`.',
  },
  CONTRACT_FIXTURE_INCOMPLETE: {
    severity: 'rejected',
    remedy: 'Complete the object that the `create` function of the suite returns.',
  },
  TESTING_CLOCK_BACKWARDS: { severity: 'rejected', remedy: 'Move a fake clock forward only.' },
  TESTING_INPUT_INVALID: { severity: 'rejected', remedy: 'Correct the value given to the test kit.' },
  TESTING_VENUE_NOT_OPEN: { severity: 'rejected', remedy: 'Open the venue first, and do not use it after close.' },
  TESTING_FEED_NOT_OPEN: { severity: 'rejected', remedy: 'Open the feed first, and do not use it after close.' },
  TESTING_CONNECTION_LOST: {
    severity: 'retryable',
    remedy: 'Wait for the status ready, then take a snapshot: reports may have been lost.',
  },
  TESTING_OUTCOME_UNKNOWN: {
    severity: 'retryable',
    remedy: 'Do not send it again: ask the snapshot once the venue is ready.',
  },
  TESTING_ORDER_WITHHELD: { severity: 'rejected', remedy: 'Nothing to do: a test wanted this order rejected.' },
  TESTING_VENUE_SILENT: { severity: 'retryable', remedy: 'Ask again; until then what the venue knows is unknown.' },
  TESTING_SNAPSHOT_FAILED: { severity: 'retryable', remedy: 'Ask again; a failed answer is not an empty one.' },
  TESTING_INSTRUMENT_UNKNOWN: { severity: 'rejected', remedy: 'Give the instrument to the feed or venue first.' },
  STRATEGY_PARAMS_INVALID: { severity: 'rejected', remedy: 'Correct the parameters of the strategy.' },
  STRATEGY_CONTEXT_KEPT: {
    severity: 'rejected',
    remedy: 'Copy the numbers you need into `state`; the context and all it holds are reused after the call.',
  },
  STRATEGY_CONTEXT_CHANGED: {
    severity: 'rejected',
    remedy: 'Read the context only; what the strategy wants to remember belongs into `state`.',
  },
  STRATEGY_STATE_INVALID: {
    severity: 'rejected',
    remedy: 'Keep numbers, strings, booleans, null, arrays and plain objects in `state`, nothing else.',
  },
  STRATEGY_ANSWER_INVALID: {
    severity: 'rejected',
    remedy: 'Return nothing, a number from -1 to 1, a target, or a record of these by declared symbol.',
  },
  STRATEGY_IMPURE: {
    severity: 'rejected',
    remedy: 'Take the time from `context.ts`; draw no randomness, start no timer and open no connection.',
  },
} as const satisfies ErrorTable;

/** Code of an error raised by the test kit. */
export type TestingErrorCode = keyof typeof TESTING_ERRORS;

/** Raises the test kit's errors. */
export const testingError = errorFactory<TestingErrorCode>(TESTING_ERRORS);
