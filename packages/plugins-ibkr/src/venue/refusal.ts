// Why a call goes no further: values, since that is a business outcome.
import type { SubmitOutcome } from '@bookrunner/sdk';
import type { IbkrErrorCode } from '../ibkr-errors.js';

/** A refusal before the wire. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: IbkrErrorCode;
  readonly message: string;
}

/** A call that goes no further. */
export function refused(reason: IbkrErrorCode, message: string): Refusal {
  return { kind: 'refused', reason, message };
}

/** A call of which nobody can tell what became. */
export function unknown(reason: IbkrErrorCode, message: string): SubmitOutcome {
  return { kind: 'unknown', reason, message };
}

/** A call that left. */
export const SENT: SubmitOutcome = Object.freeze({ kind: 'sent' });
