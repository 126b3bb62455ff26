import { testingError } from '../errors.js';

/** What any fault's `when` may ask of the thing it may happen to. */
export interface FaultMoment {
  /** What it is: a report, a call, a tick. */
  readonly on: string;
  /** How many of these there were, this one included. */
  readonly count: number;
  /** Numbers of the orders it concerns, from 1 as they were submitted. */
  readonly orderNumbers?: readonly number[];
}

/**
 * When a fault happens, among the moments that its kind can happen to: at the n-th, counted from 1 and of one sort where `on` names
 * it; at all that concern the n-th order submitted; at each with a chance from 0 to 1, drawn from the seed; or where a function says
 * so, which is asked once for each moment.
 */
export type FaultWhen<Moment extends FaultMoment> =
  | { readonly nth: number; readonly on?: Moment['on'] }
  | { readonly order: number }
  | { readonly chance: number }
  | ((moment: Moment) => boolean);

/** Fails for a `when` that could never be what its author meant. Errors: TESTING_INPUT_INVALID. */
export function checkWhen(when: FaultWhen<FaultMoment>, what: string): void {
  if (typeof when === 'function') return;
  const isNumbered = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  if ('nth' in when && !isNumbered(when.nth)) throw invalid(what, `nth is ${when.nth}, and counts from 1`);
  if ('order' in when && !isNumbered(when.order)) throw invalid(what, `order is ${when.order}, and counts from 1`);
  if ('chance' in when && !(when.chance >= 0 && when.chance <= 1)) {
    throw invalid(what, `chance is ${when.chance}, and goes from 0 to 1`);
  }
}

function invalid(what: string, why: string): Error {
  return testingError('TESTING_INPUT_INVALID', `${what} cannot happen: ${why}.`);
}
