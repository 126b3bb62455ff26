import { testingError } from '../errors.js';

/** One call's permission to read: dead once the call is over. */
export interface CallPermit {
  alive: boolean;
}

/**
 * An object, and all it hands out, readable only while the permit lives. Reading a kept one later, or writing to it at any time,
 * throws. Properties named in `open` are handed out as they are.
 * Errors: STRATEGY_CONTEXT_KEPT, STRATEGY_CONTEXT_CHANGED.
 */
export function permitted<T extends object>(target: T, permit: CallPermit, open: readonly PropertyKey[] = []): T {
  const name = (key: PropertyKey): string => String(key);
  return new Proxy(target, {
    get: (object, key) => {
      checkAlive(permit, name(key));
      // Getters and methods of classes with private fields need the object itself, not the proxy.
      const value: unknown = Reflect.get(object, key, object);
      return open.includes(key) ? value : guard(value, object, permit);
    },
    set: (_object, key) => {
      throw changed(`wrote '${name(key)}'`);
    },
    deleteProperty: (_object, key) => {
      throw changed(`deleted '${name(key)}'`);
    },
    has: (object, key) => {
      checkAlive(permit, name(key));
      return Reflect.has(object, key);
    },
    ownKeys: (object) => {
      checkAlive(permit, 'keys');
      return Reflect.ownKeys(object);
    },
  });
}

function guard(value: unknown, owner: object, permit: CallPermit): unknown {
  if (typeof value === 'function') {
    const method = value as (...args: unknown[]) => unknown;
    return (...args: unknown[]): unknown => {
      checkAlive(permit, method.name);
      return guard(method.apply(owner, args), owner, permit);
    };
  }
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  return permitted(value, permit);
}

function checkAlive(permit: CallPermit, name: string): void {
  if (!permit.alive) throw kept(`read '${name}' of a context after the call it belonged to`);
}

function kept(what: string): Error {
  return testingError('STRATEGY_CONTEXT_KEPT', `The strategy ${what}.`);
}

function changed(what: string): Error {
  return testingError('STRATEGY_CONTEXT_CHANGED', `The strategy ${what} of the context.`);
}
