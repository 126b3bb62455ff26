import { isTradingError } from '../errors.js';
import type { TradingError } from '../errors.js';
import { canonical, describeValue } from './canonical.js';
import { testingError } from './errors.js';

/** A broken rule as an error: what a contract case throws. */
export function broken(message: string, details: Readonly<Record<string, unknown>> = {}): TradingError {
  return testingError('CONTRACT_BROKEN', message, { details });
}

/** Fails the case with the sentence unless the condition holds. Errors: CONTRACT_BROKEN. */
export function check(condition: unknown, message: string): asserts condition {
  if (condition !== true) throw broken(message);
}

/** Fails the case unless both values are equal by {@link canonical}. Errors: CONTRACT_BROKEN. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [canonical(actual), canonical(expected)];
  if (left === right) return;
  const at = firstDifference(left, right);
  throw broken(`${what}: expected ${cut(right, at)}, was ${cut(left, at)}.`);
}

function firstDifference(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return at;
}

/** The part of a long text around the first difference. */
function cut(text: string, at: number): string {
  if (text.length <= 240) return text;
  const from = Math.max(0, at - 80);
  return `${from > 0 ? '...' : ''}${text.slice(from, from + 240)}...`;
}

/** Runs a call that has to end with a TradingError and answers it. Errors: CONTRACT_BROKEN. */
export async function checkRejects(call: () => unknown, what: string): Promise<TradingError> {
  try {
    await call();
  } catch (error) {
    if (isTradingError(error)) return error;
    throw broken(`${what}: expected a TradingError with code and remedy, was ${textOf(error)}.`);
  }
  throw broken(`${what}: expected a TradingError, but the call succeeded.`);
}

/** Runs a call that may not throw and answers its value. Errors: CONTRACT_BROKEN. */
export async function checkNoThrow<T>(call: () => T | Promise<T>, what: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw broken(`${what}: it threw ${textOf(error)}.`);
  }
}

/** What can be said of a thrown value in one line. */
export function textOf(error: unknown): string {
  if (isTradingError(error)) return `${error.code}: ${error.message}`;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return describeValue(error);
}
