// A panic closes what is frozen as well; what it closed is still frozen for whoever resumes.
import { expect, it } from '@jest/globals';
import type { BrokerBench } from './broker-bench.fixture.js';
import { HOLD } from '../execution/hold.js';
import { makeBench } from './broker-steps.fixture.js';

/** The first book has 100; somebody bought 25 that nobody told of, which nobody has decided on. */
function frozen(): BrokerBench {
  const bench = makeBench();
  bench.ready();
  bench.bar(1);
  bench.broker.trade('buy', 25, 'AAA', false);
  bench.pass(70_000);
  expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
  return bench;
}

function stops({ broker }: BrokerBench): readonly number[] {
  return [...broker.open.values()].filter(({ orderType }) => orderType === 'stop').map(({ leavesQty }) => leavesQty);
}

/** The same with a stop; where others sold, that covers what the broker has. */
function protectedAnd(side: 'buy' | 'sell', left: number): BrokerBench {
  const bench = makeBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  bench.broker.trade(side, 25, 'AAA', false);
  bench.pass(70_000);
  expect([bench.scene.slot.holds, stops(bench)]).toEqual([HOLD.frozen, [left]]);
  return bench;
}

it('a panic of a book that is taken back leaves the frozen symbol frozen, and protected as it was', () => {
  const bench = protectedAnd('buy', 100);
  bench.broker.liquidity = 0;
  bench.scene.command('panic', { book: 'CORE' });
  bench.pump();
  expect(stops(bench)).toEqual([]);
  bench.scene.command('resume', { book: 'CORE' });
  bench.pass(1_000);
  expect([bench.truth, bench.broker.open.size, stops(bench)]).toEqual([125, 1, [100]]);
  expect(bench.scene.slot.holds).toBe(HOLD.frozen);
  bench.scene.command('ignore', { symbol: 'AAA' });
  bench.pass(1_000);
  expect([bench.truth, bench.broker.open.size, stops(bench)]).toEqual([125, 1, [100]]);
});

it.each([
  ['buy', 100],
  ['sell', 75],
] as const)(
  'who goes on after a stop with cancel-all protects what is frozen as far as the broker has it (%s)',
  (side, left) => {
    const bench = protectedAnd(side, left);
    bench.scene.command('shutdown', { onStop: 'cancel-all' });
    bench.pump();
    bench.status('disconnected');
    expect(stops(bench)).toEqual([]);
    bench.scene.command('shutdown', { onStop: 'over' });
    bench.ready();
    expect([bench.scene.slot.holds, bench.broker.open.size, stops(bench)]).toEqual([HOLD.frozen, 1, [left]]);
    bench.pass(200_000);
    expect([bench.broker.open.size, stops(bench)]).toEqual([1, [left]]);
  },
);

it('a book that was closed by a panic and resumed sends nothing for a symbol on which nobody has decided', () => {
  const bench = frozen();
  bench.scene.command('panic', { book: 'CORE' });
  bench.pass(70_000);
  expect([bench.truth, bench.scene.held()]).toEqual([25, 0]);
  bench.scene.command('resume', { book: 'CORE' });
  bench.bar(1);
  bench.bar(0.5);
  expect([bench.truth, bench.scene.held()]).toEqual([25, 0]);
  bench.scene.command('ignore', { symbol: 'AAA' });
  bench.bar(0.5);
  expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([75, 50, 25]);
});
