// Keys with a meaning of their own in JavaScript: a lookup of one finds what nobody wrote, and schemas drop them unseen.
import type { ConfigIssue, ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { isRecord } from './plain-value.js';

const RESERVED: ReadonlySet<string | number> = new Set(['__proto__', 'constructor', 'prototype']);

/** The path up to its first reserved key; undefined where it has none. */
export function reservedPath(path: ConfigPath): ConfigPath | undefined {
  const index = path.findIndex((key) => RESERVED.has(key));
  return index < 0 ? undefined : path.slice(0, index + 1);
}

/** An issue for every reserved key of a document, at any depth. */
export function reservedKeyIssues(data: unknown, source: ConfigSource, path: ConfigPath = []): readonly ConfigIssue[] {
  const entries = Array.isArray(data) ? [...data.entries()] : isRecord(data) ? Object.entries(data) : [];
  return entries.flatMap(([key, value]: [string | number, unknown]) => {
    const at = [...path, key];
    return RESERVED.has(key) ? [reservedKeyIssue(at, source)] : reservedKeyIssues(value, source, at);
  });
}

/** The issue of a path that ends in a reserved key. */
export function reservedKeyIssue(path: ConfigPath, source: ConfigSource): ConfigIssue {
  return source.issue(path, `'${String(path.at(-1))}' is a reserved word and cannot be a key.`, {
    remedy: 'Rename or remove it.',
  });
}
