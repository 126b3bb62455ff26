// How one field of a row becomes a value that SQLite and Postgres both hold exactly, and comes back the same from either.
import type { EpochMs } from '@bookrunner/sdk';
import { canonicalDecimal, type DecimalText } from './decimal-text.js';

/** What crosses to the driver, and to the store's thread. */
export type DatabaseValue = string | number | null;

/** Column types that both databases know by this name. */
export type ColumnType = 'text' | 'bigint' | 'integer' | 'double precision';

/** One column. Equal field values have equal database values, so rows are compared by them. */
export interface Column<Value> {
  readonly type: ColumnType;
  readonly isNullable: boolean;
  /** What the field has to be, for messages: `a decimal text such as 12.5`. */
  readonly expects: string;
  /** The value to store; undefined where the field cannot be stored exactly. */
  encode(value: Value): DatabaseValue | undefined;
  decode(value: DatabaseValue): Value;
}

/** Widest unsigned 64-bit number. All are stored with as many digits, so that texts order as the numbers do. */
const WHOLE_DIGITS = 20;
const LARGEST_WHOLE = 2n ** 64n - 1n;
const LONGEST_NAME = 128;
const SURROGATE = /\p{Surrogate}/u;
/** Years 1970 back to -271821 and on to 275760: what a date can be. */
const LARGEST_INSTANT = 8.64e15;

/** Any text both databases hold: Postgres takes no NUL, UTF-8 no lone surrogate. */
export function text<Value extends string = string>(): Column<Value> {
  return {
    type: 'text',
    isNullable: false,
    expects: 'a text without NUL and lone surrogates',
    encode: (value) => (isStorable(value) ? value : undefined),
    decode: (value) => value as Value,
  };
}

/**
 * A text that keys and indexes hold, at most 128 characters: an index entry of Postgres has 2,704 bytes, and the longest key has
 * five texts.
 */
export function name(): Column<string> {
  return {
    ...text(),
    expects: 'a text of at most 128 characters without NUL and lone surrogates',
    encode: (value) => (isStorable(value) && value.length <= LONGEST_NAME ? value : undefined),
  };
}

/** One of a list of texts. */
export function choice<Value extends string>(values: readonly Value[]): Column<Value> {
  return {
    type: 'text',
    isNullable: false,
    expects: `one of ${values.join(', ')}`,
    encode: (value) => (values.includes(value) ? value : undefined),
    decode: (value) => value as Value,
  };
}

/** An exact decimal as text. */
export function decimal(): Column<DecimalText> {
  return {
    type: 'text',
    isNullable: false,
    expects: 'a decimal text such as 12.5',
    encode: (value) => (typeof value === 'string' ? canonicalDecimal(value) : undefined),
    decode: (value) => value as DecimalText,
  };
}

/** A whole number from 0 to 2^64 - 1 as text of 20 digits: numbers that size do not survive SQLite's or JSON's doubles. */
export function whole(): Column<bigint> {
  return {
    type: 'text',
    isNullable: false,
    expects: 'a bigint from 0 to 2^64 - 1',
    encode: (value) =>
      typeof value === 'bigint' && value >= 0n && value <= LARGEST_WHOLE
        ? value.toString().padStart(WHOLE_DIGITS, '0')
        : undefined,
    decode: (value) => BigInt(value as string),
  };
}

/** An instant in whole UTC milliseconds. Postgres returns `bigint` as text; it is a number again here. */
export function instant(): Column<EpochMs> {
  return {
    type: 'bigint',
    isNullable: false,
    expects: 'an instant in whole milliseconds',
    encode: (value) => (Number.isSafeInteger(value) && Math.abs(value) <= LARGEST_INSTANT ? value + 0 : undefined),
    decode: Number,
  };
}

/** A whole number of at most 32 bits. */
export function integer(): Column<number> {
  return {
    type: 'integer',
    isNullable: false,
    expects: 'a whole number of at most 32 bits',
    encode: (value) => ((value | 0) === value ? value + 0 : undefined),
    decode: Number,
  };
}

/** A double; minus zero is stored as zero. */
export function double(): Column<number> {
  return {
    type: 'double precision',
    isNullable: false,
    expects: 'a finite number',
    encode: (value) => (Number.isFinite(value) ? value + 0 : undefined),
    decode: Number,
  };
}

/** A column whose field is null where there is nothing. */
export function optional<Value>(column: Column<Value>): Column<Value | null> {
  return {
    type: column.type,
    isNullable: true,
    expects: `${column.expects}, or null`,
    encode: (value) => (value === null ? null : column.encode(value)),
    decode: (value) => (value === null ? null : column.decode(value)),
  };
}

/** A column whose field is NaN where there is nothing, as in ticks and bars; NULL in the database. */
export function orNaN(column: Column<number>): Column<number> {
  return {
    type: column.type,
    isNullable: true,
    expects: `${column.expects}, or NaN`,
    encode: (value) => (Number.isNaN(value) ? null : column.encode(value)),
    decode: (value) => (value === null ? Number.NaN : column.decode(value)),
  };
}

/** Plain JSON as text with sorted keys, so that equal objects are equal texts. */
export function json(): Column<Readonly<Record<string, unknown>>> {
  return {
    type: 'text',
    isNullable: false,
    expects: 'a plain JSON object',
    encode: (value) => {
      const canonical = canonicalJson(value);
      return canonical?.startsWith('{') && isStorable(canonical) ? canonical : undefined;
    },
    decode: (value) => JSON.parse(value as string) as Readonly<Record<string, unknown>>,
  };
}

function isStorable(value: string): boolean {
  return typeof value === 'string' && !value.includes('\0') && !SURROGATE.test(value);
}

/** JSON text with sorted keys; undefined where JSON would lose something (NaN, a date, undefined, a cycle). */
function canonicalJson(value: unknown, depth = 0): string | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  // No honest argument is nested this deep; a cycle is.
  if (typeof value !== 'object' || depth > 32) return undefined;
  if (Array.isArray(value))
    return joined(
      value.map((item) => canonicalJson(item, depth + 1)),
      '[]',
    );
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') return undefined;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const members = entries.map(([key, item]) => {
    const inner = canonicalJson(item, depth + 1);
    return inner === undefined ? undefined : `${JSON.stringify(key)}:${inner}`;
  });
  return joined(members, '{}');
}

function joined(parts: readonly (string | undefined)[], brackets: '[]' | '{}'): string | undefined {
  return parts.includes(undefined) ? undefined : `${brackets[0]}${parts.join(',')}${brackets[1]}`;
}
