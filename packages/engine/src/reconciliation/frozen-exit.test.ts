// An exit at work when somebody else closes what it would sell.
import { expect, it } from '@jest/globals';
import { HOLD } from '../execution/hold.js';
import { BrokerBench, type BrokerBenchOptions } from './broker-bench.fixture.js';

/** 100 of a strategy, and exits that the broker has and does not fill yet, to each of these quantities: its market is not open. */
function leaving(wanted: readonly number[] = [0], options: BrokerBenchOptions = {}): BrokerBench {
  const bench = new BrokerBench(options);
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  bench.broker.liquidity = 0;
  for (const units of wanted) {
    bench.scene.answer(units === 0 ? 0 : { units, protect: { stop: 90 } });
    bench.pump();
  }
  return bench;
}

function working({ broker }: BrokerBench): readonly string[] {
  return [...broker.open.values()].map(({ side, orderType, leavesQty }) => `${side} ${orderType} ${leavesQty}`);
}

it.each([true, false])(
  'is taken back where it would open a position (told: %s), and what is left is protected',
  (isTold) => {
    const bench = leaving();
    expect(working(bench)).toEqual(['sell market 100']);
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

it.each([true, false])(
  'two of them, or one and a stop, sell together no more than the broker has (venue replaces: %s)',
  (venueReplaces) => {
    const two = leaving([40, 0], { venueReplaces });
    expect(working(two)).toEqual(['sell market 60', 'sell market 40']);
    const one = leaving([40], { venueReplaces });
    expect(working(one)).toEqual(['sell market 60', 'sell stop 40']);
    for (const bench of [two, one]) {
      bench.broker.trade('sell', 30, 'AAA', false);
      bench.pass(70_000);
      expect([bench.truth, working(bench)]).toEqual([70, ['sell market 60', 'sell stop 10']]);
    }
  },
);

it('is sent again once somebody has decided, for what is left', () => {
  const bench = leaving();
  bench.broker.trade('sell', 60, 'AAA', false);
  bench.pass(70_000);
  bench.scene.command('adopt', { symbol: 'AAA' });
  bench.pump();
  bench.scene.bars();
  bench.pass(5_000);
  expect(working(bench)).toEqual(['sell market 40']);
});
