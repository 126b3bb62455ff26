// What a program gives to a call of the simulator is checked before anything happens.
import type { z } from 'zod';
import { simulatorError } from '../simulator-errors.js';

/** Arguments of one call by name, in their order. */
export type CallArguments = Readonly<Record<string, z.ZodType>>;

/** How a call is written: `knobs.fillOrder(name, units, price?)`. */
export function signatureOf(call: string, shape: CallArguments): string {
  const names = Object.entries(shape).map(([name, schema]) => (isOptional(schema) ? `${name}?` : name));
  return `${call}(${names.join(', ')})`;
}

/** Errors: SIMULATOR_CALL, which names every argument that cannot be. */
export function checkCall(call: string, shape: CallArguments, values: readonly unknown[]): void {
  const faults = Object.entries(shape).flatMap(([name, schema], place) => faultsOf(name, schema, values[place]));
  if (faults.length > 0) throw callError(signatureOf(call, shape), faults.join('; '));
}

/** A call that cannot be done, and why; nothing has been changed by it. */
export function callError(signature: string, why: string): Error {
  return simulatorError('SIMULATOR_CALL', `${signature}: ${why}. Nothing was changed.`);
}

function faultsOf(name: string, schema: z.ZodType, value: unknown): readonly string[] {
  if (value === undefined && !isOptional(schema)) return [`${name} is missing`];
  const checked = schema.safeParse(value);
  if (checked.success) return [];
  return checked.error.issues.map(({ path, message }) => `${[name, ...path].map(String).join('.')}: ${message}`);
}

function isOptional(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}
