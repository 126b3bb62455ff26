// Protection fills while it is being cancelled for an exit.
import { expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

function short(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: -100, protect: { takeProfit: 80 } });
  bench.pump();
  expect([bench.truth, bench.broker.open.size]).toEqual([-100, 1]);
  return bench;
}

it.each([
  [0, 0],
  [{ units: 50 }, 50],
])('an exit or a reversal (%j) closes what a part of it has left', (answer, wanted) => {
  const bench = short();
  bench.scene.answer(answer);
  const [id = ''] = bench.broker.open.keys();
  bench.broker.fill(id, 10);
  bench.pass(1_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([wanted, wanted, 0]);
});

it('what protection takes off stays off where the strategy wants more than that', () => {
  const bench = short();
  const [id = ''] = bench.broker.open.keys();
  bench.broker.fill(id, 10);
  bench.pass(1_000);
  bench.scene.bars(100);
  bench.pass(1_000);
  expect([bench.truth, bench.scene.held()]).toEqual([-90, -90]);
});

it('what works beyond the wish is taken back where protection has filled', () => {
  const bench = short();
  bench.broker.liquidity = 0;
  const [id = ''] = bench.broker.open.keys();
  // More, and then nothing, while what was sent for more is on its way.
  bench.scene.answer({ units: -140, protect: { takeProfit: 80 } });
  bench.broker.fill(id, 100);
  bench.scene.answer(0);
  bench.pass(1_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([0, 0, 0]);
});

it('what works beyond the wish, and fills first, is closed again', () => {
  const bench = short();
  const [id = ''] = bench.broker.open.keys();
  bench.scene.answer({ units: -140, protect: { takeProfit: 80 } });
  bench.broker.fill(id, 100);
  bench.scene.answer(0);
  bench.pass(1_000);
  expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([0, 0, 0]);
});
