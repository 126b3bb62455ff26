import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable } from '@bookrunner/sdk';

/** Errors of the TWS simulator: of its command, and of the calls of programs. */
export const SIMULATOR_ERRORS = {
  SIMULATOR_ARGUMENT: { severity: 'fatal', remedy: 'See `bookrunner-tws-simulator --help`.' },
  SIMULATOR_INSTRUMENTS: {
    severity: 'fatal',
    remedy: 'Give a YAML or JSON file with a list of instruments, as docs/tws-simulator.md shows.',
  },
  SIMULATOR_PORT: { severity: 'fatal', remedy: 'Choose another `--port` or `--host`, or stop what listens there.' },
  SIMULATOR_CALL: {
    severity: 'rejected',
    remedy:
      'Correct the call: docs/tws-simulator.md and docs/tws-simulator-gateway.md have the arguments, units and defaults of each.',
  },
  SIMULATOR_UNKNOWN: {
    severity: 'rejected',
    remedy: 'Name one that exists: `model.truth()` lists orders and executions, `model.contracts.all` instruments.',
  },
} as const satisfies ErrorTable;

/** Raises the errors of the simulator. */
export const simulatorError = errorFactory<keyof typeof SIMULATOR_ERRORS>(SIMULATOR_ERRORS);
