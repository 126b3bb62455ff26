import { describe, expect, it } from '@jest/globals';
import { BrokerBench, type BrokerBenchOptions } from './broker-bench.fixture.js';

/** Units that a person has to decide on. */
function frozen(bench: BrokerBench): number {
  return (bench.reconciler.watches[0]?.accounts[0]?.unexplained.get(0) ?? 0) / 1_000;
}

/** Units that protection at the broker covers. */
function covered(bench: BrokerBench): readonly number[] {
  return [...bench.broker.open.values()].map(({ leavesQty }) => leavesQty);
}

/** Long 100 with stop and take-profit at the broker. */
function protectedBench(options: BrokerBenchOptions = {}): BrokerBench {
  const bench = new BrokerBench(options);
  bench.ready();
  bench.scene.answers[0] = { share: 1, protect: { stop: 90, takeProfit: 110 } };
  bench.scene.bars();
  bench.pass(10_000);
  expect([bench.truth, covered(bench)]).toEqual([100, [100, 100]]);
  return bench;
}

describe('a position of a book that somebody closed by hand', () => {
  it.each(['told', 'in a snapshot', 'by no execution'])('freezes its symbol, and leaves no stop (%s)', (how) => {
    const bench = protectedBench();
    const fill = bench.broker.trade('sell', 100, 'AAA', how !== 'by no execution');
    if (how === 'told') bench.say('fill', fill);
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, frozen(bench), bench.truth]).toEqual([100, -100, -100, 0]);
    expect(covered(bench)).toEqual([]);
    expect(bench.scene.notices.filter(({ code }) => code === 'SYMBOL_FROZEN').map(({ level }) => level)).toEqual([
      'alarm',
    ]);
    bench.scene.command('adopt', { symbol: 'AAA' });
    bench.pass(10_000);
    expect([bench.scene.held(), bench.suspense, frozen(bench), bench.truth, covered(bench)]).toEqual([0, 0, 0, 0, []]);
  });

  it('is told at once where the broker tells of the execution', () => {
    const bench = protectedBench();
    bench.say('fill', bench.broker.trade('sell', 100));
    bench.pump();
    expect([frozen(bench), covered(bench)]).toEqual([-100, []]);
    expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
  });

  it.each([true, false])(
    'in part keeps protection for what is left, changed or sent anew where the broker cannot change it (%s)',
    (venueReplaces) => {
      const bench = protectedBench({ venueReplaces });
      bench.say('fill', bench.broker.trade('sell', 60));
      bench.pass(10_000);
      expect([frozen(bench), bench.truth, covered(bench)]).toEqual([-60, 40, [40, 40]]);
      bench.scene.command('adopt', { symbol: 'AAA' });
      bench.pass(10_000);
      expect([bench.scene.held(), frozen(bench), covered(bench)]).toEqual([40, 0, [40, 40]]);
    },
  );

  it("is the book's again where a person says that it is somebody else's", () => {
    const bench = protectedBench();
    bench.say('fill', bench.broker.trade('sell', 100));
    bench.pass(10_000);
    bench.scene.command('ignore', { symbol: 'AAA' });
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, frozen(bench), covered(bench)]).toEqual([100, -100, 0, [100, 100]]);
  });

  it('is frozen no longer where it is bought back, or the sale was none', () => {
    for (const undo of ['bought', 'busted']) {
      const bench = protectedBench();
      const fill = bench.broker.trade('sell', 100);
      bench.say('fill', fill);
      bench.pass(10_000);
      if (undo === 'bought') bench.say('fill', bench.broker.trade('buy', 100));
      else bench.broker.change(bench.broker.executions.indexOf(fill), 'busted');
      bench.pass(70_000);
      expect([undo, bench.scene.held(), bench.suspense, frozen(bench), bench.truth]).toEqual([undo, 100, 0, 0, 100]);
      expect(covered(bench)).toEqual([100, 100]);
    }
  });

  it('stays for a person to decide where the execution is listed late', () => {
    const bench = protectedBench();
    const fill = bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    expect([frozen(bench), covered(bench)]).toEqual([-30, [70, 70]]);
    bench.broker.executions.push(fill);
    bench.pass(130_000);
    expect([bench.suspense, frozen(bench), bench.truth, covered(bench)]).toEqual([-30, -30, 70, [70, 70]]);
    bench.say('fill', bench.broker.trade('sell', 10));
    bench.pass(10_000);
    expect([bench.suspense, frozen(bench), bench.truth, covered(bench)]).toEqual([-40, -40, 60, [60, 60]]);
  });

  it('is not what a strategy has that trades against what others had before', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.trade('sell', 100);
    bench.pass(70_000);
    bench.bar(1);
    bench.pass(70_000);
    expect([bench.scene.held(), bench.suspense, frozen(bench), bench.truth]).toEqual([100, -100, 0, 0]);
    expect(bench.scene.codes()).not.toContain('SYMBOL_FROZEN');
  });

  it('is no matter on a shared account, where others may hold the other side', () => {
    const bench = protectedBench({ isExclusive: false });
    bench.say('fill', bench.broker.trade('sell', 100));
    bench.pass(70_000);
    expect([bench.suspense, frozen(bench), covered(bench)]).toEqual([-100, 0, [100, 100]]);
  });
});
