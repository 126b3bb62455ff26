import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of trading at brokers. */
export const BROKER_ERRORS = {
  BROKER_ACCOUNT_UNKNOWN: {
    severity: 'fatal',
    remedy: 'Correct `accounts.NAME.id` in engine.yaml, or the account under `options:` of the venue.',
  },
  BROKER_ACCOUNTS_UNTOLD: {
    severity: 'retryable',
    remedy: 'Look whether its login has finished: a session that has begun says which accounts it has.',
  },
  BROKER_CLOSE_LATE: {
    severity: 'retryable',
    remedy: 'Its orders are as they were. Look at the broker, and at the log of the plugin.',
  },
  BROKER_FAILED: {
    severity: 'retryable',
    remedy: 'Nothing to do: it is opened again. Look at the log of the plugin for what it has given up on.',
  },
  BROKER_INSTRUMENT_CHANGED: {
    severity: 'fatal',
    remedy: 'Start the engine again: a session has the terms it began with, and the next one takes over the new ones.',
  },
  BROKER_INSTRUMENT_UNKNOWN: {
    severity: 'fatal',
    remedy: 'Correct what `instruments.SYMBOL.venues.VENUE` in engine.yaml says, or trade the symbol elsewhere.',
  },
  BROKER_INSTRUMENT_UNTOLD: {
    severity: 'retryable',
    remedy: 'Look whether the broker answers; it is asked for its instruments at every start.',
  },
  BROKER_JOURNAL_OFF: {
    severity: 'fatal',
    remedy: 'Take `journal: off` out of engine.yaml: an order is on disk before it goes to a broker.',
  },
  BROKER_NONE: {
    severity: 'fatal',
    remedy:
      'Declare the broker under `venues:`, its account under `accounts:`, and let a book name that account; or run `bookrunner paper`.',
  },
  BROKER_NOT_OPEN: {
    severity: 'retryable',
    remedy: 'Nothing to do: the venue is opened again and again, and asked once it is there.',
  },
} as const satisfies ErrorTable;

/** Code of an error of this area. */
export type BrokerErrorCode = keyof typeof BROKER_ERRORS;

/** Raises this area's errors. */
export const brokerError = errorFactory<BrokerErrorCode>(BROKER_ERRORS);
