// Fields of a log line as they may be seen: no secret at any depth, and errors as code and message.
import { isTradingError } from '@bookrunner/sdk';

/** Names whose values are never shown, wherever a plugin puts them: compared in lower case, without `_` and `-`. */
const SECRET_NAME =
  /^(?:.*(?:token|secret|password|passphrase|apikey|privatekey)|authorization|cookie|setcookie|credentials?)$/;

const MASK = '***';
const DEPTH = 6;

/** The fields, copied. Never throws for what it is given. */
export function shownFields(fields: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  return fields === undefined ? {} : (shown(fields, 0) as Record<string, unknown>);
}

function shown(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return errorFields(value);
  // What says itself how it is shown: a Secret, a Date.
  if ('toJSON' in value && typeof value.toJSON === 'function') return attempt(() => (value.toJSON as () => unknown)());
  if (depth >= DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSecretName(name) ? MASK : shown(item, depth + 1)]),
  );
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replaceAll(/[_-]/g, ''));
}

/** Not `instanceof`: errors of other realms are errors. */
function isError(value: object): value is { readonly message: string; readonly code?: unknown } {
  return 'stack' in value && 'message' in value && typeof value.message === 'string';
}

/** Stacks and other fields of foreign errors hold addresses and requests. */
function errorFields(error: { readonly message: string; readonly code?: unknown }): Record<string, unknown> {
  const { code, message } = error;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    message,
    ...(isTradingError(error) ? { remedy: error.remedy } : {}),
  };
}

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch {
    return MASK;
  }
}
