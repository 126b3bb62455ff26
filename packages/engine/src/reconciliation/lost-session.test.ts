// Stops of a session that the journal does not have: what is held stays protected, and what closes a position never opens one.
import { describe, expect, it } from '@jest/globals';
import type { BrokerBench } from './broker-bench.fixture.js';
import { bought, left, restored } from './lost-session.fixture.js';

const open = (bench: BrokerBench): readonly (readonly [number, number])[] =>
  [...bench.broker.open.values()].map(({ leavesQty, stopPrice }) => [leavesQty, stopPrice] as const);
const causes = (bench: BrokerBench): readonly unknown[] =>
  bench.scene.notices.flatMap(({ details }) => details['cause'] ?? []);

describe('a stop of a session that the journal does not have', () => {
  it('goes on protecting the position that session opened, until the strategy answers otherwise', () => {
    const bench = restored();
    bought(bench, 100);
    left(bench, 401);
    bench.ready();
    bench.pass(130_000);
    expect([bench.scene.held(), ...open(bench)]).toEqual([100, [100, 90]]);
    expect(bench.scene.slot.protection).toHaveLength(1);
    expect(causes(bench)).toContain('order-kept');
    bench.scene.answer({ units: 100, protect: { stop: 95 } });
    bench.pump();
    expect(open(bench)).toEqual([[100, 95]]);
    bench.scene.answer(0);
    bench.pump();
    expect([bench.truth, ...open(bench)]).toEqual([0]);
  });

  it('is made as large as the position is', () => {
    const bench = restored();
    bought(bench, 60);
    left(bench, 401);
    bench.ready();
    expect(open(bench)).toEqual([[60, 90]]);
  });

  it('takes the place of what protected the position before, although orders here know nothing of that', () => {
    const bench = restored({ units: 100, protect: { stop: 80 } });
    bench.broker.open.clear();
    left(bench, 401);
    bench.ready();
    bench.pass(130_000);
    expect([bench.scene.held(), ...open(bench)]).toEqual([100, [100, 90]]);
    expect(bench.scene.codes()).not.toContain('PROTECTION_ENDED');
  });

  it('is taken back where the position has its own protection, or another stop has been kept', () => {
    const bench = restored({ units: 100, protect: { stop: 80 } });
    left(bench, 401);
    bench.ready();
    bench.pass(10_000);
    expect(open(bench)).toEqual([[100, 80]]);
    const other = restored();
    bought(other, 100);
    left(other, 401);
    left(other, 402, { stopPrice: 85 });
    other.ready();
    other.pass(10_000);
    expect(open(other)).toEqual([[100, 90]]);
  });

  it('is taken back where nothing is held, and so is a limit, which may have been an entry', () => {
    const bench = restored();
    left(bench, 401);
    bench.ready();
    bench.pass(10_000);
    expect(open(bench)).toEqual([]);
    const other = restored();
    bought(other, 100);
    left(other, 401, { orderType: 'limit', limitPrice: 110, stopPrice: Number.NaN });
    other.ready();
    other.pass(10_000);
    expect(open(other)).toEqual([]);
  });

  it('that trailed becomes one at the level it has reached', () => {
    const bench = restored();
    bought(bench, 100);
    left(bench, 401, { orderType: 'trailing-stop', stopPrice: 97 });
    bench.ready();
    bench.pass(10_000);
    expect([...bench.broker.open.values()]).toMatchObject([{ orderType: 'stop', leavesQty: 100, stopPrice: 97 }]);
  });

  it('is left alone while it protects what no strategy has, and protects it once a person gives it to one', () => {
    const bench = restored();
    bench.ready();
    bench.broker.trade('buy', 100, 'AAA', false);
    const id = left(bench, 401);
    bench.pass(130_000);
    expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
    expect(bench.broker.open.has(id)).toBe(true);
    bench.scene.command('adopt', { symbol: 'AAA', strategy: 's0' });
    bench.pass(130_000);
    expect([bench.scene.held(), ...open(bench)]).toEqual([100, [100, 90]]);
    expect(bench.scene.slot.protection.map(({ clientOrderId }) => clientOrderId)).toEqual([id]);
  });

  it('is taken back where it could sell more than there is, alone or together with another', () => {
    const bench = restored();
    bench.ready();
    bench.broker.trade('buy', 40, 'AAA', false);
    left(bench, 401);
    bench.pass(300_000);
    expect([bench.truth, ...open(bench)]).toEqual([40]);
    const other = restored();
    other.ready();
    other.broker.trade('buy', 100, 'AAA', false);
    left(other, 401);
    left(other, 402, { stopPrice: 85 });
    other.pass(300_000);
    expect([other.truth, ...open(other)]).toEqual([100, [100, 90]]);
  });

  it.each(['ignore', 'flatten'] as const)('is taken back once a person has said %s', (name) => {
    const bench = restored({}, { isExclusive: false });
    bench.ready();
    bench.broker.trade('buy', 100, 'AAA', false);
    const id = left(bench, 401);
    bench.pass(130_000);
    expect(bench.broker.open.has(id)).toBe(true);
    bench.scene.command(name, { symbol: 'AAA' });
    bench.pump();
    expect([bench.truth, ...open(bench)]).toEqual([name === 'ignore' ? 100 : 0]);
    bench.pass(300_000);
    expect([bench.truth, bench.scene.held(), ...open(bench)]).toEqual([name === 'ignore' ? 100 : 0, 0]);
  });

  it('is gone before what it protects is closed, also where nobody tells of its end', () => {
    const bench = restored();
    bench.ready();
    bench.broker.trade('buy', 100, 'AAA', false);
    const id = left(bench, 401);
    bench.pass(130_000);
    bench.broker.fate = (what) => (what === 'cancel' ? 'unheard' : 'through');
    bench.scene.command('flatten', { symbol: 'AAA' });
    bench.pass(1_000);
    expect([bench.truth, bench.broker.open.has(id)]).toEqual([100, false]);
    bench.pass(30_000);
    expect([bench.truth, ...open(bench)]).toEqual([0]);
  });

  it('is taken back as soon as somebody is told to have closed what it protects', () => {
    const bench = restored();
    bench.ready();
    bench.broker.trade('buy', 100, 'AAA', false);
    const id = left(bench, 401);
    bench.pass(130_000);
    expect(bench.broker.open.has(id)).toBe(true);
    bench.say('fill', bench.broker.trade('sell', 100, 'AAA'));
    bench.pump();
    expect([bench.truth, ...open(bench)]).toEqual([0]);
  });

  it('stays where an answer does not show it once, and is taken back by what is told then', () => {
    const bench = restored();
    bench.ready();
    bench.broker.trade('buy', 100, 'AAA', false);
    left(bench, 401);
    bench.pass(130_000);
    bench.broker.spoil = (snapshot) => ({ ...snapshot, openOrders: { ...snapshot.openOrders, items: [] } });
    bench.scene.command('reconcile', {});
    bench.pump();
    bench.broker.spoil = (snapshot) => snapshot;
    bench.say('fill', bench.broker.trade('sell', 100, 'AAA'));
    bench.pump();
    expect(open(bench)).toEqual([]);
  });

  it.each([
    [false, {}],
    [true, { book: 'CORE' }],
    [true, {}],
  ])('is open under no panic that is complete (exclusive: %s, of %j)', (isExclusive, args) => {
    const bench = restored({}, { isExclusive });
    bench.broker.trade('buy', 100);
    const id = left(bench, 401);
    bench.ready();
    bench.pass(130_000);
    expect(bench.broker.open.has(id)).toBe(true);
    bench.broker.fate = (what) => (what === 'cancel' ? 'refused' : 'through');
    bench.scene.command('panic', args);
    bench.pass(5_000);
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
    bench.broker.fate = () => 'through';
    bench.pass(130_000);
    expect(bench.broker.open.has(id)).toBe(false);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it.each([{}, { book: 'CORE' }])(
    'of a strategy that is no more keeps a panic open until it is gone (of %j)',
    (args) => {
      const bench = restored({}, { isExclusive: false });
      bench.ready();
      const id = left(bench, 401, { tag: 'gone|CORE|20140505' });
      bench.pass(1_000);
      bench.scene.command('panic', args);
      bench.pass(30_000);
      expect(bench.scene.codes()).toContain('PANIC_PENDING');
      expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
      bench.broker.open.delete(id);
      bench.pass(30_000);
      expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    },
  );

  it('that comes to light under a panic is taken back', () => {
    const bench = restored({}, { isExclusive: false });
    bench.ready();
    bench.scene.command('panic', {});
    bench.pass(10_000);
    bench.broker.trade('buy', 100, 'AAA', false);
    const id = left(bench, 401);
    bench.pass(130_000);
    expect([bench.broker.open.has(id), bench.truth]).toEqual([false, 100]);
  });

  it('is not taken up again by a list of open orders that is older than its end, whatever was restarted since', () => {
    const bench = restored();
    bought(bench, 100);
    left(bench, 401);
    bench.ready();
    bench.pass(70_000);
    const { openOrders } = structuredClone(bench.broker.snapshot());
    bench.scene.answer({ units: 100 });
    bench.pump();
    expect(open(bench)).toEqual([]);
    bench.scene.kernel.restore(structuredClone(bench.scene.kernel.snapshot()));
    bench.broker.spoil = (snapshot) => ({ ...snapshot, openOrders });
    bench.scene.command('reconcile', {});
    bench.pump();
    bench.broker.spoil = (snapshot) => snapshot;
    expect(bench.scene.slot.protection).toEqual([]);
    bench.pass(70_000);
    expect([bench.scene.slot.protect, bench.scene.slot.protection.length]).toEqual([undefined, 0]);
    expect(bench.scene.codes()).not.toContain('PROTECTION_ENDED');
    expect(causes(bench)).not.toContain('order-revived');
  });

  it('is sent anew where the broker ends it with the limit it was paired with', () => {
    const bench = restored();
    bought(bench, 100);
    const stop = left(bench, 401);
    left(bench, 402, { orderType: 'limit', limitPrice: 110, stopPrice: Number.NaN });
    bench.ready();
    bench.broker.end(stop);
    bench.pass(10_000);
    expect(open(bench)).toEqual([[100, 90]]);
    expect(bench.scene.codes()).not.toContain('PROTECTION_ENDED');
    const [again = ''] = bench.broker.open.keys();
    // One of our own that the broker ends is an alarm as ever.
    bench.broker.end(again);
    bench.pass(10_000);
    expect(open(bench)).toEqual([]);
    expect(bench.scene.codes()).toContain('PROTECTION_ENDED');
  });

  it('is taken back where known protection was only missing from one list', () => {
    const bench = restored({ units: 100, protect: { stop: 80 } });
    left(bench, 401);
    bench.broker.spoil = (snapshot) => {
      const items = snapshot.openOrders.items.filter(({ stopPrice }) => stopPrice !== 80);
      return { ...snapshot, openOrders: { ...snapshot.openOrders, items } };
    };
    bench.ready();
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(10_000);
    expect(open(bench)).toEqual([[100, 80]]);
    expect(bench.scene.codes()).not.toContain('PROTECTION_ENDED');
  });

  it('is the one of several that fits what is held best, since another may have been an entry', () => {
    const bench = restored();
    bought(bench, 100);
    left(bench, 401, { qty: 200, stopPrice: 95 });
    left(bench, 402, { stopPrice: 85 });
    left(bench, 403);
    bench.ready();
    bench.pass(10_000);
    expect(open(bench)).toEqual([[100, 90]]);
  });

  it('that was left alone is remembered by a kernel that goes on from a snapshot', () => {
    const bench = restored();
    bench.ready();
    bench.broker.trade('buy', 100, 'AAA', false);
    const id = left(bench, 401);
    bench.pass(130_000);
    bench.scene.kernel.restore(structuredClone(bench.scene.kernel.snapshot()));
    bench.say('fill', bench.broker.trade('sell', 100, 'AAA'));
    bench.pump();
    expect(bench.broker.open.has(id)).toBe(false);
  });

  it('is judged the same by a kernel that goes on from a snapshot', () => {
    const bench = restored();
    const saved = structuredClone(bench.scene.kernel.snapshot());
    const from = bench.scene.journal.length;
    bought(bench, 100);
    left(bench, 401);
    left(bench, 402, { orderType: 'limit', limitPrice: 110, stopPrice: Number.NaN });
    bench.ready();
    bench.pass(10_000);
    const again = bench.scene.fresh();
    again.kernel.restore(saved);
    for (const event of bench.scene.journal.slice(from)) again.kernel.process(event);
    expect(again.kernel.snapshot()).toEqual(bench.scene.kernel.snapshot());
  });
});
