// `--set path=value`: changes the document before it is checked.
import { parse } from 'yaml';
import type { ConfigIssue, ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { configJsonSchema } from './json-schema.js';
import type { JsonSchema } from './json-schema.js';
import { hintFor } from './near-miss.js';
import { isRecord, setOwn, valueAt } from './plain-value.js';
import { reservedKeyIssue, reservedPath } from './reserved-keys.js';

const SEGMENT = /^(?:([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\])/;

/** `strategies.mr.bars[0].options` as keys; `[0]` and `.0` are the same index, `["BRK.B"]` a key with a dot. Undefined: no path. */
export function parsePath(text: string): ConfigPath | undefined {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const match = SEGMENT.exec(rest);
    if (match === null) return undefined;
    const [whole, plain, index, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(plain ?? (JSON.parse(`"${quoted}"`) as string));
    rest = rest.slice(whole.length);
    if (rest.startsWith('.') && rest.length > 1) rest = rest.slice(1);
    else if (rest !== '' && !rest.startsWith('[')) return undefined;
  }
  return path.length === 0 ? undefined : path;
}

/** Applies overrides to a document in place, in order; gives what is wrong with them. Values are YAML: `30`, `true`, `[a, b]`. */
export function applyOverrides(
  data: Record<string, unknown>,
  overrides: readonly string[],
  source: ConfigSource,
): readonly ConfigIssue[] {
  const schema = overrides.length === 0 ? {} : configJsonSchema();
  return overrides.flatMap((override) => {
    const fault = applyOverride(data, override, { schema, source });
    if (fault === undefined) return [];
    if (typeof fault !== 'string') return [{ ...reservedKeyIssue(fault, source), place: '--set' }];
    const { path, place: _place, ...issue } = source.issue([], fault, { code: 'CONFIG_OVERRIDE_INVALID' });
    return [{ ...issue, path, place: '--set' }];
  });
}

/** The fault, or the path of a reserved key, or undefined once the value is set. */
function applyOverride(
  data: Record<string, unknown>,
  override: string,
  context: { readonly schema: JsonSchema; readonly source: ConfigSource },
): string | ConfigPath | undefined {
  const equals = override.indexOf('=');
  const written = equals < 0 ? override : override.slice(0, equals).trim();
  if (equals < 0) return `'${written}' has no '='.`;
  const path = parsePath(written);
  if (path === undefined) return `'${written}' is no path.`;
  const reserved = reservedPath(path);
  if (reserved !== undefined) return reserved;
  const value = parseScalar(override.slice(equals + 1));
  if (value === undefined) return `the value of '${written}' is no YAML.`;
  const target = findTarget(data, path, context.schema);
  if (target.kind === 'fault') return `'${written}': ${target.message}`;
  setOwn(target.container, target.key, value.data);
  context.source.noteOverridden(target.path);
  return undefined;
}

function parseScalar(text: string): { readonly data: unknown } | undefined {
  try {
    return { data: parse(text) as unknown };
  } catch {
    return undefined;
  }
}

type Target =
  | { readonly kind: 'found'; readonly container: object; readonly key: string | number; readonly path: ConfigPath }
  | { readonly kind: 'fault'; readonly message: string };

/** Walks to the container of the last key, making containers that the schema knows and the document lacks. */
function findTarget(data: Record<string, unknown>, path: ConfigPath, schema: JsonSchema): Target {
  let container: object = data;
  let schemas: readonly JsonSchema[] = [schema];
  const walked: (string | number)[] = [];
  for (const [position, segment] of path.entries()) {
    const isLast = position === path.length - 1;
    const key = Array.isArray(container) && /^\d+$/.test(String(segment)) ? Number(segment) : segment;
    walked.push(key);
    const message = Array.isArray(container)
      ? listFault(container, key, isLast)
      : keyFault(container, String(key), { schemas, isLast });
    if (message !== undefined) return { kind: 'fault', message };
    if (isLast) return { kind: 'found', container, key, path: walked };
    schemas = schemas.flatMap((candidate) => schemasBelow(candidate, key));
    const next = schemas.length === 0 ? undefined : childOf(container, key);
    if (next === undefined)
      return { kind: 'fault', message: `'${String(key)}' is a plain value; nothing is below it.` };
    container = next;
  }
  return { kind: 'fault', message: 'is empty.' };
}

/** The object or list under a key, made if there is none yet; undefined where a scalar is in the way. */
function childOf(container: object, key: string | number): object | undefined {
  const child = valueAt(container, [key]);
  if (isRecord(child) || Array.isArray(child)) return child;
  if (child !== undefined && child !== null) return undefined;
  const made = {};
  setOwn(container, key, made);
  return made;
}

function listFault(list: readonly unknown[], key: string | number, isLast: boolean): string | undefined {
  if (typeof key !== 'number') return `'${key}' is no index; this is a list.`;
  // One past the end appends.
  const end = isLast ? list.length : list.length - 1;
  return key <= end ? undefined : `there is no item ${key}; the list has ${list.length}.`;
}

function keyFault(
  container: object,
  key: string,
  context: { readonly schemas: readonly JsonSchema[]; readonly isLast: boolean },
): string | undefined {
  if (Object.hasOwn(container, key)) return undefined;
  const schemas = context.schemas.filter((schema) => schema['type'] !== 'array');
  if (schemas.length === 0 || schemas.some((schema) => isFreeForm(schema))) return undefined;
  const known = schemas.flatMap((schema) => Object.keys(propertiesOf(schema) ?? {}));
  if (known.includes(key)) return undefined;
  const isNamedEntry = known.length === 0;
  // A whole new entry may be set at once; a part of an entry that does not exist is a mistyped name.
  if (isNamedEntry && context.isLast) return undefined;
  const names = isNamedEntry ? Object.keys(container) : known;
  return `there is no '${key}'.${hintFor(key, names)}`;
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> | undefined {
  return schema['properties'] as Readonly<Record<string, JsonSchema>> | undefined;
}

/** Whether any key with any value may stand here: options and params. */
function isFreeForm(schema: JsonSchema): boolean {
  const additional = schema['additionalProperties'];
  return propertiesOf(schema) === undefined && (!isRecord(additional) || Object.keys(additional).length === 0);
}

/** Schemas of what may stand under a key; none under a key that holds a plain value. */
function schemasBelow(schema: JsonSchema, key: string | number): readonly JsonSchema[] {
  if (schema['type'] !== 'array' && isFreeForm(schema)) return [{}];
  if (typeof key === 'number') return alternatives(schema['items']);
  return alternatives(valueAt(propertiesOf(schema), [key]) ?? schema['additionalProperties']);
}

/** The object and list schemas among the alternatives. */
function alternatives(schema: unknown): readonly JsonSchema[] {
  if (!isRecord(schema)) return [];
  const inner = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(inner)) return inner.flatMap((candidate) => alternatives(candidate));
  return schema['type'] === undefined || schema['type'] === 'object' || schema['type'] === 'array' ? [schema] : [];
}
