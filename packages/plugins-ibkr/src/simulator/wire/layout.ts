// A message as a list of items, in the order of the wire: one description, read in both directions. The type of an item names the
// members it takes from the message, so a misspelt or missing member does not compile.
import type { Codec } from './codecs.js';
import { INTEGER } from './codecs.js';
import type { FieldCursor } from './field-cursor.js';

/** A message while it is read. */
export type Draft = Record<string, unknown>;

/** One or several fields of a message. Properties, not methods: an item must not be used for a message without its members. */
export interface Item<T> {
  readonly write: (fields: string[], message: T, version: number) => void;
  readonly read: (cursor: FieldCursor, draft: Draft, version: number) => void;
}

/** Items of any message. */
export type AnyItems = readonly Item<never>[];
/** What all of these items take from a message. */
export type MessageOf<Items extends AnyItems> = Items[number] extends Item<infer T> ? T : never;

/** A member in one field. */
export function field<N extends string, V>(name: N, codec: Codec<V>): Item<Readonly<Record<N, V>>> {
  return {
    write: (fields, message) => void fields.push(codec.write(message[name])),
    read: (cursor, draft) => {
      draft[name] = readField(cursor, name, codec);
    },
  };
}

/** A field that the simulator does not look at: a version, a deprecated or reserved one. Any text is read as it. */
export function fixed(name: string, text = ''): Item<object> {
  return {
    write: (fields) => void fields.push(text),
    read: (cursor) => void cursor.take(name),
  };
}

/** The version of a message; not checked, since clients differ in it. */
export function version(number: number): Item<object> {
  return fixed('version', String(number));
}

/** A field the gateway makes from others; read as it stands. */
export function derived<T>(name: string, text: (message: T) => string): Item<T> {
  return {
    write: (fields, message) => void fields.push(text(message)),
    read: (cursor, draft) => {
      draft[name] = cursor.take(name);
    },
  };
}

/** No field: the value of a member where nothing on the wire says it. */
export function preset<N extends string>(name: N, value: unknown): Item<object> {
  return {
    write: () => undefined,
    read: (_, draft) => {
      draft[name] ??= value;
    },
  };
}

/** Items of a member that is an object; may be given in several parts. */
export function within<N extends string, Items extends AnyItems>(
  name: N,
  ...items: Items
): Item<Readonly<Record<N, MessageOf<Items>>>> {
  return {
    write: (fields, message, serverVersion) => writeAll(items, fields, { message: message[name], serverVersion }),
    read: (cursor, draft, serverVersion) => {
      const inner = (draft[name] ?? {}) as Draft;
      draft[name] = inner;
      readAll(items, cursor, { draft: inner, serverVersion });
    },
  };
}

/** Items that the wire has from a server version on, and below another one. */
export function since<Items extends AnyItems>(
  versions: number | { readonly from?: number; readonly below: number },
  ...items: Items
): Item<MessageOf<Items>> {
  const { from = 0, below = Infinity } = typeof versions === 'number' ? { from: versions } : versions;
  const isThere = (serverVersion: number): boolean => serverVersion >= from && serverVersion < below;
  return {
    write: (fields, message, serverVersion) => {
      if (isThere(serverVersion)) writeAll(items, fields, { message, serverVersion });
    },
    read: (cursor, draft, serverVersion) => {
      if (isThere(serverVersion)) readAll(items, cursor, { draft, serverVersion });
    },
  };
}

/** Items that are there if what was read before them says so. */
export function when<T, Items extends AnyItems>(
  isThere: (message: T) => boolean,
  ...items: Items
): Item<T & MessageOf<Items>> {
  return {
    write: (fields, message, serverVersion) => {
      if (isThere(message)) writeAll(items, fields, { message: message as MessageOf<Items>, serverVersion });
    },
    read: (cursor, draft, serverVersion) => {
      if (isThere(draft as T)) readAll(items, cursor, { draft, serverVersion });
    },
  };
}

/** A count, then that many objects. */
export function list<N extends string, Items extends AnyItems>(
  name: N,
  ...items: Items
): Item<Readonly<Record<N, readonly MessageOf<Items>[]>>> {
  return {
    write: (fields, message, serverVersion) => {
      fields.push(String(message[name].length));
      for (const element of message[name]) writeAll(items, fields, { message: element, serverVersion });
    },
    read: (cursor, draft, serverVersion) => {
      draft[name] = Array.from({ length: readCount(cursor, name) }, () => {
        const element: Draft = {};
        readAll(items, cursor, { draft: element, serverVersion });
        return element;
      });
    },
  };
}

/** A count, then that many single fields. */
export function values<N extends string, V>(name: N, codec: Codec<V>): Item<Readonly<Record<N, readonly V[]>>> {
  return {
    write: (fields, message) => {
      fields.push(String(message[name].length));
      for (const value of message[name]) fields.push(codec.write(value));
    },
    read: (cursor, draft) => {
      draft[name] = Array.from({ length: readCount(cursor, name) }, () => readField(cursor, name, codec));
    },
  };
}

/** Writes all items in turn. */
export function writeAll<Items extends AnyItems>(
  items: Items,
  fields: string[],
  from: { readonly message: MessageOf<Items>; readonly serverVersion: number },
): void {
  // Each item takes its part of the message, which the type of the whole list has shown to be there.
  for (const item of items) item.write(fields, from.message as never, from.serverVersion);
}

/** Reads all items in turn. Throws a {@link FieldFault} at the first that cannot be read. */
export function readAll(
  items: AnyItems,
  cursor: FieldCursor,
  into: { readonly draft: Draft; readonly serverVersion: number },
): void {
  for (const item of items) item.read(cursor, into.draft, into.serverVersion);
}

function readField<V>(cursor: FieldCursor, name: string, codec: Codec<V>): V {
  const text = cursor.take(name);
  const value = codec.read(text);
  if (value === undefined) throw cursor.fault(name, `"${text.slice(0, 40)}" is not what belongs there`);
  return value;
}

/** A count is never larger than the fields that are left, so a damaged one cannot ask for memory. */
function readCount(cursor: FieldCursor, name: string): number {
  const count = readField(cursor, `${name} count`, INTEGER);
  if (count < 0 || count > cursor.remaining) throw cursor.fault(name, `${count} of them cannot follow`);
  return count;
}
