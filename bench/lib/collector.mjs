// A full collection by request.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** @returns {() => void} collects all garbage, so that what is live can be told from it, or one run's memory from the next one's */
export function collector() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
