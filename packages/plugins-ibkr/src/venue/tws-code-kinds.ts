// What a TWS code on an order id means for the order.

/** What a code says of an order. Whatever is not listed is advice: no order ever died of an unknown code. */
export type OrderCodeKind = 'rejected' | 'cancelled' | 'change-failed' | 'advice';

const KINDS: ReadonlyMap<number, OrderCodeKind> = new Map([
  ...[103, 110, 111, 113, 200, 201, 203, 321, 329, 434, 460, 10289, 10293].map((code) => [code, 'rejected'] as const),
  [202, 'cancelled'],
  ...[104, 105, 161, 10147, 10148].map((code) => [code, 'change-failed'] as const),
]);

/** Kind of a code. */
export function orderCodeKind(code: number): OrderCodeKind {
  return KINDS.get(code) ?? 'advice';
}
