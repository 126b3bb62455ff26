// The SDK's contract of venues, by the plugin's venue at a simulated gateway.
import { venueContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, VenueFixture } from '@bookrunner/sdk/testing';
import { IBKR_VENUE_CAPABILITIES } from '../../venue/ibkr-venue.js';
import { AAPL } from '../scene/instruments.js';
import { Scene } from '../scene/scene.js';
import type { SceneOptions } from '../scene/scene.js';
import { ACCOUNT } from '../scene/trading.js';

async function fixture(options: SceneOptions): Promise<VenueFixture> {
  const scene = await Scene.start(options);
  const cutNextOrder = (moment: 'before' | 'after'): void =>
    scene.sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment });
  return {
    ...{ venue: scene.venue, instrument: AAPL, account: ACCOUNT },
    market: { quote: (symbol, bid, ask) => scene.model.quote(symbol, { bid, ask }) },
    clock: { nowUtc: () => scene.clock.nowUtc(), advance: (ms) => scene.clock.advance(ms) },
    connection: {
      cut: async () => {
        scene.sim.faults.cut();
        await scene.until(() => !scene.venue.isReady, 'the loss to be noticed', 1);
      },
      restore: () => scene.untilReady(),
      cutBeforeWrite: () => cutNextOrder('before'),
      cutAfterWrite: () => cutNextOrder('after'),
    },
    settle: () => settle(scene),
    dispose: () => scene.close(),
  };
}

/** A session that came up asks one thing after the other before it takes orders. */
async function settle(scene: Scene): Promise<void> {
  await scene.settle();
  for (let round = 0; round < 10 && scene.gateway.state === 'up' && !scene.venue.isReady; round += 1)
    await scene.settle(1);
}

/** All hooks of the suite are there: nothing is skipped for want of one. */
export function venueSuite(name: string, options: SceneOptions): ContractSuite {
  const create = (): Promise<VenueFixture> => fixture(options);
  return {
    ...venueContract({ capabilities: IBKR_VENUE_CAPABILITIES, create, movesClock: true, cutsCalls: true }),
    name,
  };
}
