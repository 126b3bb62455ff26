// Errors on their way between threads, where classes are lost.
import { isTradingError, type Severity, TradingError } from '@bookrunner/sdk';

/** An error as plain data. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly severity: Severity;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Of what is no TradingError, for whoever debugs. */
  readonly stack?: string;
}

/** Any thrown value as data. What the program does not know has the code `INTERNAL`. */
export function errorData(error: unknown): ErrorData {
  if (isTradingError(error)) {
    const { code, message, severity, remedy } = error;
    return { code, message, severity, remedy, details: plain(error.details) };
  }
  const { message, stack } = (typeof error === 'object' && error !== null ? error : {}) as Partial<Error>;
  return {
    code: 'INTERNAL',
    message: typeof message === 'string' ? message : String(error),
    severity: 'fatal',
    remedy: 'This is a fault of the program or of a plugin; report it with BOOKRUNNER_DEBUG=1.',
    details: {},
    ...(stack === undefined ? {} : { stack }),
  };
}

/** The same of a start that is tried again; `needsAll`: why it needs every feed and broker, where it does. */
export function passingData(data: ErrorData, needsAll: string): ErrorData {
  return { ...data, details: { ...data.details, isPassing: true, needsAll } };
}

/** The error again; what was no TradingError comes back as an Error with its stack. */
export function errorOf(data: ErrorData): Error {
  if (data.code === 'INTERNAL') return Object.assign(new Error(data.message), { stack: data.stack ?? data.message });
  const { code, message, severity, remedy, details } = data;
  return new TradingError(code, message, { severity, remedy, details });
}

/** What survives JSON: details are for machines, and functions in them are for nobody. */
function plain(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(JSON.stringify(details)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
