// A contract suite is data: cases with stable ids that throw when a rule is broken. No test runner is imported.
import { isTradingError } from '../errors.js';
import { textOf } from './check.js';
import { testingError } from './errors.js';

/** One case. `run` rejects with a readable sentence when the rule is broken; `skip` is the reason for not running it. */
export interface ContractCase {
  /** Stable, never reused: `VEN-060`. */
  readonly id: string;
  readonly title: string;
  /** Why the case does not apply, computed from declared capabilities only. */
  readonly skip?: string;
  run(): Promise<void>;
}

/** The cases of one interface, bound to one implementation. */
export interface ContractSuite {
  /** Name of the interface: `venue`. */
  readonly name: string;
  readonly cases: readonly ContractCase[];
}

/** What a suite needs of a test runner: jest, vitest and node:test all offer it. */
export interface ContractRunner {
  describe(name: string, body: () => void): unknown;
  readonly it: {
    (title: string, body: () => Promise<void>): unknown;
    skip(title: string, body: () => Promise<void>): unknown;
  };
}

/**
 * Hands every case of a suite to a test runner; skipped cases show their reason.
 *
 * @example
 * import { describe, it } from 'node:test';
 * describeContract('MyFeed', feedContract({ capabilities, create }), { describe, it });
 */
export function describeContract(name: string, suite: ContractSuite, runner: ContractRunner): void {
  runner.describe(`${name}: ${suite.name} contract`, () => {
    for (const item of suite.cases) {
      const title = `${item.id} ${item.title}`;
      if (item.skip === undefined) runner.it(title, () => item.run());
      else runner.it.skip(`${title} (skipped: ${item.skip})`, () => Promise.resolve());
    }
  });
}

/** How one case went. `reason` says why it failed or was skipped. */
export interface ContractCaseResult {
  readonly id: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly reason: string;
}

/** How a suite went. */
export interface ContractResult {
  readonly suite: string;
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly results: readonly ContractCaseResult[];
}

/** Options of {@link runContract}. */
export interface RunContractOptions {
  /** Longest time for one case; 10,000 ms unless told otherwise. */
  readonly timeLimitMs?: number;
  /** Runs these cases only. */
  readonly only?: readonly string[];
}

const TIME_LIMIT_MS = 10_000;

/** Runs a suite without a test runner, one case after the other, and never rejects for a broken rule. */
export async function runContract(suite: ContractSuite, options: RunContractOptions = {}): Promise<ContractResult> {
  const results: ContractCaseResult[] = [];
  for (const item of suite.cases) {
    if (options.only !== undefined && !options.only.includes(item.id)) continue;
    results.push(await runCase(item, options.timeLimitMs ?? TIME_LIMIT_MS));
  }
  const count = (status: ContractCaseResult['status']): number =>
    results.filter((result) => result.status === status).length;
  return {
    suite: suite.name,
    cases: results.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    results,
  };
}

async function runCase(item: ContractCase, timeLimitMs: number): Promise<ContractCaseResult> {
  const { id, title } = item;
  if (item.skip !== undefined) return { id, title, status: 'skipped', reason: item.skip };
  try {
    await withinTimeLimit(() => item.run(), timeLimitMs);
    return { id, title, status: 'passed', reason: '' };
  } catch (error) {
    return {
      id,
      title,
      status: 'failed',
      reason: isTradingError(error) ? error.message : `It threw ${textOf(error)}.`,
    };
  }
}

async function withinTimeLimit(run: () => Promise<void>, timeLimitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(testingError('CONTRACT_TIME_LIMIT', `The case did not end within ${timeLimitMs} ms.`));
    }, timeLimitMs);
  });
  try {
    await Promise.race([run(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A case before it is bound to an implementation. */
export interface CaseOver<Fixture> {
  readonly id: string;
  readonly title: string;
  /** Reason for not running it; undefined runs it. */
  readonly skip?: string | undefined;
  run(fixture: Fixture): Promise<void> | void;
}

/** How cases get their fixture: a fresh one each, disposed of whatever happens. */
export interface FixtureSource<Fixture> {
  create(): Fixture | Promise<Fixture>;
  dispose?(fixture: Fixture): void | Promise<void>;
}

/** Binds cases to fresh fixtures, in the order of their ids. */
export function bindCases<Fixture>(
  cases: readonly CaseOver<Fixture>[],
  source: FixtureSource<Fixture>,
): readonly ContractCase[] {
  const sorted = cases.toSorted((first, second) => (first.id < second.id ? -1 : 1));
  return sorted.map((item) => ({
    id: item.id,
    title: item.title,
    ...(item.skip === undefined ? {} : { skip: item.skip }),
    run: async () => {
      const fixture = await source.create();
      try {
        await item.run(fixture);
      } finally {
        await source.dispose?.(fixture);
      }
    },
  }));
}

/** The reason to skip a case where a capability is not declared. */
export function unless(declared: boolean | undefined, reason: string): string | undefined {
  return declared === true ? undefined : reason;
}
