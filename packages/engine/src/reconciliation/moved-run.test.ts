// A run at a broker that is moved to another kernel by a snapshot decides as if it had not been, whatever a person said and the broker did.
import { expect, it } from '@jest/globals';
import type { SignalAnswer, StrategyDefinition } from '@bookrunner/sdk';
import fc from 'fast-check';
import { replay } from '../kernel/journal.fixture.js';
import { strategyOf } from '../kernel/kernel.fixture.js';
import type { BrokerBench } from './broker-bench.fixture.js';
import { makeBench, rough, runs, type Step } from './broker-steps.fixture.js';
import { act as actOn, calm, hit, mood, type Move, outage, said as command, traded } from './decision-moves.fixture.js';

const protect = { stop: 90, takeProfit: 120 };
/** The close of a bar says which of these is answered to it, so that a replay hears the same. */
const ANSWERS: readonly SignalAnswer[] = [
  undefined,
  0,
  { share: 1, protect },
  { share: 0.5, protect: { stop: 92 } },
  { share: 1, entry: { limit: 99 }, protect },
  { share: -1, entry: { limit: 101 }, protect: { stop: 110 } },
  -0.4,
];
/** Strategies answer differently to the same bar. */
const definitions = [0, 3].map((offset) =>
  strategyOf(({ bar }) => ANSWERS[((bar.close - 100) * 4 + offset) % ANSWERS.length]),
);

type Price = { readonly kind: 'price'; readonly place: number };
const isNoBar = ({ kind }: Step): boolean => kind !== 'bar' && kind !== 'protect';
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('price' as const), place: fc.nat(ANSWERS.length - 1) }) },
    { weight: 2, arbitrary: command },
    { weight: 2, arbitrary: traded },
    { weight: 1, arbitrary: hit },
    { weight: 1, arbitrary: mood },
    { weight: 1, arbitrary: outage },
    { weight: 2, arbitrary: calm },
    { weight: 5, arbitrary: rough.filter(isNoBar) },
  ),
  { minLength: 5, maxLength: 35 },
);

function act(bench: BrokerBench, step: Step | Move | Price): void {
  if (step.kind === 'price') bench.scene.bars(100 + step.place / 4);
  else actOn(bench, step);
}

it('a snapshot moves a run at a broker to another kernel at any event, unnoticed', () => {
  let orders = 0;
  fc.assert(
    fc.property(steps, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (said, isExclusive, where) => {
      const books = ['CORE', 'OTHER'].map((name) => ({ name, venue: 'broker' }));
      const strategies = ['one', 'two'].map((name, book) => ({
        name,
        book,
        definition: definitions[book] as StrategyDefinition,
      }));
      const bench = makeBench({ isExclusive, strategies, books });
      bench.ready();
      for (const one of said) act(bench, one);
      bench.pass(20_000);
      const { scene } = bench;
      orders += bench.broker.received.length;
      const whole = replay(scene.fresh(), scene.journal);
      expect(whole.hash).toBe(scene.kernel.hash());
      const moved = replay(scene.fresh(), scene.journal, Math.floor(where * (scene.journal.length - 1)));
      expect(moved.outbox).toEqual(whole.outbox);
      expect(moved.state).toEqual(whole.state);
    }),
    runs(200),
  );
  expect(orders).toBeGreaterThan(100);
});
