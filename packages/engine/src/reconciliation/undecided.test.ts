// What others traded and nobody has decided on: whatever stands in suspense can be decided on, and is not forgotten.
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '@bookrunner/sdk';
import { BrokerBench } from './broker-bench.fixture.js';

/** Warnings and alarms of what is to be decided, told so far: level and quantity. */
function told({ scene }: BrokerBench): readonly string[] {
  return scene.notices
    .filter(({ code, details }) => code === 'SYMBOL_FROZEN' || details['cause'] === 'undecided')
    .map(({ level, message }) => `${level} ${/(-?\d+) (?:in|stand in) the suspense book/u.exec(message)?.[1]}`);
}

/** Books, suspense and broker. */
function sums(bench: BrokerBench): readonly number[] {
  return [bench.scene.held(), bench.suspense, bench.truth];
}

/** A flat strategy, and 30 that somebody sold by hand: told by the broker, so that nothing is frozen. */
function soldByHand(isExclusive = true): BrokerBench {
  const bench = new BrokerBench({ isExclusive });
  bench.ready();
  bench.say('fill', bench.broker.trade('sell', 30));
  bench.pass(10_000);
  expect([...sums(bench), bench.scene.slot.holds]).toEqual([0, -30, -30, 0]);
  return bench;
}

/** A strategy that is short 100, after which somebody buys 250 in fills of 40. */
function boughtByHand(): BrokerBench {
  const bench = soldByHand();
  bench.scene.answers[0] = { share: -1, protect: { stop: 110 } };
  bench.scene.bars();
  bench.pass(5_000);
  for (let left = 250; left > 0; left -= 40) {
    bench.say('fill', bench.broker.trade('buy', Math.min(40, left)));
    bench.pass(100);
  }
  bench.pass(10_000);
  expect(sums(bench)).toEqual([-100, 220, 120]);
  return bench;
}

describe('a position made by hand beside flat books', () => {
  it('freezes nothing, is told with its quantity, and again after hours', () => {
    const bench = soldByHand();
    expect(told(bench)).toEqual(['warning -30']);
    bench.pass(3 * HOUR_MS);
    expect(told(bench)).toHaveLength(1);
    bench.pass(2 * HOUR_MS);
    expect(told(bench)).toEqual(['warning -30', 'warning -30']);
  });

  it('can be closed', () => {
    const bench = soldByHand();
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(sums(bench)).toEqual([0, 0, 0]);
    expect(bench.scene.notices.find(({ code }) => code === 'DIFFERENCE_DECIDED')?.message).toContain('-30 AAA on ACC');
    expect([bench.scene.slot.holds, bench.reconciler.watches[0]?.accounts[0]?.explained.size]).toEqual([0, 0]);
  });

  it('can be given to the strategy', () => {
    const bench = soldByHand();
    bench.scene.command('adopt', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(sums(bench)).toEqual([-30, 0, -30]);
  });

  it('can be left to whom it belongs, and nobody is reminded', () => {
    const bench = soldByHand();
    bench.scene.command('ignore', { symbol: 'AAA' });
    bench.pass(10 * HOUR_MS);
    expect([sums(bench), told(bench)]).toEqual([[0, -30, -30], ['warning -30']]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    expect(bench.scene.notices.at(-1)).toMatchObject({ code: 'COMMAND_REFUSED' });
  });

  it('can be decided on where others trade as well, and nobody is asked to', () => {
    const bench = soldByHand(false);
    bench.pass(10 * HOUR_MS);
    expect(told(bench)).toEqual([]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(sums(bench)).toEqual([0, 0, 0]);
  });

  it('is closed while the strategy goes on, no more than the broker has', () => {
    const bench = soldByHand();
    bench.bar(0.1);
    bench.pass(5_000);
    expect(sums(bench)).toEqual([10, -30, -20]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(sums(bench)).toEqual([10, -10, 0]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    expect(bench.scene.notices.at(-1)?.message).toContain('would close nothing');
  });

  it('stays to be decided where closing it comes to nothing', () => {
    const bench = soldByHand();
    bench.broker.isRejecting = true;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(300_000);
    expect(sums(bench)).toEqual([0, -30, -30]);
    bench.broker.isRejecting = false;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(sums(bench)).toEqual([0, 0, 0]);
  });

  it('is known to a kernel that goes on from a snapshot', () => {
    const bench = soldByHand();
    const next = new BrokerBench();
    next.scene.kernel.restore(bench.scene.kernel.snapshot());
    expect(next.scene.kernel.snapshot()).toEqual(bench.scene.kernel.snapshot());
    expect(next.reconciler.watches[0]?.accounts[0]?.told.size).toBe(1);
  });
});

describe('a position that others turned round', () => {
  it('is told with the quantity that is to be decided', () => {
    const bench = boughtByHand();
    expect(told(bench).at(-1)).toBe('alarm 220');
    expect(bench.reconciler.watches[0]?.accounts[0]?.openOf(0)).toBe(220_000);
    expect([...bench.broker.open.values()]).toEqual([]);
  });

  it('is closed as far as the broker has it, and the rest stays to be decided', () => {
    const bench = boughtByHand();
    bench.scene.command('flatten', { symbol: 'AAA' });
    expect(bench.scene.notices.at(-1)?.message).toContain('220 AAA on ACC');
    expect(bench.scene.notices.at(-1)?.message).toContain('by 120');
    bench.pass(10_000);
    expect(sums(bench)).toEqual([-100, 100, 0]);
    expect(bench.reconciler.watches[0]?.accounts[0]?.openOf(0)).toBe(100_000);
    bench.scene.command('adopt', { symbol: 'AAA' });
    bench.pass(10_000);
    expect([...sums(bench), bench.scene.slot.holds]).toEqual([0, 0, 0, 0]);
  });

  it('is all given to the strategy', () => {
    const bench = boughtByHand();
    bench.scene.command('adopt', { symbol: 'AAA' });
    expect([bench.suspense, bench.scene.held()]).toEqual([0, 120]);
  });

  it('that sums up to nothing is nothing to decide', () => {
    const bench = soldByHand();
    bench.broker.trade('buy', 30, 'AAA', false);
    bench.pass(70_000);
    expect([...sums(bench), bench.scene.slot.holds]).toEqual([0, 0, 0, 0]);
    expect(told(bench)).toEqual(['warning -30']);
  });
});
