// A cancel or change that never reached the broker, and protection that is larger than its position meanwhile.
import { describe, expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

const LONG = { units: 100, protect: { stop: 90, takeProfit: 120 } };
const SHORT = { units: -50, entry: { limit: 101, tif: 'GTC' }, protect: { stop: 110 } } as const;

/** Long 100 with its stop, and a sale of 50 at a limit that turns it round; that is then filled, and what becomes smaller by it does not get there. */
function shrunk(lost: 'replace' | 'cancel', filled: number): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer(LONG);
  bench.pump();
  bench.scene.answer(SHORT);
  bench.pump();
  const entry = [...bench.broker.open.values()].find(({ limitPrice }) => limitPrice === 101);
  bench.broker.fate = (what) => (what === lost ? 'lost' : 'through');
  bench.broker.fill(entry?.clientOrderId ?? '', filled);
  bench.pump();
  bench.broker.fate = () => 'through';
  return bench;
}

/** Units that protection at the broker would still sell. */
function sells(bench: BrokerBench): readonly number[] {
  const protection = [...bench.broker.open.values()].filter(({ limitPrice }) => limitPrice !== 101);
  return protection.filter(({ side }) => side === 'sell').map(({ leavesQty }) => leavesQty);
}

describe('a change of protection that was lost', () => {
  it('is asked for again without a bar: what closes a position never opens one', () => {
    const bench = shrunk('replace', 40);
    expect([bench.truth, ...sells(bench)]).toEqual([60, 100, 100]);
    bench.pass(10_000);
    expect([bench.truth, ...sells(bench)]).toEqual([60, 60, 60]);
  });

  it('is asked for again by the session after the one that lost it', () => {
    const bench = shrunk('replace', 40);
    bench.status('disconnected');
    bench.pass(5_000);
    bench.ready();
    bench.pass(10_000);
    expect([bench.truth, ...sells(bench)]).toEqual([60, 60, 60]);
  });
});

describe('a cancel that was lost', () => {
  it('of protection in the way of an exit is asked for again without a bar, as often as it is lost', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answer(LONG);
    bench.pump();
    bench.broker.fate = (what) => (what === 'cancel' ? 'lost' : 'through');
    bench.scene.answer(0);
    bench.pass(30_000);
    expect([bench.truth, ...sells(bench)]).toEqual([100, 100, 100]);
    bench.broker.fate = () => 'through';
    bench.pass(10_000);
    expect([bench.truth, ...sells(bench)]).toEqual([0]);
  });

  it('of an entry at an old price is asked for again without a bar', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answer({ units: 100, entry: { limit: 95, tif: 'GTC' } });
    bench.pump();
    bench.broker.fate = (what) => (what === 'cancel' ? 'lost' : 'through');
    bench.scene.answer({ units: 100, entry: { limit: 94, tif: 'GTC' } });
    bench.pump();
    bench.broker.fate = () => 'through';
    bench.pass(10_000);
    expect([...bench.broker.open.values()].map(({ limitPrice }) => limitPrice)).toEqual([94]);
  });
});

describe('a change of protection that the broker refuses', () => {
  /** The same, where the broker turns changes down and says so. */
  function refused(isRefusingCancels = () => false): BrokerBench {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answer(LONG);
    bench.pump();
    bench.scene.answer(SHORT);
    bench.pump();
    bench.broker.refusesChanges = true;
    bench.broker.fate = (what) => (what === 'cancel' && isRefusingCancels() ? 'refused' : 'through');
    const entry = [...bench.broker.open.values()].find(({ limitPrice }) => limitPrice === 101);
    bench.broker.fill(entry?.clientOrderId ?? '', 40);
    bench.pump();
    return bench;
  }

  it('leads to a cancel at once where it is larger than the position, and to protection of the right size', () => {
    const bench = refused();
    expect([bench.truth, ...sells(bench)]).toEqual([60, 60, 60]);
    expect(bench.scene.codes()).toContain('PROTECTION_NOT_CHANGED');
  });

  it('and whose cancel it refuses as well is asked for again soon, not after the usual time between two answers', () => {
    let isRefusing = true;
    const bench = refused(() => isRefusing);
    expect([bench.truth, ...sells(bench)]).toEqual([60, 100, 100]);
    isRefusing = false;
    bench.pass(5_000);
    expect([bench.truth, ...sells(bench)]).toEqual([60, 60, 60]);
  });
});

describe('a position that filled while the cancel of its entry was lost', () => {
  /** 40 of 100 are held and bare, one answer has shown that the cancel had no effect, and the next one comes. */
  function filled(meanwhile: (bench: BrokerBench) => void): BrokerBench {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answer({ units: 100, entry: { limit: 99, tif: 'GTC' }, protect: { stop: 90 } });
    bench.pump();
    bench.broker.fate = (what) => (what === 'cancel' ? 'lost' : 'through');
    bench.scene.answer({ units: 100, entry: { limit: 98, tif: 'GTC' }, protect: { stop: 90 } });
    bench.pump();
    const [entry] = bench.broker.open.keys();
    bench.broker.fill(entry ?? '', 40);
    bench.pump();
    const { unmoved } = bench.reconciler.watches[0]!;
    while (unmoved.size === 0) bench.pass(500);
    meanwhile(bench);
    while (unmoved.size > 0) bench.pass(500);
    return bench;
  }

  it('is protected with the answer that proves it', () => {
    const bench = filled(() => {});
    expect([bench.scene.held(), bench.scene.slot.protection.map(({ qty }) => qty)]).toEqual([40, [40]]);
  });

  it('is not where the same answer shows that the broker does not have it', () => {
    const bench = filled(({ broker }) => broker.trade('sell', 40, 'AAA', false));
    expect(bench.reconciler.watches[0]?.doubts.size).toBe(1);
    expect([bench.truth, bench.scene.held(), bench.scene.slot.protection.length]).toEqual([0, 40, 0]);
  });
});

it('a cancel that the broker refuses is asked for again with its next answer, not in a circle', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, entry: { limit: 95, tif: 'GTC' } });
  bench.pump();
  let asked = 0;
  bench.broker.fate = (what) => (what === 'cancel' && ++asked > 0 ? 'refused' : 'through');
  bench.scene.answer(0);
  bench.pump();
  expect(asked).toBe(1);
  bench.pass(61_000);
  expect(asked).toBe(2);
  bench.broker.fate = () => 'through';
  bench.pass(60_000);
  expect(bench.broker.open.size).toBe(0);
});

/** Causes that were told of orders with other terms. */
function changes({ scene }: BrokerBench): readonly (readonly unknown[])[] {
  return scene.notices
    .filter(({ code, details }) => code === 'BROKER_DIFFERS' && String(details['cause']).includes('change'))
    .map(({ level, details }) => [level, details['cause']]);
}

describe('a change that was carried out and of which nobody heard', () => {
  function unheard(): BrokerBench {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answer(LONG);
    bench.pump();
    bench.broker.fate = (what) => (what === 'replace' ? 'unheard' : 'through');
    bench.scene.answer({ units: 100, protect: { stop: 92, takeProfit: 120 } });
    bench.pump();
    bench.broker.fate = () => 'through';
    return bench;
  }

  it('is our own', () => {
    const bench = unheard();
    bench.pass(10_000);
    expect(changes(bench)).toEqual([['info', 'change-arrived']]);
  });

  it('is our own for a process that goes on after a kill as well', () => {
    const before = unheard();
    const bench = new BrokerBench();
    bench.scene.kernel.restore(before.scene.kernel.snapshot());
    bench.scene.now = before.scene.now;
    for (const [id, order] of before.broker.open) bench.broker.open.set(id, order);
    bench.broker.trade('buy', 100);
    bench.broker.executions.splice(0, 1, ...before.broker.executions);
    bench.status('disconnected');
    bench.ready();
    bench.pass(10_000);
    expect(changes(bench)).toEqual([['info', 'change-arrived']]);
    expect([...bench.broker.open.values()].map(({ stopPrice }) => stopPrice)).toContain(92);
  });

  it('is no other than the one that somebody else makes', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.scene.answer(LONG);
    bench.pump();
    const stop = [...bench.broker.open.values()].find(({ stopPrice }) => stopPrice === 90);
    if (stop !== undefined) stop.stopPrice = 80;
    bench.pass(70_000);
    expect(changes(bench)[0]).toEqual(['warning', 'order-changed']);
  });
});
