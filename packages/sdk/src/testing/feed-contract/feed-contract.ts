import { bindCases } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { deliveryCases } from './delivery-cases.js';
import type { FeedContractOptions } from './feed-fixture.js';
import { outageCases } from './outage-cases.js';
import { sessionCases } from './session-cases.js';
import { sourceCases } from './source-cases.js';

/**
 * The contract of feeds over a source that the suite drives; see {@link Feed} for the rules.
 *
 * @example
 * const suite = feedContract({ capabilities: MY_CAPABILITIES, create: createFeedFixture });
 */
export function feedContract(options: FeedContractOptions): ContractSuite {
  return {
    name: 'feed',
    cases: bindCases(
      [...sessionCases(options), ...deliveryCases(options), ...outageCases(options), ...sourceCases(options)],
      {
        create: () => options.create(),
        dispose: async (fixture) => {
          // Whether close behaves is judged by a case of its own.
          await Promise.resolve(fixture.feed.close()).catch(() => undefined);
          await fixture.dispose?.();
        },
      },
    ),
  };
}
