// Parses a value with a schema, taking text from the environment for the number or boolean it stands for.
import type { ConfigPath } from './config-errors.js';
import { freezePlain, isRecord, mapScalars, setOwn, valueAt } from './plain-value.js';
import { faultsOf, flattenIssues } from './schema-issues.js';
import type { SchemaIssue, SchemaLike, SchemaResult, ValueFault } from './schema-issues.js';

/** The parsed value, frozen as far as it is plain, or everything that is wrong with it. */
export type ParsedValue =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'faulty'; readonly faults: readonly ValueFault[] };

/** Rounds of coercion: each may show fields that a union or a refinement hid before. */
const MAX_ROUNDS = 8;

/**
 * Parses by `safeParse` alone. `isSubstituted` says whether the text at a path came from a variable; only such text becomes a
 * number or a boolean where the schema asks for one.
 */
export function parseValue(
  schema: SchemaLike,
  value: unknown,
  isSubstituted: (path: ConfigPath) => boolean,
): ParsedValue {
  let current = mapScalars(value, (scalar) => scalar);
  for (let round = 0; ; round += 1) {
    const result = attempt(schema, current);
    if (result.success) return { kind: 'parsed', value: freezePlain(result.data) };
    const { issues } = result.error;
    if (round === MAX_ROUNDS || !coerce(current, issues, isSubstituted)) {
      return { kind: 'faulty', faults: faultsOf(schema, current, issues) };
    }
    // Parsing may not see the object it changed halfway: give it a fresh one.
    current = mapScalars(current, (scalar) => scalar);
  }
}

function attempt(schema: SchemaLike, value: unknown): SchemaResult {
  try {
    // Options are parsed once: zod's code made for a schema would take longer to make than it saves.
    return schema.safeParse(value, { jitless: true });
  } catch (error) {
    // A refinement that throws, or one that is asynchronous; both are faults of the schema's author.
    const message = String((error as { message?: string } | undefined)?.message ?? error).split('\n')[0] ?? '';
    return { success: false, error: { issues: [{ path: [], message: `the schema failed: ${message}` }] } };
  }
}

function coerce(root: unknown, issues: readonly SchemaIssue[], isSubstituted: (path: ConfigPath) => boolean): boolean {
  let changed = false;
  for (const issue of everyIssue(issues)) {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    const last = path.at(-1);
    const text = valueAt(root, path);
    if (last === undefined || typeof text !== 'string' || !isSubstituted(path)) continue;
    const coerced = fromText(text, issue);
    if (coerced === undefined) continue;
    const container = valueAt(root, path.slice(0, -1));
    if (!isRecord(container) && !Array.isArray(container)) continue;
    setOwn(container, last, coerced);
    changed = true;
  }
  return changed;
}

/** The issues and, for unions, those of every branch: any of them may ask for a number. */
function everyIssue(issues: readonly SchemaIssue[]): readonly SchemaIssue[] {
  const nested = issues.flatMap((issue) =>
    (issue.errors ?? []).flat().map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  return nested.length === 0 ? flattenIssues(issues) : [...flattenIssues(issues), ...everyIssue(nested)];
}

function fromText(text: string, issue: SchemaIssue): number | boolean | undefined {
  const wanted = issue.code === 'invalid_value' ? (issue.values ?? []).map((value) => typeof value) : [issue.expected];
  if (wanted.includes('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (!wanted.some((kind) => kind === 'number' || kind === 'int') || text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
