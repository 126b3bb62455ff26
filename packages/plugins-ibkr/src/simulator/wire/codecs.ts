// How single fields are written and read. An empty field is the default, whatever the field.
import { UNSET_DOUBLE, UNSET_INTEGER } from './contract.js';
import { escapeText, unescapeText } from './escapes.js';
import { readNumber, UNSET_DOUBLE_TEXT, writeNumber } from './plain-number.js';

/** Both ways of one field. `read` gives undefined for what cannot be read. */
export interface Codec<V> {
  readonly write: (value: V) => string;
  readonly read: (text: string) => V | undefined;
}

/** Numbers whose empty field means `whenEmpty`, written as `unset` where they are that. */
function numbers(whenEmpty: number, parse: (text: string) => number | undefined, unset?: string): Codec<number> {
  return {
    write: (value) => (unset !== undefined && value === whenEmpty ? unset : writeNumber(value)),
    read: (text) => (text === '' || text === unset ? whenEmpty : parse(text)),
  };
}

function readInteger(text: string): number | undefined {
  const value = readNumber(text);
  return Number.isInteger(value) ? value : undefined;
}

export const INTEGER = numbers(0, readInteger);
/** Empty where unset. */
export const OPTIONAL_INTEGER = numbers(UNSET_INTEGER, readInteger, '');
/** Written out (2147483647) where unset. */
export const SPELLED_INTEGER = numbers(UNSET_INTEGER, readInteger);
export const NUMBER = numbers(0, readNumber);
/** Empty where unset. */
export const OPTIONAL_NUMBER = numbers(UNSET_DOUBLE, readNumber, '');
/** Written out (1.7976931348623157E308) where unset. */
export const SPELLED_NUMBER = numbers(UNSET_DOUBLE, readNumber);
/** The limit and stop price of an open order: zero where it has none. */
export const ORDER_PRICE = numbers(UNSET_DOUBLE, readNumber, '0.0');
/** An amount that is zero where there is none. */
export const CASH_QUANTITY = numbers(UNSET_DOUBLE, readNumber, '0');
/** How the orders of a group cancel each other: the gateway says 3 where an order has no group. */
export const OCA_TYPE: Codec<number> = {
  write: (value) => String(value === 0 ? 3 : value),
  read: INTEGER.read,
};

export const TEXT: Codec<string> = { write: (value) => value, read: (text) => text };
/** For people: what is not ASCII is escaped. */
export const ESCAPED_TEXT: Codec<string> = { write: escapeText, read: unescapeText };
export const FLAG: Codec<boolean> = {
  write: (value) => (value ? '1' : '0'),
  read: (text) => {
    if (text === '' || text === '0' || text === 'false') return false;
    return text === '1' || text === 'true' ? true : undefined;
  },
};
/** A margin, which the model says as text: empty where there is none. */
export const MARGIN: Codec<string> = {
  write: (value) => (value === '' ? UNSET_DOUBLE_TEXT : value),
  read: (text) => (text === UNSET_DOUBLE_TEXT ? '' : text),
};
/** A list within one field. */
export const WORDS: Codec<readonly string[]> = {
  write: (value) => value.join(','),
  read: (text) => (text === '' ? [] : text.split(',')),
};
/** A right in an open order, which says `?` where an execution says nothing. */
export const RIGHT_OR_QUESTION: Codec<string> = {
  write: (value) => (value === '' ? '?' : value),
  read: (text) => (text === '?' ? '' : text),
};
/** A strike in an execution, which says 0.0 where an open order says 0. */
export const STRIKE_WITH_POINT: Codec<number> = {
  write: (value) => (value === 0 ? '0.0' : writeNumber(value)),
  read: NUMBER.read,
};
