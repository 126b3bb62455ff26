// Values as text that is equal exactly when the values are: what contract cases compare.

/** Text of a value: keys sorted, NaN, -0, infinities and typed arrays told apart, functions by name only. */
export function canonical(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, path: readonly unknown[]): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return String(value);
  if (path.includes(value)) return '[cycle]';
  return writeObject(value, [...path, value]);
}

function writeObject(value: object, path: readonly unknown[]): string {
  const numbers = numbersOf(value);
  if (numbers !== undefined) return `[${numbers.map((item) => write(item, path)).join(',')}]`;
  if (Array.isArray(value)) return `[${value.map((item) => write(item, path)).join(',')}]`;
  if (value instanceof Map) return `Map${write([...value.entries()], path)}`;
  const record = value as Readonly<Record<string, unknown>>;
  const fields = Object.keys(record)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${write(record[key], path)}`);
  return `{${fields.join(',')}}`;
}

/** The numbers of a typed array of any realm; undefined for anything else. */
function numbersOf(value: object): readonly number[] | undefined {
  if (!ArrayBuffer.isView(value) || !('length' in value)) return undefined;
  return Array.from(value as unknown as ArrayLike<number>);
}

/** A value as a person reads it in a failure: canonical, cut where it gets long. */
export function describeValue(value: unknown): string {
  const text = canonical(value);
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
}

/** Freezes an object and all plain objects and arrays below it; typed arrays, which cannot be frozen, stay. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}
