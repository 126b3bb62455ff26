// Walks over the plain data that YAML gives: objects, arrays and scalars.
import type { ConfigPath } from './config-errors.js';

/** Whether a value is an object literal; dates, maps, secrets and other instances are not. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The second test is for plain objects of another realm, such as those of structuredClone in a test runner.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A copy in which every scalar (and every instance of a class) went through `change`. */
export function mapScalars(
  value: unknown,
  change: (scalar: unknown, path: ConfigPath) => unknown,
  path: ConfigPath = [],
): unknown {
  if (Array.isArray(value)) return value.map((item, index) => mapScalars(item, change, [...path, index]));
  if (!isRecord(value)) return change(value, path);
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, mapScalars(item, change, [...path, key]));
  return copy;
}

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Sets an own property whatever its name, `__proto__` included. */
export function setOwn(target: object, key: string | number, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Freezes plain objects and arrays all the way down; instances of classes stay as they are. */
export function freezePlain<T>(value: T): T {
  if (Array.isArray(value)) value.forEach((item) => freezePlain(item));
  else if (isRecord(value)) Object.values(value).forEach((item) => freezePlain(item));
  else return value;
  return Object.freeze(value);
}
