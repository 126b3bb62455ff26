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
