// Whether the network is what failed, whatever a plugin wrapped it into.

/** As Node throws them where the other side is away. A name that nobody knows is a mistake, not a network that is down. */
const NETWORK_ERRORS: ReadonlySet<unknown> = new Set([
  ...['EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTDOWN', 'EHOSTUNREACH'],
  ...['ENETDOWN', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT'],
  // Those of fetch.
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
]);
/** Nobody wraps deeper; a ring ends here. */
const DEEPEST = 8;

/**
 * Whether an error is one of the network, or was caused by one: `fetch` wraps it as `cause`, and a host with several addresses gives all
 * of theirs in an AggregateError.
 */
export function isNetworkError(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > DEEPEST) return false;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (NETWORK_ERRORS.has(code)) return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every((one) => isNetworkError(one, depth + 1));
  return isNetworkError(cause, depth + 1);
}
