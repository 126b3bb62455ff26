import { BEHAVIOURS, simulatorSuites } from './conformance-suites.js';
import type { ConformanceOptions, ConformanceSuite } from './conformance-suite.js';
import { paperAccount } from './paper/paper-account.js';
import type { PaperAccount } from './paper/paper-account.js';
import { findPaperAccount } from './paper/paper-check.js';
import { paperSuites } from './paper/paper-suites.js';

/**
 * The suites of `npm run conformance -- ibkr`: at the simulator, or where IBKR_PAPER is set at a paper account of a real gateway.
 * Errors: CONFORMANCE_TARGET.
 */
export function conformanceSuites(options: ConformanceOptions = {}): readonly ConformanceSuite[] {
  const paper = paperOf(options);
  return paper === undefined ? simulatorSuites(options) : paperSuites(paper, BEHAVIOURS);
}

/**
 * Looks whether the suites can be tried where they are meant to be, and says where. Errors: CONFORMANCE_TARGET,
 * CONFORMANCE_UNREACHABLE, CONFORMANCE_ACCOUNT, and those of a session with the gateway.
 */
export async function checkConformanceTarget(options: ConformanceOptions = {}): Promise<string> {
  const paper = paperOf(options);
  if (paper === undefined) return 'the simulator';
  return `paper account ${await findPaperAccount(paper)} at ${paper.host}:${paper.port}`;
}

function paperOf(options: ConformanceOptions): PaperAccount | undefined {
  const address = 'paper' in options ? options.paper : process.env['IBKR_PAPER'];
  return address === undefined || address === '' ? undefined : paperAccount(address, process.env);
}
