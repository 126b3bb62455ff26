// What users of other engines paid for, and what brokers really do: one history each.
import { describe, expect, it } from '@jest/globals';
import { type Fill, MINUTE_MS, moneyToNumber } from '@bookrunner/sdk';
import { START, strategyOf } from '../kernel/kernel.fixture.js';
import { BookedExecutions, MOST_EARLY_FEES } from '../execution/booked-executions.js';
import { BrokerBench } from './broker-bench.fixture.js';
import { makeBench } from './broker-steps.fixture.js';

const DAY_MS = 86_400_000;

/** Units that nobody explains, frozen. */
function frozen(bench: BrokerBench): number {
  return (bench.reconciler.watches[0]?.accounts[0]?.unexplained.get(0) ?? 0) / 1_000;
}

/** A bench whose symbol is frozen with so many units too many. */
function frozenBench(qty: number): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.broker.trade('buy', qty, 'AAA', false);
  bench.pass(70_000);
  expect([bench.suspense, frozen(bench)]).toEqual([qty, qty]);
  return bench;
}

function fillOf(bench: BrokerBench, place = 0): Fill {
  return bench.broker.executions[place] as Fill;
}

describe('executions', () => {
  it('older than any that is remembered are not booked again', () => {
    const bench = new BrokerBench({ reconcile: { everyMs: DAY_MS, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 } });
    bench.ready();
    bench.bar(1);
    bench.pass(40 * DAY_MS);
    expect([bench.scene.held(), bench.suspense, bench.truth]).toEqual([100, 0, 100]);
    expect(bench.scene.codes()).not.toContain('SYMBOL_FROZEN');
  });

  it('that were taken back can be given again, and taken back again', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    const fill = fillOf(bench);
    bench.say('busted', fill);
    expect(bench.scene.held()).toBe(0);
    bench.say('corrected', { ...fill, qty: 90 });
    expect(bench.scene.held()).toBe(90);
    bench.say('corrected', { ...fill, qty: 80 });
    expect(bench.scene.held()).toBe(80);
    bench.say('busted', fill);
    bench.say('busted', fill);
    expect(bench.scene.held()).toBe(0);
  });

  it('that were taken back before anybody told of them are never booked', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(0);
    const fill = bench.broker.trade('buy', 10);
    bench.say('busted', fill);
    bench.broker.trade('sell', 10, 'AAA', false);
    bench.pass(70_000);
    expect([bench.total, bench.truth, frozen(bench)]).toEqual([0, 0, 0]);
  });

  it('whose commission was lost get it from the next snapshot, and only once', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fee = 0;
    bench.bar(1);
    const before = moneyToNumber(bench.scene.book.cash('USD'));
    bench.broker.executions[0] = { ...fillOf(bench), fee: 2.5 };
    bench.broker.cash -= 2.5;
    bench.pass(130_000);
    expect(moneyToNumber(bench.scene.book.cash('USD')) - before).toBe(-2.5);
    bench.say('commission', fillOf(bench));
    bench.pass(130_000);
    expect(moneyToNumber(bench.scene.book.cash('USD')) - before).toBe(-2.5);
    const line = bench.reconciler.reports()[0]?.balances.find(({ kind }) => kind === 'cash');
    expect((line?.books ?? 0) + (line?.suspense ?? 0)).toBeCloseTo(bench.broker.cash, 8);
    expect(bench.reconciler.reports()[0]?.differences).toEqual([]);
  });

  it('whose fee was told before them get it, within a day; after that it is dropped, and said', () => {
    const bench = new BrokerBench();
    bench.ready();
    const told = {
      orderId: '',
      symbol: 'AAA',
      side: 'buy',
      qty: Number.NaN,
      price: Number.NaN,
      ts: 0,
      tag: '',
    } as const;
    const early = { ...told, feeCurrency: 'USD', liquidity: 'unknown' } as const;
    bench.say('commission', { ...early, executionId: 'x1', fee: 3 });
    bench.say('commission', { ...early, executionId: 'stranger-1', fee: 2 });
    bench.say('commission', { ...early, executionId: 'stranger-2', fee: 0.5 });
    const before = moneyToNumber(bench.scene.book.cash('USD'));
    bench.bar(1);
    expect(moneyToNumber(bench.scene.book.cash('USD')) - before).toBe(-10_003);
    const waiting = (): number => bench.scene.kernel.parts.execution.save().earlyFees.length;
    bench.pass(DAY_MS - 120_000);
    expect([waiting(), bench.scene.codes().includes('FEE_DROPPED')]).toEqual([2, false]);
    bench.pass(240_000);
    expect(waiting()).toBe(0);
    const [dropped, ...others] = bench.scene.notices.filter(({ code }) => code === 'FEE_DROPPED');
    expect([others, dropped?.level, dropped?.details]).toEqual([
      [],
      'warning',
      { count: 2, account: 'ACC', executionId: 'stranger-1' },
    ]);
    expect(dropped?.message).toContain('Fees of 2.5 USD');
  });

  it('whose fees wait are no more than so many', () => {
    const executions = new BookedExecutions();
    const fee = { fee: 1, feeCurrency: 'USD', at: 5 };
    for (let i = 0; i < MOST_EARLY_FEES + 3; i += 1) executions.keepFee('ACC', `a|${i}`, fee);
    expect(executions.dropFees(0).map(({ executionId }) => executionId)).toEqual(['a|0', 'a|1', 'a|2']);
    expect(executions.takeFee('ACC', 'a|3')).toEqual(fee);
    expect(executions.dropFees(0)).toEqual([]);
  });

  it('of a venue with several accounts are found by their id where a commission names no account', () => {
    const accounts = ['ACC', 'ACC2'].map((name) => ({ name, isExclusive: true }));
    const bench = new BrokerBench({ brokers: [{ venue: 'broker', accounts, isMarginSettled: false }] });
    bench.broker.spoil = (snapshot) => {
      const { items } = snapshot.accounts;
      const second = items.map((item) => ({ ...item, account: 'ACC2', cash: 0 }));
      return { ...snapshot, accounts: { ...snapshot.accounts, items: [...items, ...second] } };
    };
    bench.ready();
    bench.bar(1);
    const before = moneyToNumber(bench.scene.book.cash('USD'));
    bench.say('commission', { ...fillOf(bench), fee: 3, tag: '' }, '');
    expect(moneyToNumber(bench.scene.book.cash('USD')) - before).toBe(-2);
    bench.say('busted', { ...fillOf(bench), tag: '' }, '');
    expect(bench.scene.held()).toBe(0);
  });
});

describe('what a person lets close', () => {
  it('is closed once, however often it is said while it is under way', () => {
    const bench = frozenBench(25);
    bench.broker.liquidity = 10;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pump();
    expect(bench.truth).toBe(15);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pump();
    const [id] = bench.broker.open.keys();
    bench.broker.fill(id as string, 100);
    bench.pass(70_000);
    expect([bench.truth, bench.suspense, frozen(bench)]).toEqual([0, 0, 0]);
  });

  it('keeps what could not be closed, and is asked for again', () => {
    const bench = frozenBench(25);
    bench.broker.liquidity = 10;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pump();
    const [id] = bench.broker.open.keys();
    bench.broker.end(id as string);
    bench.pump();
    expect([bench.truth, bench.suspense, frozen(bench)]).toEqual([15, 15, 15]);
    expect(bench.scene.codes().filter((code) => code === 'SYMBOL_FROZEN')).toHaveLength(2);
    bench.broker.liquidity = 100;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(70_000);
    expect([bench.truth, bench.suspense, frozen(bench)]).toEqual([0, 0, 0]);
  });

  it('stays frozen where the broker turns it down, and can be adopted then', () => {
    const bench = frozenBench(25);
    bench.broker.isRejecting = true;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(70_000);
    expect([bench.truth, frozen(bench), bench.broker.received.length]).toEqual([25, 25, 1]);
    bench.broker.isRejecting = false;
    bench.scene.command('adopt', { symbol: 'AAA' });
    expect([bench.scene.held(), bench.suspense, frozen(bench)]).toEqual([25, 0, 0]);
    bench.bar(0);
    expect(bench.truth).toBe(0);
  });

  it('is no more than that when others trade meanwhile', () => {
    const bench = frozenBench(25);
    bench.broker.liquidity = 10;
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pump();
    bench.broker.trade('buy', 5);
    bench.pass(5_000);
    expect([bench.truth, bench.suspense]).toEqual([20, 20]);
    const [id] = bench.broker.open.keys();
    bench.broker.fill(id as string, 100);
    bench.pass(70_000);
    expect([bench.truth, bench.suspense, frozen(bench)]).toEqual([5, 5, 0]);
  });

  it('waits for a broker that is away', () => {
    const bench = frozenBench(25);
    bench.status('disconnected');
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.ready();
    bench.pass(10_000);
    expect([bench.truth, bench.suspense, frozen(bench)]).toEqual([0, 0, 0]);
  });

  it('is not closed a second time after a panic has closed it', () => {
    const bench = frozenBench(25);
    bench.scene.command('panic');
    bench.pass(10_000);
    expect([bench.truth, bench.suspense, frozen(bench)]).toEqual([0, 0, 0]);
    bench.scene.command('resume');
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(bench.truth).toBe(0);
  });
});

describe('a panic', () => {
  it('closes what comes to light while it waits for its proof', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.scene.command('panic');
    while (bench.scene.held() !== 0) bench.step();
    bench.broker.trade('buy', 7);
    bench.pass(30_000);
    expect([bench.truth, bench.total]).toEqual([0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('closes what nobody explains and what its own sales came to', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.trade('sell', 30, 'AAA', false);
    bench.scene.command('panic');
    bench.pass(60_000);
    expect([bench.truth, bench.total]).toEqual([0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('closes what an order brings that arrives after it was given up', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'late';
    bench.bar(1);
    bench.pass(10_000);
    bench.broker.fate = () => 'through';
    bench.bar(0.5);
    // It is to come to light only while the panic is under way.
    bench.broker.spoil = () => undefined;
    bench.scene.command('panic');
    bench.pump();
    bench.broker.arriveLate();
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(60_000);
    expect([bench.truth, bench.total]).toEqual([0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('while the broker is away is carried out when it is back, with orders whose outcome was not known', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.scene.answers[0] = { share: -1, entry: { limit: 101 } };
    bench.broker.fate = () => 'unheard';
    bench.scene.bars(100);
    bench.pump();
    bench.status('disconnected');
    bench.broker.fate = () => 'through';
    bench.scene.command('panic');
    bench.pump();
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
    bench.ready();
    bench.pass(30_000);
    expect([bench.truth, bench.total, bench.broker.open.size]).toEqual([0, 0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });
});

describe('an exit that waits for an order which is gone at the broker', () => {
  it('asks for its cancel once a bar, and goes out when the answers show that it is gone', () => {
    const bench = makeBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, entry: { limit: 99, tif: 'GTC' } };
    bench.scene.answers[1] = 1;
    bench.scene.bars(100);
    bench.pump();
    let cancels = 0;
    bench.broker.fate = (what) => {
      if (what === 'cancel' && ++cancels > 20) throw new RangeError('It is cancelled again and again.');
      return 'through';
    };
    const [id] = [...bench.broker.open.keys()];
    bench.broker.end(id as string, 'lost');
    bench.scene.command('panic');
    bench.pass(60_000);
    expect([bench.truth, bench.broker.open.size, cancels < 5]).toEqual([0, 0, true]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });
});

describe('an order that was given up and fills after all', () => {
  it('is brought back to what the strategy wants with its next answer, the same one', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'late';
    bench.bar(1);
    bench.pass(10_000);
    bench.broker.fate = () => 'through';
    bench.bar(0.5);
    expect(bench.truth).toBe(50);
    bench.broker.arriveLate();
    bench.pass(61_000);
    expect([bench.truth, bench.scene.held()]).toEqual([150, 150]);
    bench.bar(0.5);
    expect([bench.truth, bench.scene.held()]).toEqual([50, 50]);
  });
});

describe('while the session was away', () => {
  it('an entry filled: it is protected before any strategy is asked', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, entry: { limit: 99 }, protect: { stop: 90, takeProfit: 120 } };
    bench.scene.bars(100);
    bench.pump();
    const [id] = bench.broker.open.keys();
    bench.status('disconnected');
    bench.broker.fill(id as string, 100, 'lost');
    bench.ready();
    expect([...bench.broker.open.values()].map(({ orderType, qty }) => [orderType, qty])).toEqual([
      ['stop', 100],
      ['limit', 100],
    ]);
  });

  it('one leg of the protection filled and the broker ended the other: nothing is sent again for the same answer', () => {
    const bench = new BrokerBench();
    bench.ready();
    const answer = { share: 1, protect: { stop: 90, takeProfit: 120 } };
    bench.scene.answers[0] = answer;
    bench.scene.bars(100);
    bench.pump();
    const stop = [...bench.broker.open.values()].find(({ orderType }) => orderType === 'stop');
    bench.status('disconnected');
    bench.broker.fill(stop?.clientOrderId as string, 100, 'lost');
    bench.ready();
    bench.scene.bars(100);
    bench.pass(10_000);
    bench.scene.bars(100);
    bench.pump();
    expect([bench.truth, bench.scene.held(), bench.broker.open.size]).toEqual([0, 0, 0]);
    expect([...bench.scene.kernel.parts.desk.live()]).toEqual([]);
    expect(bench.scene.codes()).not.toContain('PROTECTION_ENDED');
  });

  it('an entry filled in part and expired: the rest is not counted as working any more', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, entry: { limit: 99 } };
    bench.scene.bars(100);
    bench.pump();
    const [id] = bench.broker.open.keys();
    bench.status('disconnected');
    bench.broker.fill(id as string, 40, 'lost');
    bench.broker.end(id as string, 'lost');
    bench.scene.now += DAY_MS;
    bench.ready();
    bench.pass(10_000);
    expect([bench.truth, bench.scene.held(), bench.scene.slot.workingScaled]).toEqual([40, 40, 0]);
    bench.bar(0);
    expect([bench.truth, bench.scene.held()]).toEqual([0, 0]);
  });
});

describe('a declared time', () => {
  it('is an answer as good as any after the broker was away', () => {
    const asked: string[] = [];
    const bench = new BrokerBench({
      start: START + DAY_MS - 8 * MINUTE_MS,
      strategies: [
        {
          definition: strategyOf(() => undefined, {
            times: ['close-5m'],
            onTime: (_context, name) => {
              asked.push(name);
              return 1;
            },
          }),
        },
      ],
    });
    bench.ready();
    bench.scene.bars(100);
    bench.status('disconnected');
    bench.ready();
    bench.pass(300_000);
    expect(asked).toEqual(['close-5m']);
    expect(bench.truth).toBe(100);
  });
});

describe('a symbol that is never quiet', () => {
  it('is made so when it could not be compared for long, and compared then', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { units: 500, entry: { limit: 99 } };
    bench.scene.bars(100);
    bench.pump();
    bench.broker.trade('sell', 5, 'AAA', false);
    // Whenever somebody looks, the order has just been filled a bit.
    bench.broker.spoil = (snapshot) => {
      const [id] = bench.broker.open.keys();
      if (id !== undefined) bench.broker.fill(id, 1);
      return snapshot;
    };
    bench.pass(900_000);
    expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
    expect(bench.total).toBe(bench.truth);
  });

  it('is given to a person where it differs each time by something else', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.spoil = (snapshot) => {
      bench.broker.trade('buy', 1, 'AAA', false);
      return snapshot;
    };
    bench.pass(300_000);
    expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
  });
});

describe('a broker that gives no complete answer', () => {
  it('is told of when it begins and when it stays so, not each time', () => {
    const bench = new BrokerBench();
    bench.broker.spoil = () => undefined;
    bench.ready();
    bench.pass(3_600_000);
    const told = bench.scene.codes().filter((code) => code === 'RECONCILE_INCOMPLETE');
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told.length).toBeLessThan(8);
  });
});
