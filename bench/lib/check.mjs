/**
 * @typedef {object} Check
 * @property {string} what
 * @property {unknown} expected
 * @property {unknown} actual
 * @property {boolean} isEqual
 */

/**
 * One check per expected figure.
 * @param {string} what
 * @param {Readonly<Record<string, unknown>> | undefined} expected
 * @param {Readonly<Record<string, unknown>>} actual
 * @returns {Check[]}
 */
export function checks(what, expected, actual) {
  return Object.entries(expected ?? {}).map(([name, value]) => ({
    what: `${what}: ${name}`,
    expected: value,
    actual: actual[name],
    isEqual: Object.is(value, actual[name]),
  }));
}
