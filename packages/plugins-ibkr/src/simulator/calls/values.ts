// Kinds of arguments that the calls of the simulator take, with their bounds.
import { z } from 'zod';

/** Larger quantities and prices do not fit the exact amounts. */
const MOST_UNITS = 50_000_000;
const MOST_PRICE = 10_000_000;
const MOST_MONEY = 1e12;
/** A day: nobody waits longer for a test, and timers end not far above it. */
const MOST_MS = 24 * 3_600_000;
const MOST_ID = 2 ** 31 - 1;

export const flag = z.boolean();
export const text = z.string();
export const name = z.string().min(1);
export const units = z.number().positive().max(MOST_UNITS);
export const unitsOrNone = z.number().min(0).max(MOST_UNITS);
export const price = z.number().min(-MOST_PRICE).max(MOST_PRICE);
export const money = z.number().min(-MOST_MONEY).max(MOST_MONEY);
export const currency = z.string().regex(/^[A-Z]{3,5}$/, 'has to be a currency in capitals, such as USD');
export const milliseconds = z.number().min(0).max(MOST_MS);
/** A code of TWS. */
export const code = z.int().min(0).max(MOST_ID);
export const clientId = z.int().min(0).max(MOST_ID);
export const orderId = z.int().min(1).max(MOST_ID);
/** How often something happens; 0 takes it back. */
export const times = z.int().min(0).max(1_000_000);
export const instrument = z.union([z.int().positive(), name], {
  error: 'has to be a conId, a local symbol (EUR.USD) or a symbol',
});
export const order = z.union([z.int().positive(), z.strictObject({ clientId, orderId: z.int() })], {
  error: 'has to be a permId, or { clientId, orderId }',
});
export const action = z.custom<() => void>((value) => typeof value === 'function', 'has to be a function');

/** An object without the members that are undefined: they count as left out. */
export function given<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
