// What a strategy remembers is kept with every snapshot, and given back after a restart: plain data alone survives that.

/** As deep as the journal keeps. */
const DEEPEST = 60;

/** The first part of a state that is no plain data, as `state.seen is a Map`; undefined where there is none. */
export function unplainPart(value: unknown, path = 'state', above: readonly object[] = []): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `${path} is a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value)) return `${path} is a part of itself`;
  if (above.length > DEEPEST) return `${path} is nested too deep`;
  if (!Array.isArray(value) && !isPlainObject(value))
    return `${path} is a ${value.constructor?.name ?? 'class instance'}`;
  const within = [...above, value];
  for (const [key, item] of Object.entries(value)) {
    const part = unplainPart(item, `${path}.${key}`, within);
    if (part !== undefined) return part;
  }
  return undefined;
}

/** Written as `{ … }`, in whatever realm. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
