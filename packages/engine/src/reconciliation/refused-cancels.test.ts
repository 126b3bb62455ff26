// A broker that refuses every cancel is asked again with its answers, and never in a circle.
import { expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';
import { makeBench, type Step, take } from './broker-steps.fixture.js';

it('asks anew with an answer, and not with the refusal, for protection of a frozen position', () => {
  const bench = makeBench({ isExclusive: false });
  let cancels = 0;
  const cancel = bench.broker.cancel.bind(bench.broker);
  bench.broker.cancel = (order) => {
    cancels += 1;
    cancel(order);
  };
  bench.ready();
  const steps: readonly Step[] = [
    { kind: 'stale', parts: ['positions'] },
    { kind: 'bar', share: 1, strategy: 0, isLimit: false },
    { kind: 'pass', ms: 500, isAnswered: true },
    { kind: 'fate', fate: 'refused', what: 'cancel' },
    { kind: 'protect', strategy: 0, stop: 85, limit: 98 },
    { kind: 'fill', qty: 1, fate: 'through' },
  ];
  for (const step of steps) take(bench, step);
  bench.pass(60_000);
  expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
  expect(cancels).toBeGreaterThan(1);
  // Two orders, and an answer every two seconds at most.
  expect(cancels).toBeLessThanOrEqual(2 * 31);
});

it('asks anew with an answer, and not with the refusal, for an entry in the way of what a person lets close', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.say('fill', bench.broker.trade('buy', 15));
  bench.scene.answer({ units: 100, entry: { limit: 99 } });
  bench.pump();
  bench.broker.fate = (what) => (what === 'cancel' ? 'refused' : 'through');
  let cancels = 0;
  const cancel = bench.broker.cancel.bind(bench.broker);
  bench.broker.cancel = (order) => {
    cancels += 1;
    cancel(order);
  };
  bench.scene.command('flatten', { symbol: 'AAA' });
  bench.pass(60_000);
  expect(cancels).toBeGreaterThan(1);
  expect(cancels).toBeLessThanOrEqual(31);
  bench.broker.fate = () => 'through';
  bench.pass(10_000);
  expect([bench.truth, bench.suspense]).toEqual([0, 0]);
});
