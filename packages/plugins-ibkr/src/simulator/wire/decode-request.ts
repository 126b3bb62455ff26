import { FieldCursor, FieldFault } from './field-cursor.js';
import type { Draft, Item } from './layout.js';
import { readAll } from './layout.js';
import { MARKET_REQUESTS } from './market-requests.js';
import { ORDER_REQUESTS } from './order-requests.js';
import { readNumber } from './plain-number.js';
import type { RequestLayouts } from './request-layout.js';
import type { ClientRequest, RequestKind } from './requests.js';
import { expectedFields, UNSUPPORTED_REQUESTS } from './unsupported-requests.js';

/** Why a message was no request, and where it stopped being one. */
export interface DecodeProblem {
  /** Number of the message; NaN where there is none. */
  readonly message: number;
  /** Request or order id as far as it was read, else -1. */
  readonly id: number;
  /** Place among the fields, the number being 0. */
  readonly index: number;
  readonly field: string;
  readonly reason: string;
}

/** A request, or why it is none. */
export type Decoded =
  | { readonly kind: 'request'; readonly request: ClientRequest }
  | { readonly kind: 'problem'; readonly problem: DecodeProblem };

/** Every request with a layout, by kind. */
export const REQUEST_LAYOUTS: RequestLayouts<Exclude<RequestKind, 'unsupported'>> = {
  ...ORDER_REQUESTS,
  ...MARKET_REQUESTS,
};

const BY_NUMBER: ReadonlyMap<number, { readonly kind: string; readonly items: readonly Item<never>[] }> = new Map(
  Object.entries(REQUEST_LAYOUTS).map(([kind, layout]) => {
    const [number, ...items] = layout as readonly [number, ...Item<never>[]];
    return [number, { kind, items }];
  }),
);

/** Reads the fields of one frame. Never throws; a request is one only if it ends where the frame ends. */
export function decodeRequest(fields: readonly string[], serverVersion: number): Decoded {
  const cursor = new FieldCursor(fields);
  const draft: Draft = {};
  const message = readNumber(fields[0] ?? '') ?? Number.NaN;
  try {
    cursor.take('message number');
    readRequest(cursor, draft, { message, serverVersion });
    if (cursor.remaining > 0) {
      cursor.take('trailing field');
      throw cursor.fault('trailing field', `${cursor.remaining + 1} more than the message has`);
    }
    return { kind: 'request', request: draft as unknown as ClientRequest };
  } catch (error) {
    if (!(error instanceof FieldFault)) throw error;
    const { index, field, message: reason } = error;
    return { kind: 'problem', problem: { message, id: idOf(draft), index, field, reason } };
  }
}

function readRequest(
  cursor: FieldCursor,
  draft: Draft,
  { message, serverVersion }: { readonly message: number; readonly serverVersion: number },
): void {
  const layout = BY_NUMBER.get(message);
  if (layout !== undefined) {
    draft['kind'] = layout.kind;
    readAll(layout.items, cursor, { draft, serverVersion });
    return;
  }
  const unsupported = UNSUPPORTED_REQUESTS.get(message);
  if (unsupported === undefined) throw cursor.fault('message number', 'no such message');
  draft['kind'] = 'unsupported';
  draft['name'] = unsupported.name;
  draft['requestId'] = -1;
  for (const name of expectedFields(unsupported.fields, serverVersion)) {
    const text = cursor.take(name);
    if (name === 'requestId') draft['requestId'] = readNumber(text) ?? -1;
  }
}

function idOf(draft: Draft): number {
  const order = draft['order'] as Draft | undefined;
  const id = draft['requestId'] ?? draft['orderId'] ?? order?.['orderId'];
  return typeof id === 'number' ? id : -1;
}
