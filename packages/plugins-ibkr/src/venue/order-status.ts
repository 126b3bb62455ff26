// What IB's status of an order says of it.

/** Of an openOrder or orderStatus. */
export interface SeenStatus {
  readonly status: string;
  /** By which this session may change or cancel it; NaN where it is another client's. */
  readonly orderId: number;
  /** 0 where the gateway has none yet. */
  readonly permId: number;
  /** Units filled so far; NaN where not told, as in openOrder. */
  readonly filled: number;
  readonly whyHeld: string;
}

/** `on-its-way` the gateway has it, IB may not; `inactive` is held, refused, or waits for its exchange: all look alike. */
export type StatusKind = 'on-its-way' | 'at-ib' | 'filled' | 'cancelled' | 'inactive' | 'unknown';

const KINDS: ReadonlyMap<string, StatusKind> = new Map([
  ['PendingSubmit', 'on-its-way'],
  ['ApiPending', 'on-its-way'],
  ['PreSubmitted', 'at-ib'],
  ['Submitted', 'at-ib'],
  ['PendingCancel', 'at-ib'],
  ['Filled', 'filled'],
  ['Cancelled', 'cancelled'],
  ['ApiCancelled', 'cancelled'],
  ['Inactive', 'inactive'],
]);

/** Kind of a status; one that is new says nothing. */
export function statusKind(status: string): StatusKind {
  return KINDS.get(status) ?? 'unknown';
}

/** Whether the order may still trade; undefined where the status leaves it open. */
export function isLive(status: string): boolean | undefined {
  const kind = statusKind(status);
  if (kind === 'inactive' || kind === 'unknown') return undefined;
  return kind === 'on-its-way' || kind === 'at-ib';
}
