// What a schema says about a value, in the words of this product. Schemas may come from another copy of zod, so only the shape of
// `safeParse` is relied on; everything else is read if it is there.
import type { ConfigPath } from './config-errors.js';
import { hintFor } from './near-miss.js';
import { knownKeys } from './known-keys.js';
import { valueAt } from './plain-value.js';
import { sentence } from '../sentence.js';

/** One issue of a zod schema, as far as it is read here. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: unknown;
  readonly keys?: readonly string[] | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly options?: readonly unknown[] | undefined;
  readonly errors?: readonly (readonly SchemaIssue[])[] | undefined;
  readonly issues?: readonly SchemaIssue[] | undefined;
}

/** All that is asked of a schema. */
export interface SchemaLike {
  safeParse(value: unknown, how?: { readonly jitless?: boolean }): SchemaResult;
}

/** What `safeParse` answers. */
export type SchemaResult =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };

/** One fault of a value: where, relative to the value, what, and what to do about it. */
export interface ValueFault {
  readonly path: ConfigPath;
  readonly message: string;
  readonly remedy?: string;
}

/** The issues with unions replaced by those of the branch that was probably meant. */
export function flattenIssues(issues: readonly SchemaIssue[]): readonly SchemaIssue[] {
  return issues.flatMap((issue) => flattenIssue(issue));
}

function flattenIssue(issue: SchemaIssue): readonly SchemaIssue[] {
  const branches = (issue.errors ?? []).filter((branch) => branch.length > 0);
  if (issue.code !== 'invalid_union' || branches.length === 0) return [issue];
  const fitting = branches.filter((branch) => !branch.some((inner) => isWrongKind(inner)));
  const best = fitting.toSorted((a, b) => a.length - b.length)[0];
  if (best === undefined) {
    const kinds = new Set(
      branches
        .flat()
        .filter(isWrongKind)
        .map((inner) => nounOf(inner.expected)),
    );
    return [{ ...issue, code: 'wrong_kind', expected: [...kinds].join(' or '), errors: undefined }];
  }
  return best.flatMap((inner) => flattenIssue({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isWrongKind(issue: SchemaIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

/** The faults that a schema found in a value. */
export function faultsOf(schema: unknown, value: unknown, issues: readonly SchemaIssue[]): readonly ValueFault[] {
  return flattenIssues(issues).flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
      const known = knownKeys(schema, path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `unknown key.${hintFor(key, known)}`,
        remedy: 'Rename or remove it.',
      }));
    }
    return [{ path, message: sentence(messageOf(issue, valueAt(value, path))) }];
  });
}

function messageOf(issue: SchemaIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? `is missing; it has to be ${nounOf(issue.expected)}`
        : `has to be ${nounOf(issue.expected)}; it is ${kindOf(value)}`;
    case 'wrong_kind':
      return value === undefined
        ? `is missing; it has to be ${String(issue.expected)}`
        : `has to be ${String(issue.expected)}; it is ${kindOf(value)}`;
    case 'invalid_value':
    case 'invalid_union':
      return choiceMessage(issue, value);
    case 'invalid_key':
      return issue.issues?.[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
}

function choiceMessage(issue: SchemaIssue, value: unknown): string {
  const choices = (issue.values ?? issue.options)?.map(String);
  if (choices === undefined || choices.length === 0) return issue.message;
  const verb = value === undefined ? 'is missing; it has to be' : 'has to be';
  const list = choices.length === 1 ? choices[0] : `one of ${choices.join(', ')}`;
  const near = typeof value === 'string' ? hintFor(value, choices) : '';
  return `${verb} ${list}.${near.startsWith(' Did') ? near : ''}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'empty',
};

function nounOf(expected: unknown): string {
  return NOUNS[String(expected)] ?? String(expected);
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isNaN(value) ? 'not a number' : `the number ${value}`;
  return typeof value === 'boolean' ? String(value) : (NOUNS[typeof value] ?? typeof value);
}
