// A person who says panic often closes by hand as well. On an exclusive account a panic sells no more than the broker has by what it said.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BrokerBench } from './broker-bench.fixture.js';
import { makeBench, runs } from './broker-steps.fixture.js';

/** Two books, in the first 100, in the second as many as wanted, up to 100. */
function held(second = 0): BrokerBench {
  const bench = makeBench();
  bench.ready();
  bench.scene.answers[1] = second / 100;
  bench.bar(1);
  expect(bench.truth).toBe(100 + second);
  return bench;
}

/** Panics while the broker is away; somebody trades by hand there before it is back. Quantities traded since by the engine, signed. */
function panicWhileAway(bench: BrokerBench, byHand: () => void, scope = {}): readonly number[] {
  bench.status('disconnected');
  bench.scene.command('panic', scope);
  bench.pass(5_000);
  byHand();
  const place = bench.broker.executions.length;
  bench.ready();
  bench.pass(100_000);
  return bench.broker.executions.slice(place).map(({ side, qty }) => (side === 'buy' ? qty : -qty));
}

describe('a panic whose positions somebody closed by hand while the broker was away', () => {
  it.each([true, false])('sells nothing, is complete, and leaves nothing frozen (told of: %s)', (isTold) => {
    const bench = held(50);
    expect(panicWhileAway(bench, () => bench.broker.trade('sell', 150, 'AAA', isTold))).toEqual([]);
    expect([bench.truth, bench.scene.held(0), bench.scene.held(1), bench.suspense]).toEqual([0, 0, 0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    bench.scene.command('resume');
    expect(bench.scene.slots.map(({ holds }) => holds)).toEqual(bench.scene.slots.map(() => 0));
    bench.bar(0.5);
    expect([bench.truth, bench.scene.held(0), bench.scene.held(1)]).toEqual([100, 50, 50]);
  });

  it.each([true, false])('sells what is left (told of: %s)', (isTold) => {
    const bench = held();
    expect(panicWhileAway(bench, () => bench.broker.trade('sell', 60, 'AAA', isTold))).toEqual([-40]);
    expect([bench.truth, bench.scene.held(0), bench.suspense]).toEqual([0, 0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it.each([true, false])('buys back only what was sold too much (told of: %s)', (isTold) => {
    const bench = held();
    expect(panicWhileAway(bench, () => bench.broker.trade('sell', 150, 'AAA', isTold))).toEqual([50]);
    expect([bench.truth, bench.scene.held(0), bench.suspense]).toEqual([0, 0, 0]);
  });

  it('takes it as closed for the book it concerns', () => {
    const bench = held(100);
    expect(panicWhileAway(bench, () => bench.broker.trade('sell', 100), { book: 'CORE' })).toEqual([]);
    expect([bench.truth, bench.scene.held(0), bench.scene.held(1), bench.suspense]).toEqual([100, 0, 100, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });
});

it('a panic sells nothing of which the broker said once that it is not there', () => {
  const bench = held();
  bench.broker.trade('sell', 100, 'AAA', false);
  bench.scene.command('reconcile');
  bench.pump();
  expect(bench.reconciler.watches[0]?.doubts.size).toBe(1);
  const place = bench.broker.executions.length;
  bench.scene.command('panic');
  bench.pass(60_000);
  expect(bench.broker.executions.slice(place)).toEqual([]);
  expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([0, 0, 0]);
  expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
});

it('a panic whose exits rest takes them back where somebody closes by hand meanwhile', () => {
  const bench = held();
  bench.broker.liquidity = 0;
  bench.scene.command('panic');
  bench.pump();
  expect(bench.broker.open.size).toBe(1);
  const fill = bench.broker.trade('sell', 100);
  bench.say('fill', fill);
  bench.pass(60_000);
  expect([bench.truth, bench.scene.held(), bench.suspense, bench.broker.open.size]).toEqual([0, 0, 0, 0]);
  expect(bench.broker.executions.at(-1)).toBe(fill);
  expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
});

it.each([
  [130, 0],
  [60, 40],
])('a panic of a book sells what is left, once, where somebody sells %d by hand while its exit rests', (qty, left) => {
  const bench = held();
  bench.broker.liquidity = 0;
  bench.scene.command('panic', { book: 'CORE' });
  bench.pump();
  bench.say('fill', bench.broker.trade('sell', qty));
  bench.pump();
  const working = [...bench.broker.open.values()].map(({ side, leavesQty }) => `${side} ${leavesQty}`);
  expect(working).toEqual(left === 0 ? [] : [`sell ${left}`]);
  expect(bench.broker.received).toHaveLength(left === 0 ? 2 : 3);
  bench.pass(60_000);
  expect([bench.scene.held(0), bench.broker.open.size]).toEqual([left, left === 0 ? 0 : 1]);
});

it('a panic of a book takes back what closes the same by the decision of a person', () => {
  const bench = makeBench();
  bench.ready();
  bench.scene.answers[1] = -0.5;
  bench.bar(1);
  bench.broker.trade('sell', 100, 'AAA', false);
  bench.pass(70_000);
  bench.broker.liquidity = 0;
  bench.scene.command('flatten', { symbol: 'AAA' });
  bench.pump();
  expect([bench.truth, bench.suspense, bench.broker.open.size]).toEqual([-50, -100, 1]);
  bench.scene.command('panic', { book: 'CORE' });
  bench.pass(60_000);
  expect([bench.truth, bench.scene.held(0), bench.scene.held(1), bench.suspense]).toEqual([-50, 0, -50, 0]);
  expect(bench.broker.open.size).toBe(0);
});

it('never trades past nothing, whatever was done by hand before the broker was back', () => {
  const trade = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    qty: fc.integer({ min: 1, max: 150 }),
    isTold: fc.boolean(),
  });
  const share = fc.constantFrom(0, 0.4, 1);
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 4 }), share, share, fc.boolean(), (trades, a, b, isLong) => {
      const bench = makeBench();
      bench.ready();
      const sign = isLong ? 1 : -1;
      bench.scene.answers[1] = sign * b;
      bench.bar(sign * a);
      let truth = 0;
      const traded = panicWhileAway(bench, () => {
        for (const { side, qty, isTold } of trades) bench.broker.trade(side, qty, 'AAA', isTold);
        ({ truth } = bench);
      });
      // Only ever nearer to nothing.
      for (const qty of traded) {
        expect(Math.abs(truth + qty)).toBeLessThan(Math.abs(truth));
        truth += qty;
      }
      expect([bench.truth, bench.scene.held(0), bench.scene.held(1), bench.suspense]).toEqual([0, 0, 0, 0]);
      expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    }),
    runs(300),
  );
});
