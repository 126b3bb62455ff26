import { describe, expect, it } from '@jest/globals';
import { runContract } from './contract.js';
import type { ContractSuite } from './contract.js';

/** A deliberately broken implementation and the cases that have to find it. */
export interface BrokenImplementation {
  readonly what: string;
  readonly suite: ContractSuite;
  /** Exactly the ids that fail. */
  readonly fails: readonly string[];
}

/** Proves that each broken implementation fails its cases with a readable sentence, and that every case of the suite can fail. */
export function describeBroken(
  name: string,
  suites: readonly ContractSuite[],
  broken: readonly BrokenImplementation[],
): void {
  describe(`${name}: broken implementations`, () => {
    for (const { what, suite, fails } of broken) {
      it(`finds ${what} by ${fails.join(', ')}`, async () => {
        const { results } = await runContract(suite, { timeLimitMs: 20_000 });
        const failed = results.filter((result) => result.status === 'failed');
        const sentences = failed.map((result) => `${result.id} ${result.reason}`);
        expect({ failed: failed.map((result) => result.id), sentences }).toEqual({ failed: [...fails], sentences });
        for (const result of failed) expect(result.reason).toMatch(/\w+ [^]*\w+[^]*\.$/);
      });
    }

    it('has a broken implementation for every case', () => {
      const proven = new Set(broken.flatMap((item) => item.fails));
      const all = new Set(suites.flatMap((suite) => suite.cases.map((item) => item.id)));
      expect([...all].filter((id) => !proven.has(id))).toEqual([]);
    });
  });
}

/** Fails with the reasons unless every case passed or was skipped. */
export async function expectPasses(suite: ContractSuite): Promise<void> {
  const { results } = await runContract(suite);
  expect(results.filter((result) => result.status === 'failed')).toEqual([]);
}
