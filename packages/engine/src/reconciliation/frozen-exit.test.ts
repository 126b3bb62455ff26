// An exit at work when somebody else closes what it would sell.
import { expect, it } from '@jest/globals';
import { HOLD } from '../execution/hold.js';
import { BrokerBench } from './broker-bench.fixture.js';

/** 100 of a strategy, and an exit that the broker has and does not fill yet: its market is not open. */
function leaving(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  bench.broker.liquidity = 0;
  bench.scene.answer(0);
  bench.pump();
  expect(working(bench)).toEqual(['sell market 100']);
  return bench;
}

function working({ broker }: BrokerBench): readonly string[] {
  return [...broker.open.values()].map(({ side, orderType, leavesQty }) => `${side} ${orderType} ${leavesQty}`);
}

it.each([true, false])(
  'is taken back where it would open a position (told: %s), and what is left is protected',
  (isTold) => {
    const bench = leaving();
    bench.broker.trade('sell', 60, 'AAA', isTold);
    bench.pass(70_000);
    expect([bench.truth, bench.suspense, bench.scene.slot.holds]).toEqual([40, -60, HOLD.frozen]);
    expect(working(bench)).toEqual(['sell stop 40']);
  },
);

it('goes on where it sells no more than the broker has', () => {
  const bench = leaving();
  bench.broker.trade('buy', 60, 'AAA', false);
  bench.pass(70_000);
  expect([bench.truth, bench.scene.slot.holds, working(bench)]).toEqual([160, HOLD.frozen, ['sell market 100']]);
});
