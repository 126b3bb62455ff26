import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Faults of the simulated venue; refusals of orders are reasons (reasons.ts), not errors. */
export const SIMULATED_VENUE_ERRORS = {
  SIMULATED_VENUE_SETUP_INVALID: {
    severity: 'fatal',
    remedy: 'Correct the options of the simulated venue, the instruments or the accounts in engine.yaml.',
  },
  SIMULATED_VENUE_TIME_BACKWARDS: {
    severity: 'fatal',
    remedy: 'Feed events in order of time; sort the data or report the feed that delivers it.',
  },
  SIMULATED_VENUE_STATE_INVALID: {
    severity: 'fatal',
    remedy: 'Load the state with the instruments, accounts and orders it was saved with, or start afresh.',
  },
} as const satisfies ErrorTable;

/** Code of a fault of the simulated venue. */
export type SimulatedVenueErrorCode = keyof typeof SIMULATED_VENUE_ERRORS;

/** Raises the simulated venue's own errors. */
export const simulatedVenueError = errorFactory<SimulatedVenueErrorCode>(SIMULATED_VENUE_ERRORS);
