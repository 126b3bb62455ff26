import { describe, expect, it } from '@jest/globals';
import { toMoney } from '@bookrunner/sdk';
import { BrokerBench } from './broker-bench.fixture.js';

describe('the readiness gate', () => {
  it('asks no strategy and sends nothing before the broker has said what is there', () => {
    const bench = new BrokerBench();
    bench.bar(1);
    bench.bar(1);
    expect(bench.broker.received).toEqual([]);
    bench.status('ready');
    bench.scene.bars();
    expect(bench.broker.received).toEqual([]);
    bench.pump();
    bench.bar(1);
    expect(bench.broker.received).toHaveLength(1);
    expect([bench.scene.held(), bench.truth]).toEqual([100, 100]);
  });

  it('shuts when the session goes, and asks the strategy anew before it sends what it wanted', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.status('disconnected');
    bench.bar(-1);
    bench.ready();
    expect(bench.truth).toBe(100);
    bench.bar(0.5);
    expect([bench.scene.held(), bench.truth]).toEqual([50, 50]);
  });

  it('stays shut on an answer that is not complete, and asks again', () => {
    const bench = new BrokerBench();
    bench.broker.spoil = (snapshot) => ({ ...snapshot, positions: { ...snapshot.positions, complete: false } });
    bench.ready();
    bench.bar(1);
    expect(bench.broker.received).toEqual([]);
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(60_000);
    bench.bar(1);
    expect(bench.truth).toBe(100);
  });
});

describe('orders whose outcome is not known', () => {
  it('are taken as arrived when the broker shows them', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'unheard';
    bench.bar(1);
    // It was filled there, and nobody said so.
    bench.broker.fate = () => 'through';
    bench.pass(10_000);
    expect([bench.scene.held(), bench.truth, bench.suspense]).toEqual([100, 100, 0]);
    expect(bench.broker.received).toHaveLength(1);
  });

  it('are over after two answers that do not show them, and never sent again', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'lost';
    bench.bar(1);
    bench.broker.fate = () => 'through';
    expect(bench.scene.slot.entries).toHaveLength(1);
    bench.pass(10_000);
    expect(bench.scene.slot.entries).toHaveLength(0);
    expect(bench.broker.received).toEqual([]);
    expect(bench.scene.listener.ended.map(({ reason }) => reason)).toEqual(['NEVER_ARRIVED']);
  });

  it('are not over while the call that sends them is open, however many answers do not show them', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'open';
    bench.bar(1);
    bench.broker.fate = () => 'through';
    // Longer than two answers need, shorter than a call may take.
    bench.pass(9_000);
    expect(bench.scene.slot.entries).toHaveLength(1);
    bench.broker.arriveLate();
    bench.pump();
    expect([bench.scene.held(), bench.truth, bench.broker.received.length]).toEqual([100, 100, 1]);
  });

  it('are over where nobody is left whose call could be open', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'open';
    bench.bar(1);
    bench.broker.fate = () => 'through';
    bench.pass(20_000);
    expect(bench.scene.listener.ended.map(({ reason }) => reason)).toEqual(['NEVER_ARRIVED']);
  });

  it('are an alarm where they are accepted after they were given up', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'open';
    bench.scene.answers[0] = { share: 1, entry: { limit: 99 } };
    bench.scene.bars();
    bench.pass(20_000);
    expect(bench.scene.codes()).not.toContain('ORDER_NOT_LIVE');
    bench.broker.arriveLate();
    bench.pump();
    expect(bench.scene.codes()).toContain('ORDER_NOT_LIVE');
  });

  it('leave no position without protection: what never arrived nobody refused, and it goes out anew', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, protect: { stop: 90, takeProfit: 110 } };
    let submits = 0;
    bench.broker.fate = (what) => (what === 'submit' && ++submits === 2 ? 'lost' : 'through');
    bench.scene.bars();
    bench.pass(10_000);
    expect(bench.scene.listener.ended.map(({ reason }) => reason)).toContain('NEVER_ARRIVED');
    expect([bench.truth, bench.broker.open.size, bench.scene.slot.protection.length]).toEqual([100, 2, 2]);
  });

  it('leave no position without protection where it was refused for want of a session', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, protect: { stop: 90, takeProfit: 110 } };
    let submits = 0;
    bench.broker.fate = (what) => (what === 'submit' && ++submits === 2 ? 'refused' : 'through');
    bench.scene.bars();
    bench.pump();
    expect([bench.truth, bench.scene.slot.protection.length]).toEqual([100, 0]);
    bench.status('disconnected');
    bench.ready();
    bench.pass(10_000);
    expect([bench.broker.open.size, bench.scene.slot.protection.length]).toEqual([2, 2]);
  });

  it('are taken up again and cancelled where they arrive after they were given up', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'late';
    bench.scene.answers[0] = { share: 1, entry: { limit: 99 } };
    bench.scene.bars();
    bench.pass(10_000);
    expect(bench.scene.listener.ended.map(({ reason }) => reason)).toEqual(['NEVER_ARRIVED']);
    bench.broker.fate = () => 'through';
    bench.broker.arriveLate();
    expect(bench.broker.open.size).toBe(1);
    bench.pass(61_000);
    expect([bench.broker.open.size, [...bench.scene.kernel.parts.desk.live()].length]).toEqual([0, 0]);
  });

  it('page a person where nobody can tell', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'lost';
    bench.bar(1);
    bench.broker.spoil = () => undefined;
    bench.pass(40_000);
    expect(bench.scene.codes().filter((code) => code === 'ORDER_OUTCOME_UNKNOWN')).toHaveLength(1);
  });

  it('are decided anew where a cancel was lost', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, entry: { limit: 99 } };
    bench.scene.bars();
    bench.pump();
    expect(bench.broker.open.size).toBe(1);
    bench.broker.fate = (what) => (what === 'cancel' ? 'lost' : 'through');
    bench.bar(0);
    bench.broker.fate = () => 'through';
    expect(bench.scene.slot.entries[0]?.status).toBe('pending-cancel');
    bench.pass(20_000);
    bench.bar(0);
    expect([bench.broker.open.size, bench.scene.slot.entries.length]).toEqual([0, 0]);
  });
});

describe('positions', () => {
  it('of executions nobody told of find their book', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, entry: { limit: 99 } };
    bench.scene.bars();
    bench.pump();
    const [id] = bench.broker.open.keys();
    bench.broker.fill(id as string, 40, 'lost');
    bench.pass(61_000);
    expect([bench.scene.held(), bench.suspense]).toEqual([40, 0]);
    expect(bench.reconciler.reports()[0]?.balances).toContainEqual(
      expect.objectContaining({ kind: 'position', books: 40, suspense: 0, broker: 40 }),
    );
  });

  it('that others make go to the suspense book, and freeze nothing', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.trade('buy', 30);
    bench.pass(61_000);
    expect([bench.scene.held(), bench.suspense, bench.truth]).toEqual([0, 30, 30]);
    bench.bar(1);
    expect([bench.scene.held(), bench.truth]).toEqual([100, 130]);
  });

  it('that nothing explains freeze the symbol until a person decides', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(61_000);
    bench.pass(5_000);
    expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
    expect([bench.scene.held(), bench.suspense]).toEqual([100, -30]);
    const sent = bench.broker.received.length;
    bench.bar(0);
    expect(bench.broker.received).toHaveLength(sent);
    bench.scene.command('adopt', { symbol: 'AAA' });
    bench.pump();
    expect([bench.scene.held(), bench.suspense]).toEqual([70, 0]);
    bench.bar(0.2);
    expect([bench.scene.held(), bench.truth]).toEqual([20, 20]);
  });

  it('are closed by a person, and by no more than nobody explains', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.trade('buy', 25, 'AAA', false);
    bench.pass(70_000);
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pump();
    bench.pass(61_000);
    expect([bench.scene.held(), bench.suspense, bench.truth]).toEqual([100, 0, 100]);
    bench.bar(0.5);
    expect(bench.truth).toBe(50);
  });

  it('stay in the suspense book where a person ignores them', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.trade('buy', 25, 'AAA', false);
    bench.pass(70_000);
    bench.scene.command('ignore', { symbol: 'AAA' });
    bench.pass(70_000);
    bench.bar(1);
    expect([bench.scene.held(), bench.suspense, bench.truth]).toEqual([100, 25, 125]);
    expect(bench.scene.codes().filter((code) => code === 'SYMBOL_FROZEN')).toHaveLength(1);
  });

  it('are explained by what comes late', () => {
    const bench = new BrokerBench();
    bench.ready();
    const fill = bench.broker.trade('buy', 25, 'AAA', false);
    bench.pass(70_000);
    expect(bench.suspense).toBe(25);
    bench.broker.executions.push(fill);
    bench.pass(70_000);
    expect([bench.suspense, bench.truth]).toEqual([25, 25]);
    bench.bar(1);
    expect(bench.truth).toBe(125);
  });
});

describe('executions', () => {
  it('are booked once, whoever tells of them and how often', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    for (let n = 0; n < 3; n++) bench.pass(61_000);
    expect([bench.scene.held(), bench.suspense]).toEqual([100, 0]);
    expect(bench.reconciler.reports()[0]?.differences).toEqual([]);
  });

  it('have the fee that the broker says, where its commission was lost', () => {
    const bench = new BrokerBench();
    bench.broker.fee = 0;
    bench.ready();
    bench.bar(1);
    const suspense = bench.reconciler.watches[0]?.accounts[0];
    const before = [bench.scene.book.cash('USD'), suspense?.cash('USD')];
    const [execution] = bench.broker.executions;
    bench.broker.executions[0] = { ...(execution as NonNullable<typeof execution>), fee: 1 };
    bench.broker.cash -= 1;
    for (let n = 0; n < 2; n++) bench.pass(61_000);
    expect([bench.scene.book.cash('USD') + toMoney(1), suspense?.cash('USD')]).toEqual(before);
  });

  it('are reversed when busted, and replaced when corrected', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    const [execution] = bench.broker.executions;
    const say = (change: 'corrected' | 'busted', fields: object): void =>
      bench.scene.driver.event({
        ...{ kind: 'execution', at: bench.scene.now, venue: 'broker', change, account: 'ACC' },
        execution: { ...(execution as NonNullable<typeof execution>), ...fields },
      });
    const cash = bench.scene.book.cash('USD');
    say('corrected', { price: 99 });
    say('corrected', { price: 99 });
    expect(bench.scene.book.cash('USD') - cash).toBe(toMoney(100));
    expect(bench.scene.held()).toBe(100);
    say('busted', {});
    say('busted', {});
    expect(bench.scene.held()).toBe(0);
  });
});

describe('orders that are gone at the broker', () => {
  it('are over although their cancel is refused with every bar', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answers[0] = { share: 1, entry: { limit: 99, tif: 'GTC' } };
    bench.scene.bars();
    bench.pump();
    bench.broker.open.clear();
    // The market goes on meanwhile, and its bars are shorter than the time between two answers.
    bench.scene.answers[0] = 0;
    bench.reconciler.askAll(bench.scene.now);
    for (let n = 0; n < 40; n++) {
      bench.pass(250);
      for (const order of bench.scene.slot.entries) bench.scene.kernel.parts.desk.cancel(order);
      bench.scene.driver.carryOut(bench.scene.now);
    }
    expect(bench.scene.listener.ended.map(({ reason }) => reason)).toEqual(['GONE_AT_VENUE']);
  });
});

describe('cash', () => {
  it('that moved without a trade is in the suspense book, and the sum is the broker’s', () => {
    const bench = new BrokerBench({ cash: 1_250_000 });
    bench.ready();
    bench.bar(1);
    bench.broker.cash += 500;
    bench.pass(61_000);
    const line = bench.reconciler.reports()[0]?.balances.find(({ kind }) => kind === 'cash');
    expect(line?.broker).toBe(bench.broker.cash);
    expect((line?.books ?? 0) + (line?.suspense ?? 0)).toBeCloseTo(bench.broker.cash, 8);
    expect(line?.suspense).toBe(250_500);
  });
});

it('a fee of an execution from before our time, told before its answer, is not lost a day later', () => {
  const bench = new BrokerBench();
  const execution = bench.broker.trade('buy', 5);
  bench.status('ready');
  bench.say('commission', { ...execution, fee: 2 });
  bench.pump();
  bench.pass(25 * 3_600_000);
  expect(bench.scene.codes()).not.toContain('FEE_DROPPED');
});

describe('a panic', () => {
  it('sets off what nobody explains before it sells, so that nothing is sold twice', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    bench.scene.command('panic');
    bench.pass(10_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([0, 0, 0]);
  });

  it('is complete when a snapshot asked for afterwards shows it, and not when the fills say so', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.scene.command('panic');
    while (bench.scene.held() !== 0) bench.step();
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
    bench.pump();
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    expect(bench.truth).toBe(0);
  });

  it('asks one question at a time, however much is said meanwhile', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.scene.command('panic');
    while (bench.scene.held() !== 0) bench.step();
    const [execution] = bench.broker.executions;
    const { query } = bench.reconciler.watches[0] as (typeof bench.reconciler.watches)[number];
    for (let fee = 1; fee <= 20; fee++) bench.say('commission', { ...execution!, fee });
    expect(bench.reconciler.watches[0]?.query).toBe(query);
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
    bench.pump();
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('says so where its broker is away', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.status('disconnected');
    bench.scene.command('panic');
    bench.pass(9_000);
    expect(bench.scene.codes()).not.toContain('PANIC_PENDING');
    bench.pass(1_000);
    const told = bench.scene.notices.find(({ code }) => code === 'PANIC_PENDING');
    expect(told?.message).toContain('100 held, its broker is away or has not said what is there');
  });

  it('waits, and says so, while the broker shows something on an exclusive account', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.foreign.set('ZZZ', 5);
    bench.scene.command('panic');
    bench.pass(30_000);
    expect(bench.scene.codes()).toContain('PANIC_PENDING');
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
    bench.broker.foreign.delete('ZZZ');
    bench.pass(5_000);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('closes what comes to light after it was complete, until a person resumes', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = () => 'late';
    bench.bar(1);
    bench.pass(10_000);
    bench.broker.fate = () => 'through';
    bench.scene.command('panic');
    bench.pass(10_000);
    expect(bench.scene.codes().filter((code) => code === 'PANIC_COMPLETE')).toHaveLength(1);
    // An order that was given up arrives after all, and fills.
    bench.broker.arriveLate();
    expect(bench.truth).toBe(100);
    bench.pass(70_000);
    expect([bench.truth, bench.scene.held()]).toEqual([0, 0]);
    expect(bench.scene.codes().filter((code) => code === 'PANIC_COMPLETE')).toHaveLength(2);
  });

  it('cancels what others have open on an exclusive account', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    const terms = {
      symbol: 'AAA',
      account: 'ACC',
      tag: '',
      side: 'buy',
      orderType: 'limit',
      qty: 5,
      leavesQty: 5,
    } as const;
    const order = {
      ...terms,
      limitPrice: 90,
      stopPrice: Number.NaN,
      clientOrderId: '',
      venueOrderId: 'b-77',
      ocoGroup: '',
    };
    bench.broker.open.set('by hand', order);
    bench.scene.command('panic');
    bench.pass(10_000);
    expect([...bench.broker.open.keys()]).toEqual([]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('closes what others hold on an exclusive account, and leaves it on a shared one', () => {
    for (const isExclusive of [true, false]) {
      const bench = new BrokerBench({ isExclusive });
      bench.ready();
      bench.bar(1);
      bench.broker.trade('buy', 30);
      bench.pass(61_000);
      bench.scene.command('panic');
      bench.pass(5_000);
      expect(bench.truth).toBe(isExclusive ? 0 : 30);
      expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    }
  });
});
