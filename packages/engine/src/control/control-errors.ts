import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of commands and of what stops an engine. Refused commands are values, not these. */
export const CONTROL_ERRORS = {
  HALT_LATCH_UNWRITABLE: {
    severity: 'fatal',
    remedy:
      'Make the data folder writable, or free space where its disk is full; until then stop the engine by a signal and do not restart it unattended.',
  },
  PANIC_NOT_COMPLETE: {
    severity: 'fatal',
    remedy:
      'Start without --resume: the engine carries the panic out, PANIC_COMPLETE says when nothing of it is left, and --resume takes it back then. To give it up instead, see "Kill switch" in docs/operating.md.',
  },
  AUDIT_UNWRITABLE: {
    severity: 'retryable',
    remedy: 'Make the data folder writable and see that its disk is not full; until then commands leave no trace.',
  },
} as const satisfies ErrorTable;

/** Code of an error of this area. */
export type ControlErrorCode = keyof typeof CONTROL_ERRORS;

/** Raises this area's errors. */
export const controlError = errorFactory<ControlErrorCode>(CONTROL_ERRORS);
