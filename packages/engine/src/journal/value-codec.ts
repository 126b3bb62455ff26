// Plain data as bytes: JSON's values, and those it lacks: undefined, NaN, infinities, -0, bigint.
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { journalError } from './journal-errors.js';

const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  double: 4,
  /** A whole number from 0 on. */
  count: 5,
  text: 6,
  bigint: 7,
  list: 8,
  object: 9,
  /** A list of numbers: eight bytes each. */
  doubles: 10,
} as const;

/** Values that are their tag. */
const CONSTANTS = [undefined, null, false, true] as const;

/** Deeper data is taken for data that holds itself. */
const DEEPEST = 64;
/** Lists of numbers from this length on are written as such. */
const PACKED_FROM = 4;

/** Bytes of a plain value. Errors: JOURNAL_VALUE_UNSUPPORTED. */
export function encodeValue(value: unknown): Uint8Array {
  const writer = new ByteWriter();
  writeValue(writer, value);
  return writer.bytes().slice();
}

/** The plain value of all the bytes. Errors: JOURNAL_RECORD_INVALID. */
export function decodeValue(bytes: Uint8Array): unknown {
  const reader = new ByteReader(bytes);
  const value = readValue(reader);
  reader.end();
  return value;
}

/** Errors: JOURNAL_VALUE_UNSUPPORTED. */
export function writeValue(writer: ByteWriter, value: unknown, depth = 0): void {
  switch (typeof value) {
    case 'undefined':
      return writer.byte(TAG.undefined);
    case 'boolean':
      return writer.byte(value ? TAG.true : TAG.false);
    case 'number':
      return writeNumber(writer, value);
    case 'string':
      writer.byte(TAG.text);
      return writer.text(value);
    case 'bigint':
      writer.byte(TAG.bigint);
      return writer.text(value.toString());
    case 'object':
      if (depth > DEEPEST) unsupported('data that holds itself, or is nested too deep');
      if (value === null) return writer.byte(TAG.null);
      return Array.isArray(value) ? writeList(writer, value, depth) : writeObject(writer, value, depth);
    default:
      return unsupported(`a ${typeof value}`);
  }
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
    writer.byte(TAG.count);
    writer.count(value);
  } else {
    writer.byte(TAG.double);
    writer.double(value);
  }
}

function writeList(writer: ByteWriter, list: readonly unknown[], depth: number): void {
  // A hole is no number, and `every` passes it over.
  const isPacked = list.length >= PACKED_FROM && !list.includes(undefined) && list.every(isNumber);
  writer.byte(isPacked ? TAG.doubles : TAG.list);
  writer.count(list.length);
  for (let i = 0; i < list.length; i++) {
    if (isPacked) writer.double(list[i] as number);
    else writeValue(writer, list[i], depth + 1);
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function writeObject(writer: ByteWriter, value: object, depth: number): void {
  const kind = Object.prototype.toString.call(value);
  if (kind !== '[object Object]') unsupported(kind.slice(8, -1));
  const entries = Object.entries(value);
  writer.byte(TAG.object);
  writer.count(entries.length);
  for (const [key, item] of entries) {
    writer.text(key);
    writeValue(writer, item, depth + 1);
  }
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function readValue(reader: ByteReader, depth = 0): unknown {
  if (depth > DEEPEST + 1) reader.fail('is nested too deep');
  const tag = reader.byte();
  if (tag < CONSTANTS.length) return CONSTANTS[tag];
  switch (tag) {
    case TAG.double:
      return reader.double();
    case TAG.count:
      return reader.count();
    case TAG.text:
      return reader.text();
    case TAG.bigint:
      return readBigint(reader);
    case TAG.list:
      return Array.from({ length: reader.countOf(1) }, () => readValue(reader, depth + 1));
    case TAG.doubles:
      return Array.from({ length: reader.countOf(8) }, () => reader.double());
    case TAG.object:
      return readObject(reader, depth);
    default:
      return reader.fail(`holds a value of unknown kind ${tag}`);
  }
}

function readBigint(reader: ByteReader): bigint {
  const text = reader.text();
  return /^-?\d+$/.test(text) ? BigInt(text) : reader.fail('holds a whole number that is none');
}

function readObject(reader: ByteReader, depth: number): object {
  const value: Record<string, unknown> = {};
  for (let left = reader.countOf(2); left > 0; left--) {
    const key = reader.text();
    if (Object.hasOwn(value, key)) reader.fail(`names '${key}' twice`);
    // A plain assignment to `__proto__` would change the object's prototype.
    Object.defineProperty(value, key, {
      value: readValue(reader, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return value;
}

function unsupported(what: string): never {
  throw journalError('JOURNAL_VALUE_UNSUPPORTED', `The journal keeps plain data only; this is ${what}.`);
}
