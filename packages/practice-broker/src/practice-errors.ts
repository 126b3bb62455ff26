import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable } from '@bookrunner/sdk';

/** Errors of the practice broker's command, plugin and control client. */
export const PRACTICE_ERRORS = {
  PRACTICE_UNREACHABLE: {
    severity: 'retryable',
    remedy: 'Start `bookrunner-practice-broker` and give its port under `options:` of the feed and the venue.',
  },
  PRACTICE_LOGIN_REFUSED: {
    severity: 'retryable',
    remedy: 'Look at the account in engine.yaml and at the faults set.',
  },
  PRACTICE_NOT_OPEN: { severity: 'rejected', remedy: 'Open the feed or venue first.' },
  PRACTICE_DISCONNECTED: { severity: 'retryable', remedy: 'Wait until the connection is back.' },
  PRACTICE_NO_ANSWER: { severity: 'retryable', remedy: 'Look at what became of it, then ask again.' },
  PRACTICE_DECLINED: { severity: 'rejected', remedy: 'Correct the request; the broker says what it lacks.' },
  PRACTICE_DUPLICATE: { severity: 'rejected', remedy: 'Give every order an id of its own.' },
  PRACTICE_ARGUMENT: {
    severity: 'rejected',
    remedy: 'Correct it; `bookrunner-practice-broker --help` lists what it takes.',
  },
  PRACTICE_PORT: { severity: 'fatal', remedy: 'Give another `--port`, or end what listens there.' },
  PRACTICE_SYMBOL_UNKNOWN: { severity: 'rejected', remedy: 'Start the broker with this instrument.' },
} as const satisfies ErrorTable;

/** Raises the errors of this package. */
export const practiceError = errorFactory<keyof typeof PRACTICE_ERRORS>(PRACTICE_ERRORS);
