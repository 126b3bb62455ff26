import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of the lease by which one engine owns a broker account. */
export const LEASE_ERRORS = {
  ACCOUNT_LEASED: {
    severity: 'fatal',
    remedy:
      'End the engine that is named, or wait until its lease has expired, and start again. Two engines must never trade one account.',
  },
  ACCOUNT_LEASE_LOST: {
    severity: 'fatal',
    remedy:
      'Check the database, and whether another engine trades the account now; then start again, with --resume once you know.',
  },
} as const satisfies ErrorTable;

/** Code of an error of this area. */
export type LeaseErrorCode = keyof typeof LEASE_ERRORS;

/** Raises this area's errors. */
export const leaseError = errorFactory<LeaseErrorCode>(LEASE_ERRORS);
