// What a person said belongs to somebody else, and what becomes of it when he closes it himself.
import { describe, expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

/** A book with so many shares of 100, and 30 units of somebody else, traded by hand, that a person has ignored. */
function ignored(share: number, side: 'buy' | 'sell', isExclusive: boolean): BrokerBench {
  const bench = new BrokerBench({ isExclusive });
  bench.ready();
  bench.bar(share);
  bench.broker.trade(side, 30, 'AAA', false);
  bench.pass(70_000);
  bench.scene.command('ignore', { symbol: 'AAA' });
  bench.pump();
  expect([bench.suspense, bench.scene.slot.holds]).toEqual([side === 'buy' ? 30 : -30, 0]);
  return bench;
}

describe('what a person has ignored', () => {
  it.each(['fill', 'snapshot'])('freezes nothing when its owner closes it, as the %s tells', (how) => {
    const bench = ignored(1, 'buy', true);
    const fill = bench.broker.trade('sell', 30);
    if (how === 'fill') bench.say('fill', fill);
    bench.pass(70_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([100, 100, 0]);
    expect(bench.scene.slot.holds).toBe(0);
    expect(bench.scene.codes().filter((code) => code === 'SYMBOL_FROZEN')).toHaveLength(1);
  });

  it('is forgotten when a panic of everything has closed it: what is explained later is thawed', () => {
    const bench = ignored(1, 'buy', true);
    bench.scene.command('panic');
    bench.pass(60_000);
    expect([bench.truth, bench.total]).toEqual([0, 0]);
    bench.scene.command('resume');
    bench.bar(0.5);
    // An exit of 30 that only the broker's position shows for a while.
    bench.broker.fate = () => 'unheard';
    bench.broker.spoil = (snapshot) => ({ ...snapshot, executions: { ...snapshot.executions, items: [] } });
    bench.bar(0.2);
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, bench.scene.slot.holds]).toEqual([50, -30, 4]);
    bench.broker.fate = () => 'through';
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, bench.scene.slot.holds]).toEqual([20, 0, 0]);
  });

  it('is set off by a panic of everything: nothing of it is sold while the broker is short', () => {
    const bench = ignored(-1, 'buy', true);
    const place = bench.broker.executions.length;
    bench.scene.command('panic');
    bench.pass(60_000);
    expect(bench.broker.executions.slice(place).map(({ side, qty }) => [side, qty])).toEqual([['buy', 70]]);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([0, 0, 0]);
    expect(bench.scene.codes()).toEqual(expect.arrayContaining(['PANIC_SET_OFF', 'PANIC_COMPLETE']));
  });

  it('is set off at the price of the market: what it lost is not the loss of a strategy', () => {
    const bench = new BrokerBench({ isExclusive: true });
    bench.ready();
    bench.broker.trade('buy', 30, 'AAA', false);
    bench.pass(70_000);
    bench.scene.command('ignore', { symbol: 'AAA' });
    bench.broker.price = 50;
    bench.broker.fee = 0;
    bench.bar(-1);
    const before = bench.scene.book.equity();
    bench.scene.command('panic');
    bench.pass(60_000);
    const [notice] = bench.scene.notices.filter(({ code }) => code === 'PANIC_SET_OFF');
    expect([bench.truth, bench.total, notice?.details['price']]).toEqual([0, 0, 50]);
    expect(bench.scene.book.equity()).toBeCloseTo(before, 6);
  });

  it('is not taken from the books by a panic once its owner has closed it', () => {
    const bench = ignored(-1, 'sell', false);
    bench.say('fill', bench.broker.trade('buy', 30));
    bench.pass(1_000);
    bench.scene.command('panic');
    bench.pass(60_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([0, 0, 0]);
    expect(bench.scene.codes()).not.toContain('PANIC_SET_OFF');
  });
});
