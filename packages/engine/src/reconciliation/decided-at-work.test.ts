// What a person decides while an order of the suspense book is at work: the same quantity is never traded twice.
import { describe, expect, it } from '@jest/globals';
import { reconciliationViews } from '../runtime/reconciliation-views.js';
import { BrokerBench } from './broker-bench.fixture.js';

/** Books, suspense and broker. */
function sums(bench: BrokerBench): readonly number[] {
  return [bench.scene.held(), bench.suspense, bench.truth];
}

/** A strategy that has 100, and 30 that others bought, told by the broker: nothing is frozen. */
function boughtByHand(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  bench.say('fill', bench.broker.trade('buy', 30));
  bench.pass(10_000);
  expect([...sums(bench), bench.scene.slot.holds]).toEqual([100, 30, 130, 0]);
  // Market orders find nobody, and stay at work.
  bench.broker.liquidity = 0;
  return bench;
}

/** What a person can still decide on. */
function open({ reconciler }: BrokerBench): number {
  return reconciler.watches[0]?.accounts[0]?.openOf(0) ?? Number.NaN;
}

/** Somebody takes all that market orders at work offer. */
function fillAll({ broker }: BrokerBench): void {
  for (const { clientOrderId, orderType, leavesQty } of [...broker.open.values()]) {
    if (orderType === 'market') broker.fill(clientOrderId, leavesQty);
  }
}

describe('a decision while a panic closes what no book explains', () => {
  it.each(['adopt', 'ignore', 'flatten'])('is refused, and no more is sold than there is (%s)', (name) => {
    const bench = boughtByHand();
    bench.scene.command('panic');
    bench.pass(1_000);
    expect(reconciliationViews(bench.scene.kernel, [])[0]).toMatchObject({ frozen: [], undecided: [] });
    bench.scene.command(name, { symbol: 'AAA' });
    expect(bench.scene.notices.at(-1)).toMatchObject({ code: 'COMMAND_REFUSED' });
    expect(bench.scene.notices.at(-1)?.message).toContain('a panic closes');
    bench.pass(1_000);
    fillAll(bench);
    bench.pass(10_000);
    expect([sums(bench), open(bench)]).toEqual([[0, 0, 0], 0]);
  });
});

describe.each(['adopt', 'ignore'])('%s while what it is about is being closed', (name) => {
  function closing(isFrozen: boolean): BrokerBench {
    const bench = boughtByHand();
    if (isFrozen) bench.broker.trade('buy', 5, 'AAA', false);
    bench.pass(70_000);
    expect(bench.reconciler.watches[0]?.accounts[0]?.explained.has(0)).toBe(isFrozen);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(1_000);
    bench.scene.command(name, { symbol: 'AAA' });
    expect(bench.scene.notices.at(-1)?.message).toContain('is being cancelled: say it again');
    return bench;
  }

  it.each([true, false])('leaves nothing to decide where the order fills first (frozen: %s)', (isFrozen) => {
    const bench = closing(isFrozen);
    fillAll(bench);
    bench.pass(70_000);
    expect([sums(bench), open(bench), bench.scene.slot.holds]).toEqual([[100, 0, 100], 0, 0]);
    expect(bench.reconciler.watches[0]?.accounts[0]?.explained.size).toBe(0);
  });

  it.each([true, false])('is done when it is said again, for what is left (frozen: %s)', (isFrozen) => {
    const bench = closing(isFrozen);
    const [order] = [...bench.broker.open.values()].filter(({ orderType }) => orderType === 'market');
    bench.broker.fill(order?.clientOrderId ?? '', 10);
    bench.pass(70_000);
    const left = isFrozen ? 25 : 20;
    expect([sums(bench), open(bench)]).toEqual([[100, left, 100 + left], left * 1_000]);
    expect(bench.scene.slot.holds !== 0).toBe(isFrozen);
    bench.scene.command(name, { symbol: 'AAA' });
    bench.pass(70_000);
    const isAdopted = name === 'adopt';
    expect([sums(bench), open(bench)]).toEqual([isAdopted ? [100 + left, 0, 100 + left] : [100, left, 100 + left], 0]);
  });

  it('may be closed again after all', () => {
    const bench = closing(false);
    bench.pass(5_000);
    bench.broker.liquidity = Number.POSITIVE_INFINITY;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(5_000);
    expect(sums(bench)).toEqual([100, 0, 100]);
  });
});
