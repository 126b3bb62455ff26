import { ACCOUNT_MESSAGES } from './account-messages.js';
import type { Item } from './layout.js';
import { writeAll } from './layout.js';
import { MARKET_MESSAGES } from './market-messages.js';
import type { MessageLayouts } from './message-layout.js';
import type { MessageKind, ServerMessage } from './messages.js';
import { ORDER_MESSAGES } from './order-messages.js';
import { SESSION_MESSAGES } from './session-messages.js';

/** Kinds with a layout: all but `raw`, which is its fields. */
export type EncodedKind = Exclude<MessageKind, 'raw'>;

/** Every message, by kind. */
export const MESSAGE_LAYOUTS: MessageLayouts<EncodedKind> = {
  ...SESSION_MESSAGES,
  ...MARKET_MESSAGES,
  ...ORDER_MESSAGES,
  ...ACCOUNT_MESSAGES,
};

/** The fields of a message, its number first, as a client of this server version reads them. */
export function encodeMessage(message: ServerMessage, serverVersion: number): readonly string[] {
  if (message.kind === 'raw') return message.fields;
  const [number, ...items] = MESSAGE_LAYOUTS[message.kind] as readonly [number, ...Item<never>[]];
  const fields = [String(number)];
  writeAll(items, fields, { message: message as never, serverVersion });
  return fields;
}
