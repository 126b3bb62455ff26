import type { ConformanceOptions, ConformanceSuite } from './conformance-suite.js';
import { simulatorSuites } from './conformance-suites.js';

/** The suites of `npm run conformance -- ibkr`. */
export function conformanceSuites(options: ConformanceOptions = {}): readonly ConformanceSuite[] {
  return simulatorSuites(options);
}
