import { testingError } from '../errors.js';

/** Ambient sources of time, chance and the outside: owner, name and how a person calls it. */
const FORBIDDEN: readonly (readonly [owner: string | undefined, name: string])[] = [
  ['Math', 'random'],
  ['performance', 'now'],
  ['crypto', 'randomUUID'],
  ['crypto', 'getRandomValues'],
  ['process', 'hrtime'],
  [undefined, 'setTimeout'],
  [undefined, 'setInterval'],
  [undefined, 'setImmediate'],
  [undefined, 'queueMicrotask'],
  [undefined, 'fetch'],
];

/**
 * Runs a synchronous call while the wall clock, randomness, timers and the network throw, and restores them whatever happens.
 * A use fails the call even where the code swallows the error. Errors: STRATEGY_IMPURE.
 */
export function callPurely<T>(call: () => T): T {
  const uses: string[] = [];
  const restore = forbid(uses);
  let value: T;
  try {
    value = call();
  } finally {
    restore();
  }
  if (uses.length > 0) throw impure(uses.join(', '));
  return value;
}

function impure(name: string): Error {
  return testingError('STRATEGY_IMPURE', `A pure call used ${name}.`, { details: { name } });
}

function forbid(uses: string[]): () => void {
  const thrower = (name: string) => (): never => {
    uses.push(name);
    throw impure(name);
  };
  const restorers = FORBIDDEN.map(([ownerName, name]) => {
    const owner = ownerName === undefined ? globalThis : (Reflect.get(globalThis, ownerName) as object | undefined);
    if (owner === undefined) return () => {};
    return replace(owner, name, thrower(ownerName === undefined ? name : `${ownerName}.${name}`));
  });
  restorers.push(replace(globalThis, 'Date', guardedDate(thrower)));
  return () => {
    for (const restore of restorers.toReversed()) restore();
  };
}

/** Date that still converts given instants but does not tell the time. */
function guardedDate(thrower: (name: string) => () => never): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args: unknown[], newTarget) =>
      args.length === 0 ? thrower('new Date()')() : (Reflect.construct(target, args, newTarget) as object),
    apply: () => thrower('Date()')(),
    get: (target, key) => (key === 'now' ? thrower('Date.now') : (Reflect.get(target, key) as unknown)),
  });
}

/** Puts a value in the place of an own or inherited property; answers what restores it. */
function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  if (before?.configurable === false && before.writable !== true) return () => {};
  Object.defineProperty(owner, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
