// What a person lets close becomes less while its order is at work, and the cancel of that comes too late.
import { expect, it } from '@jest/globals';
import { makeBench } from './broker-steps.fixture.js';

it('the suspense book opens nothing again: no order follows an order without end', () => {
  const bench = makeBench({ isExclusive: false });
  const { scene, broker } = bench;
  bench.ready();
  scene.answers[1] = { units: 140 };
  bench.bar(-1);
  bench.say('fill', broker.trade('sell', 130));
  broker.liquidity = 0;
  scene.answer(0);
  bench.pump();
  // One is short, and has an exit of 100 at work: with that the broker is long, and nothing that others sold is there to be bought back.
  expect([bench.truth, bench.suspense, broker.open.size]).toEqual([-90, -130, 1]);
  scene.command('flatten', { symbol: 'AAA' });
  bench.pump();
  const [exit = '', closing = ''] = broker.open.keys();
  broker.fill(exit, 100);
  broker.fill(closing, 90);
  const sent = broker.received.length;
  broker.liquidity = Number.POSITIVE_INFINITY;
  bench.pass(60_000);
  expect([bench.truth, bench.suspense, broker.received.length]).toEqual([100, -40, sent]);
  expect([...(bench.reconciler.watches[0]?.accounts[0]?.closing ?? [])]).toEqual([]);
});
