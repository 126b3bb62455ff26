// A panic that waits for its proof does not drive what a broker refuses: nothing is asked for again faster than answers are compared.
import { expect, it } from '@jest/globals';
import type { BrokerBench } from './broker-bench.fixture.js';
import { makeBench } from './broker-steps.fixture.js';

/** The first, and one with the answer after it and every two seconds for a minute. */
const MOST = 32;

function requests(bench: BrokerBench): { orders: number; cancels: number } {
  const seen = { orders: 0, cancels: 0 };
  const { broker } = bench;
  const submit = broker.submit.bind(broker);
  broker.submit = (group) => {
    seen.orders += group.length;
    return submit(group);
  };
  const cancel = broker.cancel.bind(broker);
  broker.cancel = (order) => {
    seen.cancels += 1;
    cancel(order);
  };
  return seen;
}

it('where a book that is flat is part of a panic of everything, and the broker turns orders down', () => {
  const bench = makeBench();
  bench.ready();
  bench.bar(1, 1);
  bench.broker.isRejecting = true;
  const seen = requests(bench);
  bench.scene.command('panic');
  bench.scene.command('panic', { book: 'CORE' });
  bench.pass(60_000);
  expect(seen.orders).toBeGreaterThan(1);
  expect(seen.orders).toBeLessThanOrEqual(MOST);
  bench.broker.isRejecting = false;
  bench.pass(10_000);
  expect([bench.truth, bench.scene.codes().filter((code) => code === 'PANIC_COMPLETE').length]).toEqual([0, 2]);
});

it('where the order of another book cannot be cancelled', () => {
  const bench = makeBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } }, 100, 1);
  bench.pump();
  bench.broker.fate = (what) => (what === 'cancel' ? 'refused' : 'through');
  const seen = requests(bench);
  bench.scene.answers[1] = 0;
  bench.scene.bars();
  bench.scene.command('panic', { book: 'CORE' });
  bench.pass(60_000);
  expect(seen.cancels).toBeGreaterThan(1);
  expect(seen.cancels).toBeLessThanOrEqual(MOST);
});
