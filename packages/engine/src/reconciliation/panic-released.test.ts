// A panic that is taken back before it is complete: nothing more of it is done, and what is left is in a person's hands.
import { describe, expect, it } from '@jest/globals';
import type { VenueOpenOrder } from '@bookrunner/sdk';
import { BrokerBench } from './broker-bench.fixture.js';

const BY_HAND: VenueOpenOrder & { readonly ocoGroup: string } = {
  ...{ symbol: 'AAA', account: 'ACC', tag: '', side: 'sell', orderType: 'limit', qty: 5, leavesQty: 5 },
  ...{ limitPrice: 190, stopPrice: Number.NaN, clientOrderId: '', venueOrderId: 'b-77', ocoGroup: '' },
};

/** 100 of a strategy with a stop. */
function held(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  expect([bench.truth, stops(bench)]).toEqual([100, [100]]);
  return bench;
}

/** The same, 30 that no book explains, and an order that somebody has put there by hand. */
function withOthers(): BrokerBench {
  const bench = held();
  bench.broker.trade('buy', 30, 'AAA', false);
  bench.broker.open.set('by hand', BY_HAND);
  bench.pass(70_000);
  expect([bench.truth, bench.suspense]).toEqual([130, 30]);
  return bench;
}

function stops({ broker }: BrokerBench): readonly number[] {
  return [...broker.open.values()].filter(({ orderType }) => orderType === 'stop').map(({ leavesQty }) => leavesQty);
}

describe('a panic that is taken back', () => {
  it('while its broker is away closes nothing when that is back: positions, protection, suspense, what others ordered', () => {
    const bench = withOthers();
    bench.status('disconnected');
    bench.scene.command('panic');
    bench.pass(20_000);
    bench.scene.command('resume');
    bench.ready();
    bench.pass(200_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([130, 100, 30]);
    expect([stops(bench), bench.broker.open.has('by hand')]).toEqual([[100], true]);
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
  });

  it('leaves what no book explains to a person, who can still decide on it', () => {
    const bench = withOthers();
    bench.status('disconnected');
    bench.scene.command('panic');
    bench.scene.command('resume');
    bench.ready();
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([100, 100, 0]);
    expect(bench.scene.codes()).not.toContain('COMMAND_REFUSED');
  });

  it('while it waits for its proof leaves what others ordered', () => {
    const bench = held();
    bench.broker.open.set('by hand', BY_HAND);
    bench.scene.command('panic');
    while (bench.scene.held() !== 0) bench.step();
    bench.scene.command('resume');
    bench.pass(200_000);
    expect([bench.truth, bench.broker.open.has('by hand')]).toEqual([0, true]);
  });

  it('while its exit works takes that back, and protects what is left', () => {
    const bench = held();
    bench.broker.liquidity = 40;
    bench.scene.command('panic');
    bench.pump();
    const left = bench.truth;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(100);
    bench.scene.command('resume');
    bench.pass(200_000);
    expect([bench.truth, bench.scene.held()]).toEqual([left, left]);
    expect([bench.broker.open.size, stops(bench)]).toEqual([1, [left]]);
    // Its strategy is asked as ever.
    bench.broker.liquidity = 1_000;
    bench.scene.answer({ units: 100, protect: { stop: 80 } });
    bench.pass(10_000);
    expect([bench.truth, stops(bench)]).toEqual([100, [100]]);
  });

  it('before its exits fill leaves what it took over unexplained to decide on, and what is held protected', () => {
    const bench = withOthers();
    bench.broker.liquidity = 0;
    bench.scene.command('panic');
    bench.pump();
    bench.scene.command('resume');
    bench.pass(10_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([130, 100, 30]);
    expect([bench.broker.open.size, stops(bench)]).toEqual([2, [100]]);
    expect(bench.scene.slot.holds).toBe(0);
  });

  it('only for a strategy goes on as it is: nothing of it is taken back', () => {
    const bench = withOthers();
    bench.broker.liquidity = 10;
    bench.scene.command('panic');
    bench.pump();
    bench.scene.command('resume', { name: 's0' });
    const { slots } = bench.scene;
    expect(slots.flatMap(({ entries }) => entries.map(({ status }) => status))).toEqual(['working', 'working']);
    expect(slots.map(({ isExitHeld, holds }) => [isExitHeld, holds])).toEqual(slots.map(() => [false, 0]));
  });

  it('when it is complete leaves no protection for what is opened next', () => {
    const bench = held();
    bench.scene.command('panic');
    bench.pass(10_000);
    bench.scene.command('resume');
    bench.scene.answer({ units: 50 });
    bench.pass(10_000);
    expect([bench.truth, bench.broker.open.size]).toEqual([50, 0]);
  });

  it.each(['before its orders fill', 'when it is complete'])(
    'leaves nothing frozen of what came to light meanwhile and it has closed (%s)',
    (when) => {
      const bench = held();
      bench.broker.liquidity = 7;
      bench.say('fill', bench.broker.trade('buy', 30));
      bench.scene.command('panic');
      bench.pump();
      bench.broker.trade('buy', 50, 'AAA', false);
      bench.pass(10_000);
      const isEarly = when === 'before its orders fill';
      if (isEarly) bench.scene.command('resume');
      bench.broker.liquidity = 1_000;
      for (const id of [...bench.broker.open.keys()]) bench.broker.fill(id, 1_000);
      bench.pass(60_000);
      if (!isEarly) bench.scene.command('resume');
      bench.scene.answer({ units: 50, protect: { stop: 80 } });
      bench.pass(10_000);
      expect([bench.truth, bench.scene.held(), bench.suspense, bench.scene.slot.holds]).toEqual([50, 50, 0, 0]);
    },
  );
});
