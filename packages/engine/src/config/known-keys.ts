// The keys a zod schema knows at a place. For hints only: a schema of another make gives none.
import type { ConfigPath } from './config-errors.js';
import { valueAt } from './plain-value.js';

interface Definition {
  readonly type?: string;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly options?: readonly unknown[];
  readonly valueType?: unknown;
  readonly element?: unknown;
}

/** Keys of the object that the schema describes at a path; empty where that cannot be told. */
export function knownKeys(schema: unknown, path: ConfigPath): readonly string[] {
  try {
    let candidates = unwrap(schema);
    for (const key of path) candidates = candidates.flatMap((candidate) => stepInto(candidate, key).flatMap(unwrap));
    return [...new Set(candidates.flatMap((candidate) => Object.keys(candidate.shape ?? {})))];
  } catch {
    return [];
  }
}

function unwrap(schema: unknown): readonly Definition[] {
  const definition = (schema as { _zod?: { def?: Definition } } | undefined)?._zod?.def;
  if (definition === undefined) return [];
  if (definition.innerType !== undefined) return unwrap(definition.innerType);
  if (definition.type === 'pipe') return unwrap(definition.in);
  if (definition.type === 'union') return (definition.options ?? []).flatMap(unwrap);
  return [definition];
}

function stepInto(definition: Definition, key: string | number): readonly unknown[] {
  const next = valueAt(definition.shape, [key]) ?? definition.valueType ?? definition.element;
  return next === undefined ? [] : [next];
}
