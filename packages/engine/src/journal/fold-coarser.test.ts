// What a session has that the steps of the next one cannot say.
import type { Instrument } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import { BrokerBench } from '../reconciliation/broker-bench.fixture.js';
import type { SavedVenue } from '../simulated-venue/venue-state.js';
import { notExact } from './fold-coarser.js';

const FINE = instrumentOf({ lotStep: 0.5, quantityDecimals: 1, priceDecimals: 3 });
const COARSE = instrumentOf({ quantityDecimals: 0, priceDecimals: 2 });
const NOW = 'quantities of AAA have at most 0 decimals now, and its prices 2.';

function sentences({ kernel: folded }: Scene, next: Instrument = COARSE, venues: readonly SavedVenue[] = []) {
  return notExact({ folded, names: ['sim'], venues }, [next]);
}

describe('what coarser steps cannot say', () => {
  it('is named with its symbol: positions, and orders', () => {
    const scene = new Scene({ instruments: [FINE] });
    scene.answer({ share: 0.505, protect: { stop: 90 } });
    expect(scene.held()).toBe(50.5);
    expect(sentences(scene)).toEqual([
      `Strategy 's0' holds 50.5 AAA at 100 in book 'CORE', and ${NOW}`,
      `Strategy 's0' has an order for 50.5 AAA in book 'CORE', and ${NOW}`,
    ]);
  });

  it('is a cost as well', () => {
    const scene = new Scene({ instruments: [FINE] });
    scene.venue.onSubmit = () => 'hold';
    scene.answer(1);
    const [order] = scene.kernel.parts.desk.live();
    scene.report((venue) => venue.filled(order!, { qty: 1, price: 100.005 }));
    expect(sentences(scene)).toEqual([`Strategy 's0' holds 1 AAA at 100.005 in book 'CORE', and ${NOW}`]);
  });

  it('is nothing of what they can say, of what is flat, and where they are finer or the same', () => {
    const scene = new Scene({ instruments: [FINE] });
    scene.answer({ share: 0.5, protect: { stop: 90 } });
    expect(sentences(scene)).toEqual([]);
    scene.answer(0.505);
    scene.answer(0, 100.25);
    expect([scene.held(), sentences(scene)]).toEqual([0, []]);
    expect(sentences(scene, FINE)).toEqual([]);
    expect(sentences(scene, instrumentOf({ quantityDecimals: 5 }))).toEqual([]);
  });

  it('is what a person decided and the simulated venue has', () => {
    const bench = new BrokerBench({ instruments: [FINE] });
    const suspense = bench.reconciler.watches[0]?.accounts[0];
    suspense?.explained.set(0, 15);
    suspense?.ignored.set(0, 20);
    const account = { holdings: [{ symbol: 'AAA', qty: 5, cost: 0, traded: '0' }], name: 'test' };
    const venue = { accounts: [account], slots: [{ symbol: 'AAA', resting: [{ numbers: [5] }] }] };
    expect(sentences(bench.scene, COARSE, [venue as never])).toEqual([
      `Account 'ACC' has 1.5 AAA in suspense, and ${NOW}`,
      `Account 'test' holds AAA at venue 'sim', and ${NOW}`,
      `Orders for AAA are at venue 'sim', and ${NOW}`,
    ]);
  });
});
