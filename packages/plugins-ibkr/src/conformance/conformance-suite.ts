import type { ContractSuite } from '@bookrunner/sdk/testing';

/** A suite of `npm run conformance`, and how it is run. */
export interface ConformanceSuite {
  readonly suite: ContractSuite;
  /** Longest time for one case in milliseconds; 10,000 unless given. */
  readonly timeLimitMs?: number;
  /** Short enough for `npm test`; the others are for the command alone. */
  readonly isQuick?: boolean;
}

/** How suites are made. */
export interface ConformanceOptions {
  /** Equal seeds give equal faults; 1 unless given. */
  readonly seed?: number;
  /** Damaged frames for each side; 100,000 unless given. */
  readonly fuzzFrames?: number;
  /** `host:port` of a gateway with a paper account, in place of the simulator; IBKR_PAPER unless given, undefined for the simulator. */
  readonly paper?: string | undefined;
}
