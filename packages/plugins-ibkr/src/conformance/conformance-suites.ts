import { bindCases } from '@bookrunner/sdk/testing';
import type { CaseOver, ContractSuite } from '@bookrunner/sdk/testing';
import { ACCOUNT_BEHAVIOURS } from './behaviours/account-behaviours.js';
import { CONNECTIVITY_BEHAVIOURS } from './behaviours/connectivity-behaviours.js';
import { DATA_BEHAVIOURS } from './behaviours/data-behaviours.js';
import { EXECUTION_BEHAVIOURS } from './behaviours/execution-behaviours.js';
import { ORDER_BEHAVIOURS } from './behaviours/order-behaviours.js';
import { SESSION_BEHAVIOURS } from './behaviours/session-behaviours.js';
import { barFeedSuite } from './contracts/bar-feed-suite.js';
import { feedSuite } from './contracts/feed-suites.js';
import { venueSuite } from './contracts/venue-suites.js';
import type { ConformanceOptions, ConformanceSuite } from './conformance-suite.js';
import { Stage } from './scene/stage.js';
import type { StageOptions } from './scene/stage.js';
import { wireTrouble, wireTroubleOfData } from './scene/wire-trouble.js';
import { FRAME_CASES } from './wire/frames.js';
import { fuzzCases } from './wire/fuzz.js';
import { PERMUTATIONS } from './wire/permutations.js';
import { PRIORITY } from './wire/priority.js';
import { SEQUENCE_CASES } from './wire/sequences.js';

export const BEHAVIOURS: readonly CaseOver<Stage>[] = [
  ...SESSION_BEHAVIOURS,
  ...CONNECTIVITY_BEHAVIOURS,
  ...EXECUTION_BEHAVIOURS,
  ...ORDER_BEHAVIOURS,
  ...ACCOUNT_BEHAVIOURS,
  ...DATA_BEHAVIOURS,
];

/** Longest time for a case that tries many things one after the other. */
const LONG_MS = 120_000;

const FUZZ_MS = 900_000;

/** Everything that the plugin has to do at a simulated gateway, as suites. */
export function simulatorSuites({
  seed = 1,
  fuzzFrames = 100_000,
}: ConformanceOptions = {}): readonly ConformanceSuite[] {
  const staged = (
    name: string,
    cases: readonly CaseOver<Stage>[],
    options: Partial<StageOptions> = {},
  ): ContractSuite => ({
    name,
    cases: bindCases(cases, { create: () => new Stage({ seed, ...options }), dispose: (stage) => stage.close() }),
  });
  const trouble = wireTrouble(seed);
  const troubled = { seed, trouble };
  const dataTrouble = { seed, trouble: wireTroubleOfData() };
  return [
    { suite: feedSuite('feed', 'top-of-book', { seed }) },
    { suite: feedSuite('feed-tick-by-tick', 'tick-by-tick', { seed }) },
    { suite: barFeedSuite('feed-bars', { seed }) },
    { suite: feedSuite('feed-faults', 'top-of-book', dataTrouble) },
    { suite: feedSuite('feed-tick-by-tick-faults', 'tick-by-tick', dataTrouble) },
    { suite: venueSuite('venue', { seed }) },
    { suite: venueSuite('venue-faults', troubled) },
    { suite: staged('behaviours', BEHAVIOURS), timeLimitMs: LONG_MS, isQuick: true },
    { suite: staged('behaviours-faults', BEHAVIOURS, { trouble }), timeLimitMs: LONG_MS },
    { suite: staged('sequences', SEQUENCE_CASES), isQuick: true },
    { suite: staged('permutations', PERMUTATIONS), timeLimitMs: LONG_MS },
    { suite: staged('frames', FRAME_CASES), timeLimitMs: LONG_MS },
    { suite: staged('fuzz', fuzzCases(fuzzFrames)), timeLimitMs: FUZZ_MS },
    { suite: staged('priority', PRIORITY), timeLimitMs: LONG_MS, isQuick: true },
  ];
}
