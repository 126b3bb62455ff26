/** How long to wait between attempts to connect. */
export interface BackoffOptions {
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
}

/** Wait before an attempt: doubles with each one that failed, up to the longest; a random half of it keeps clients apart. */
export function backoffMs(
  attempt: number,
  { retryFirstMs, retryLongestMs }: BackoffOptions,
  random: () => number,
): number {
  const wait = Math.min(retryFirstMs * 2 ** Math.min(attempt, 30), retryLongestMs);
  return wait * (0.5 + random() / 2);
}
