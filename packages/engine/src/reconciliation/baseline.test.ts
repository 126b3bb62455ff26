import { describe, expect, it } from '@jest/globals';
import type { Fill, Side } from '@bookrunner/sdk';
import { moneyToNumber } from '@bookrunner/sdk';
import { BrokerBench } from './broker-bench.fixture.js';

/** Units that a person has to decide on. */
function frozen(bench: BrokerBench): number {
  return (bench.reconciler.watches[0]?.accounts[0]?.unexplained.get(0) ?? 0) / 1_000;
}

/** An execution of another engine, whose books and strategies are called as those here. */
function byAnotherEngine(bench: BrokerBench, side: Side, qty: number, tag: string): Fill {
  const fill = bench.broker.trade(side, qty);
  const { executions } = bench.broker;
  const place = executions.indexOf(fill);
  executions[place] = { ...fill, orderId: `zz00aa110000000${place}`, tag };
  return executions[place] as Fill;
}

/** The tag that orders of the first strategy have. */
function tagOf(bench: BrokerBench): string {
  return `${bench.scene.slot.strategy}|${bench.scene.slot.book}|20260105`;
}

describe('the first answer of a run that has no history with its broker', () => {
  it('books no execution of before: what is there is the baseline', () => {
    const bench = new BrokerBench();
    const cash = moneyToNumber(bench.scene.book.cash('USD'));
    byAnotherEngine(bench, 'buy', 40, tagOf(bench));
    byAnotherEngine(bench, 'sell', 40, tagOf(bench));
    bench.ready();
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, frozen(bench), bench.truth]).toEqual([0, 0, 0, 0]);
    expect(moneyToNumber(bench.scene.book.cash('USD'))).toBe(cash);
    expect(bench.scene.codes()).not.toContain('SYMBOL_FROZEN');
  });

  it('asks for what the broker has, and not for what executions of before add up to', () => {
    const bench = new BrokerBench();
    bench.broker.trade('buy', 77);
    byAnotherEngine(bench, 'sell', 50, 'SUSPENSE|SUSPENSE:ACC|0');
    bench.ready();
    bench.pass(10_000);
    expect([bench.suspense, frozen(bench), bench.truth]).toEqual([27, 27, 27]);
    const line = bench.reconciler.reports()[0]?.balances.find(({ kind }) => kind === 'position');
    expect(line).toMatchObject({ books: 0, suspense: 27, broker: 27 });
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(70_000);
    expect([bench.suspense, frozen(bench), bench.truth]).toEqual([0, 0, 0]);
  });

  it('asks for nothing where what was opened by hand was closed by an engine that is no more', () => {
    const bench = new BrokerBench();
    bench.broker.trade('buy', 77);
    byAnotherEngine(bench, 'sell', 77, 'SUSPENSE|SUSPENSE:ACC|0');
    bench.ready();
    bench.pass(70_000);
    expect([bench.suspense, frozen(bench), bench.truth]).toEqual([0, 0, 0]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect([bench.truth, bench.broker.received]).toEqual([0, []]);
  });
});

describe('executions of another engine', () => {
  it('go to the suspense book, whatever their tag says', () => {
    const bench = new BrokerBench();
    bench.ready();
    const told = byAnotherEngine(bench, 'buy', 40, tagOf(bench));
    bench.say('fill', told);
    byAnotherEngine(bench, 'buy', 2, tagOf(bench));
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, frozen(bench), bench.truth]).toEqual([0, 42, 0, 42]);
    bench.bar(1);
    expect([bench.scene.held(), bench.truth]).toEqual([100, 142]);
  });
});

describe('flatten', () => {
  it('is refused where it would open a position', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.trade('sell', 100, 'AAA', false);
    bench.pass(70_000);
    expect([frozen(bench), bench.truth]).toEqual([-100, 0]);
    const { length } = bench.broker.received;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect([bench.truth, bench.broker.received.length, frozen(bench)]).toEqual([0, length, -100]);
    const refused = bench.scene.notices.find(({ message }) => message.includes('would close nothing there'));
    expect(refused?.message).toContain('the broker has 0 AAA on ACC');
  });

  it('closes no more than the broker has, and says what stays', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(-0.2);
    bench.broker.trade('buy', 50, 'AAA', false);
    bench.pass(70_000);
    expect([bench.scene.held(), frozen(bench), bench.truth]).toEqual([-20, 50, 30]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(70_000);
    expect([bench.scene.held(), frozen(bench), bench.truth]).toEqual([-20, 20, 0]);
    bench.scene.command('adopt', { symbol: 'AAA' });
    bench.pass(10_000);
    expect([bench.scene.held(), frozen(bench), bench.truth]).toEqual([0, 0, 0]);
  });
});
