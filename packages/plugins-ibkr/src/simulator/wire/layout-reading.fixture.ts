// The other direction of each layout, which only tests need: a client's view of messages, and requests as a client writes them.
import { REQUEST_LAYOUTS } from './decode-request.js';
import { MESSAGE_LAYOUTS } from './encode-message.js';
import type { EncodedKind } from './encode-message.js';
import { FieldCursor } from './field-cursor.js';
import { readAll, writeAll } from './layout.js';
import type { Draft, Item } from './layout.js';
import type { ClientRequest } from './requests.js';

/** The fields of a request. */
export function encodeRequest(
  request: Exclude<ClientRequest, { kind: 'unsupported' }>,
  serverVersion: number,
): string[] {
  const [number, ...items] = REQUEST_LAYOUTS[request.kind] as readonly [number, ...Item<never>[]];
  const fields = [String(number)];
  writeAll(items, fields, { message: request as never, serverVersion });
  return fields;
}

/** What a message of this kind says, and how many fields were left. */
export function readMessage(
  kind: EncodedKind,
  fields: readonly string[],
  serverVersion: number,
): { readonly message: Draft; readonly left: number } {
  const [, ...items] = MESSAGE_LAYOUTS[kind] as readonly [number, ...Item<never>[]];
  const cursor = new FieldCursor(fields);
  const draft: Draft = { kind };
  cursor.take('message number');
  readAll(items, cursor, { draft, serverVersion });
  return { message: draft, left: cursor.remaining };
}
