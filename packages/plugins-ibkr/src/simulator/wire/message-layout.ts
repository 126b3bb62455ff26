import type { Item } from './layout.js';
import type { MessageKind, ServerMessage } from './messages.js';

/** The members of one kind of message. */
export type MessageOfKind<Kind extends MessageKind> = Extract<ServerMessage, { readonly kind: Kind }>;

/** For each kind its number on the wire, then its items. */
export type MessageLayouts<Kinds extends MessageKind> = {
  readonly [Kind in Kinds]: readonly [number, ...Item<MessageOfKind<Kind>>[]];
};
