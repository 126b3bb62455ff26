// Order identity: 16 characters, a run epoch (8) and a counter (8), both base 36, so that an id names its order for life.
const WIDTH = 8;
/** The largest counter an id has room for. */
export const LARGEST_NUMBER = 36 ** WIDTH - 1;

/** The 16-character client order id of order number `sequence` of a run. `runEpoch` has 8 base-36 characters. */
export function formatOrderId(runEpoch: string, sequence: number): string {
  return runEpoch + sequence.toString(36).padStart(WIDTH, '0');
}

/** The counter inside a client order id of this run; NaN for ids of other runs or other makers. */
export function parseOrderId(runEpoch: string, clientOrderId: string): number {
  if (clientOrderId.length !== 2 * WIDTH || !clientOrderId.startsWith(runEpoch)) return Number.NaN;
  const text = clientOrderId.slice(WIDTH);
  return /^[0-9a-z]+$/.test(text) ? Number.parseInt(text, 36) : Number.NaN;
}

/** A run epoch from a number: the same number gives the same epoch. */
export function runEpochOf(seed: number): string {
  return (Math.abs(Math.trunc(seed)) % LARGEST_NUMBER).toString(36).padStart(WIDTH, '0');
}

/** Whether an order of some engine could have this id: of this run or of another. */
export function isEngineOrderId(clientOrderId: string): boolean {
  return clientOrderId.length === 2 * WIDTH && /^[0-9a-z]+$/.test(clientOrderId);
}
