import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable } from '@bookrunner/sdk';

/** Why nothing is tried at a gateway. */
export const CONFORMANCE_ERRORS = {
  CONFORMANCE_TARGET: {
    severity: 'fatal',
    remedy: 'Correct the variable, as docs/ibkr.md has it; without IBKR_PAPER the simulator is used.',
  },
  CONFORMANCE_UNREACHABLE: {
    severity: 'fatal',
    remedy:
      'Start TWS or IB Gateway with a paper login, allow API connections, and compare IBKR_PAPER with the port it shows; without IBKR_PAPER the simulator is used.',
  },
  CONFORMANCE_ACCOUNT: {
    severity: 'fatal',
    remedy:
      'Log the gateway in with a paper login, or name one of its paper accounts, which begin with D, in IBKR_PAPER_ACCOUNT.',
  },
} as const satisfies ErrorTable;

/** Raises the errors of the conformance suites. */
export const conformanceError = errorFactory<keyof typeof CONFORMANCE_ERRORS>(CONFORMANCE_ERRORS);
