// Where two states differ, for a person.
import { numberText, plainText } from './entry-text.js';
import { encodeValue } from './value-codec.js';

/** The first place at which two plain values differ, and what each has there. */
export interface StateDifference {
  /** As `runners.trend.banks[0].values[2]`; empty for the values themselves. */
  readonly path: string;
  readonly recorded: string;
  readonly decided: string;
}

/** What is known by a name rather than by its place, such as runners: names by the path of their list. */
type Names = Readonly<Record<string, readonly string[]>>;

/** Longest text of a value that is shown. */
const LONGEST = 80;

/** The first difference of two values at a path; undefined where their bytes are the same. Errors: JOURNAL_VALUE_UNSUPPORTED. */
export function stateDifference(
  path: string,
  [recorded, decided]: readonly [unknown, unknown],
  names: Names = {},
): StateDifference | undefined {
  if (Buffer.compare(encodeValue(recorded), encodeValue(decided)) === 0) return undefined;
  if (isParts(recorded) && isParts(decided) && Array.isArray(recorded) === Array.isArray(decided)) {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(decided)])) {
      const within = placeOf(path, { key, isList: Array.isArray(recorded) }, names);
      if (!(key in recorded && key in decided)) return said(within, [shown(recorded, key), shown(decided, key)]);
      const found = stateDifference(within, [recorded[key], decided[key]], names);
      if (found !== undefined) return found;
    }
    // Only in the order of what they have.
    return said(path, [Object.keys(recorded).join(', '), Object.keys(decided).join(', ')]);
  }
  return said(path, [textOf(recorded), textOf(decided)]);
}

function isParts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function placeOf(
  path: string,
  { key, isList }: { readonly key: string; readonly isList: boolean },
  names: Names,
): string {
  const name = names[path]?.[Number(key)];
  if (isList && name === undefined) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${name ?? key}`;
}

function shown(value: Readonly<Record<string, unknown>>, key: string): string {
  return key in value ? textOf(value[key]) : 'nothing';
}

function textOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  const text = typeof value === 'number' ? numberText(value) : plainText(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function said(path: string, [recorded, decided]: readonly [string, string]): StateDifference {
  return { path, recorded, decided };
}
