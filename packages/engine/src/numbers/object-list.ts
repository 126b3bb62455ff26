const ANY: object = Object.freeze({});

/**
 * An empty list for objects. V8 takes one that has never held anything for a list of integers, and code that meets both kinds asks at each use
 * which it has; one that has once held an object is known as what it is for good.
 */
export function objectList<T extends object>(): T[] {
  const list: object[] = [ANY];
  list.pop();
  return list as T[];
}
