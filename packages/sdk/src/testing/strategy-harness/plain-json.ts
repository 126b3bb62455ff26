import { testingError } from '../errors.js';

const PRIMITIVES: ReadonlySet<string> = new Set(['boolean', 'string', 'number']);

/**
 * Fails unless the value is plain JSON: null, booleans, strings, numbers (NaN and infinities included, the engine's codec keeps
 * them), arrays and plain objects, without cycles. Errors: STRATEGY_STATE_INVALID.
 */
export function checkPlainJson(value: unknown, path = 'state', above: readonly object[] = []): void {
  if (value === null || PRIMITIVES.has(typeof value)) return;
  if (typeof value !== 'object') throw notPlain(path, `a ${typeof value}`);
  if (above.includes(value)) throw notPlain(path, 'part of a cycle');
  if (!Array.isArray(value) && !isPlainObject(value)) throw notPlain(path, `a ${nameOfClass(value)}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw notPlain(path, 'an object with symbol keys');
  const below = [...above, value];
  for (const [key, item] of Object.entries(value)) checkPlainJson(item, `${path}.${key}`, below);
}

/** A copy of plain JSON that keeps NaN and infinities. */
export function clonePlainJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => clonePlainJson(item)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clonePlainJson(item)])) as T;
}

/** Whether the object was written as `{ … }`, in whatever realm. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOfClass(value: object): string {
  return value.constructor?.name ?? 'class instance';
}

function notPlain(path: string, what: string): Error {
  return testingError('STRATEGY_STATE_INVALID', `${path} is ${what}, which is not plain JSON.`, { details: { path } });
}
