import { testingError } from '../errors.js';
import type { FeedContractOptions, FeedFaultHook, FeedFaults, FeedFixture } from './feed-fixture.js';

/** The reason to skip a case whose hook is not declared. */
export function undeclared({ faults = [] }: FeedContractOptions, hook: FeedFaultHook): string | undefined {
  return faults.includes(hook) ? undefined : `the fixture declares no \`${hook}\` among its \`faults\``;
}

/** A hook that is declared. Errors: CONTRACT_FIXTURE_INCOMPLETE. */
export function hookOf<Hook extends FeedFaultHook>({ faults }: FeedFixture, hook: Hook): Required<FeedFaults>[Hook] {
  const found = faults?.[hook];
  if (faults === undefined || found === undefined) {
    throw testingError(
      'CONTRACT_FIXTURE_INCOMPLETE',
      `The suite declares \`${hook}\`, and \`faults\` has no such function.`,
    );
  }
  return found.bind(faults) as Required<FeedFaults>[Hook];
}
