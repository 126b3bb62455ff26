// What a person decides while an order of the suspense book is at work: the same quantity is never traded twice.
import { describe, expect, it } from '@jest/globals';
import { reconciliationViews } from '../runtime/reconciliation-views.js';
import { BrokerBench } from './broker-bench.fixture.js';

/** Books, suspense and broker. */
function sums(bench: BrokerBench): readonly number[] {
  return [bench.scene.held(), bench.suspense, bench.truth];
}

/** A strategy that has 100, and 30 that others bought, told by the broker: nothing is frozen. */
function boughtByHand(isExclusive = true): BrokerBench {
  const bench = new BrokerBench({ isExclusive });
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
  it.each(['adopt', 'ignore', 'flatten'] as const)('is refused, and no more is sold than there is (%s)', (name) => {
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

it('flatten after a panic that was resumed sends its order at once, as it does without', () => {
  const bench = new BrokerBench({ isExclusive: true });
  bench.ready();
  bench.scene.command('panic');
  bench.pass(60_000);
  bench.scene.command('resume');
  bench.say('fill', bench.broker.trade('buy', 30));
  bench.pass(1_000);
  bench.scene.command('flatten', { symbol: 'AAA' });
  bench.pump();
  expect([sums(bench), open(bench)]).toEqual([[0, 0, 0], 0]);
  expect(bench.scene.codes()).not.toContain('SYMBOL_FROZEN');
});

describe.each(['adopt', 'ignore'] as const)('%s while what it is about is being closed', (name) => {
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

describe.each([true, false])(
  'what others trade beside a position that a person lets close (exclusive: %s)',
  (isExclusive) => {
    /** Others buy and sell, which holds nothing back. */
    function others(bench: BrokerBench): void {
      const alarms = bench.scene.codes().filter((code) => code === 'SYMBOL_FROZEN').length;
      bench.say('fill', bench.broker.trade('buy', 10));
      bench.say('fill', bench.broker.trade('sell', 5));
      bench.pass(5_000);
      expect(bench.scene.slot.holds).toBe(0);
      expect(bench.scene.codes().filter((code) => code === 'SYMBOL_FROZEN')).toHaveLength(alarms);
    }

    /** Its strategy buys. */
    function goOn(bench: BrokerBench): void {
      bench.broker.liquidity = Number.POSITIVE_INFINITY;
      bench.scene.answer({ units: 120, protect: { stop: 90 } });
      bench.pass(5_000);
      expect(bench.scene.held()).toBe(120);
    }

    it('freezes nothing while it is being closed, in a kernel that goes on from a snapshot as well', () => {
      const bench = boughtByHand(isExclusive);
      bench.scene.command('flatten', { symbol: 'AAA' });
      bench.pass(1_000);
      const next = new BrokerBench({ isExclusive });
      next.scene.kernel.restore(bench.scene.kernel.snapshot());
      expect(next.reconciler.watches[0]?.accounts[0]?.isFrozen(0)).toBe(false);
      others(bench);
      fillAll(bench);
      bench.pass(70_000);
      goOn(bench);
      expect(bench.truth).toBe(120 + bench.suspense);
      expect(bench.reconciler.watches[0]?.accounts[0]?.explained.size).toBe(0);
    });

    it('freezes nothing once closing it has failed', () => {
      const bench = boughtByHand(isExclusive);
      bench.broker.isRejecting = true;
      bench.scene.command('flatten', { symbol: 'AAA' });
      bench.pass(70_000);
      bench.broker.isRejecting = false;
      expect(bench.reconciler.watches[0]?.accounts[0]?.explained.size).toBe(0);
      others(bench);
      goOn(bench);
    });
  },
);
