import { bindCases } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { connectionCases } from './connection-cases.js';
import { groupCases } from './group-cases.js';
import { lifecycleCases } from './lifecycle-cases.js';
import { refusalCases } from './refusal-cases.js';
import { tradingCases } from './trading-cases.js';
import type { VenueContractOptions } from './venue-fixture.js';

/**
 * The contract of venues; see {@link Venue} for the rules. Every case gets a fresh venue with an empty account.
 *
 * @example
 * const suite = venueContract({ capabilities: PAPER_CAPABILITIES, create: createPaperFixture });
 */
export function venueContract(options: VenueContractOptions): ContractSuite {
  return {
    name: 'venue',
    cases: bindCases(
      [
        ...lifecycleCases(options),
        ...connectionCases(options),
        ...tradingCases(options),
        ...refusalCases(options),
        ...groupCases(options),
      ],
      {
        create: () => options.create(),
        dispose: async (fixture) => {
          // Whether close behaves is judged by cases of its own.
          await Promise.resolve(fixture.venue.close()).catch(() => undefined);
          await fixture.dispose?.();
        },
      },
    ),
  };
}
