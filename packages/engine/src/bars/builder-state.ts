import type { BarBuilderState } from '@bookrunner/sdk';
import { barError } from './errors.js';

/** A number of a saved state. Errors: BARS_STATE_INVALID where it is missing. */
export function readState(state: BarBuilderState, name: string): number {
  const value = state[name];
  if (typeof value === 'number') return value;
  throw barError('BARS_STATE_INVALID', `The saved state of a bar builder has no number '${name}'.`, {
    details: { name, names: Object.keys(state) },
  });
}
