// What became of an entry is heard after the strategy has changed its mind.
import { expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

it('an entry that the broker ended while it was away, filled in part, keeps no exit back', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: -100, entry: { limit: 101, tif: 'GTC' } });
  bench.pump();
  const [id = ''] = bench.broker.open.keys();
  bench.broker.fill(id, 10);
  bench.broker.end(id);
  bench.scene.answer(0);
  // Neither is told: the broker's next answer shows it.
  bench.status('disconnected');
  bench.broker.outbox.length = 0;
  bench.ready();
  bench.pass(70_000);
  bench.scene.bars(100);
  bench.pass(5_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([0, 0, 0]);
});

it('protection that is refused after the strategy wants to be flat keeps no exit back', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  // The entry fills; the stop is on its way, and will be refused.
  bench.step();
  while (bench.truth === 0 || bench.scene.held() === 0) bench.step();
  bench.broker.isRejecting = true;
  bench.scene.answer(0);
  bench.pump();
  bench.broker.isRejecting = false;
  bench.scene.bars(100);
  bench.pass(5_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([0, 0, 0]);
});

it('a reversal that is refused after the strategy wants to be flat keeps no exit back', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: -100 });
  bench.pump();
  bench.broker.isRejecting = true;
  bench.scene.answer({ units: 50 });
  bench.scene.answer(0);
  bench.pump();
  bench.broker.isRejecting = false;
  bench.scene.bars(100);
  bench.pass(5_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([0, 0, 0]);
});

it.each([
  [0, -1],
  [-40, -40],
])('an exit at work closes to %d, and not more, what its broker corrects meanwhile', (units, wanted) => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: -100 });
  bench.pump();
  bench.broker.liquidity = 0;
  bench.scene.answer(units === 0 ? 0 : { units });
  bench.pump();
  bench.broker.change(0, { qty: -wanted + (units === 0 ? 0 : 20), price: 100 });
  bench.pump();
  bench.broker.liquidity = 100;
  for (const id of bench.broker.open.keys()) bench.broker.fill(id, 100);
  bench.scene.bars();
  bench.pass(1_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([units, units, 0]);
});

it('an entry at work buys no more than is wanted where a part of it is found to be there', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 60 });
  bench.pump();
  bench.scene.answer({ units: 100, entry: { limit: 99 } });
  bench.pump();
  bench.broker.change(0, { qty: 90, price: 100 });
  bench.pass(1_000);
  for (const id of bench.broker.open.keys()) bench.broker.fill(id, 100);
  bench.pass(1_000);
  expect(bench.truth).toBeLessThanOrEqual(100);
});
