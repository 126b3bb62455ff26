import { BEHAVIOURS, simulatorSuites } from './conformance-suites.js';
import type { ConformanceOptions, ConformanceSuite } from './conformance-suite.js';
import { paperAccount } from './paper/paper-account.js';
import { paperSuites } from './paper/paper-suites.js';

/** The suites of `npm run conformance -- ibkr`: at the simulator, or where IBKR_PAPER is set at a paper account of a real gateway. */
export function conformanceSuites(options: ConformanceOptions = {}): readonly ConformanceSuite[] {
  const address = 'paper' in options ? options.paper : process.env['IBKR_PAPER'];
  if (address === undefined || address === '') return simulatorSuites(options);
  return paperSuites(paperAccount(address, process.env), BEHAVIOURS);
}
