// An order of somebody else that rests at the broker: it is told once, by the broker's name for it.
import { describe, expect, it } from '@jest/globals';
import type { VenueOpenOrder } from '@bookrunner/sdk';
import { DifferenceLog, withStanding } from '../runtime/difference-log.js';
import { BrokerBench } from './broker-bench.fixture.js';
import { nameOf } from './standing-orders.js';
import { ACCOUNT, VENUE } from './truth-broker.fixture.js';

/** An order as the broker shows it that a person placed by hand. */
function byHand(fields: Partial<VenueOpenOrder> = {}): VenueOpenOrder {
  return {
    ...{ clientOrderId: '', venueOrderId: 'V77', account: ACCOUNT, symbol: 'AAA', tag: '', side: 'sell', qty: 50 },
    ...{ leavesQty: 50, orderType: 'limit', limitPrice: 130, stopPrice: Number.NaN },
    ...fields,
  };
}

/** A bench whose broker shows these orders beside its own. */
function benchWith(orders: VenueOpenOrder[]): BrokerBench {
  const bench = new BrokerBench();
  bench.broker.spoil = (snapshot) => ({
    ...snapshot,
    openOrders: { ...snapshot.openOrders, items: [...snapshot.openOrders.items, ...orders] },
  });
  bench.ready();
  return bench;
}

/** What was told of such orders, and the rows that a person sees. */
function told({ scene }: BrokerBench): readonly string[] {
  return scene.notices.filter(({ details }) => details['cause'] === 'external-order').map(({ message }) => message);
}

function rows(bench: BrokerBench): readonly (readonly unknown[])[] {
  const log = new DifferenceLog();
  for (const notice of bench.scene.notices) log.heard(notice);
  const standing = bench.reconciler.watches[0]?.standing.values() ?? [];
  return withStanding(log.all, VENUE, standing)
    .filter(({ cause }) => cause === 'external-order')
    .map(({ order, evidence }) => [order, evidence]);
}

describe('an order by hand that rests at the broker', () => {
  it('is told once, with its name there, and has one row', () => {
    const bench = benchWith([byHand()]);
    bench.pass(3_600_000);
    expect(told(bench)).toEqual([
      'ACC, AAA: order V77: sell 50 limit 130, 50 left; left alone: it is not of this engine.',
    ]);
    expect(rows(bench)).toEqual([['V77', 'order V77: sell 50 limit 130, 50 left']]);
  });

  it('is told again when it has changed, or comes again, and keeps its row', () => {
    const orders = [byHand()];
    const bench = benchWith(orders);
    bench.pass(130_000);
    orders[0] = byHand({ limitPrice: 125 });
    bench.pass(130_000);
    expect(told(bench)).toHaveLength(2);
    expect(rows(bench)).toEqual([['V77', 'order V77: sell 50 limit 125, 50 left']]);
    orders.length = 0;
    bench.pass(130_000);
    orders.push(byHand({ limitPrice: 125 }));
    bench.pass(130_000);
    expect([told(bench).length, rows(bench).length]).toEqual([3, 1]);
  });

  it('is one of several, also where the broker has no name for them', () => {
    const bench = benchWith([byHand(), byHand({ venueOrderId: 'V78' }), byHand({ venueOrderId: '' })]);
    bench.pass(300_000);
    expect([told(bench).length, rows(bench).length]).toEqual([3, 3]);
    expect(told(bench).join()).not.toMatch(/''/u);
  });

  it('is shown by a process that goes on, which does not tell it again', () => {
    const bench = benchWith([byHand()]);
    const next = benchWith([byHand()]);
    next.scene.notices.length = 0;
    next.scene.kernel.restore(bench.scene.kernel.snapshot());
    next.status('disconnected');
    next.ready();
    next.pass(130_000);
    expect(told(next)).toEqual([]);
    expect(rows(next)).toEqual([['V77', 'order V77: sell 50 limit 130, 50 left']]);
  });

  it('has the names that its sender gave it as well', () => {
    expect(nameOf(byHand({ clientOrderId: 'mine-1', tag: 'x|Y|20260101' }))).toBe(
      "order V77 (id 'mine-1', tag 'x|Y|20260101')",
    );
  });
});

it('an execution by hand names no empty order', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.say('fill', { ...bench.broker.trade('sell', 30), orderId: '' });
  const told = bench.scene.notices.find(({ details }) => details['cause'] === 'external-execution');
  expect(told?.message).not.toMatch(/''/u);
});

describe('an order by hand that a panic cancels', () => {
  it('is told as that, with its name there, and its row says so', () => {
    const orders = [byHand()];
    const bench = benchWith(orders);
    bench.broker.cancelForeign = (_venue, { venueOrderId }) => {
      cancelled.push(String(venueOrderId));
    };
    const cancelled: string[] = [];
    bench.scene.command('panic');
    bench.pass(10_000);
    expect(new Set(cancelled)).toEqual(new Set(['V77']));
    const last = 'a panic asks the broker to cancel it: nothing stays open on an exclusive account';
    expect(told(bench)).toEqual([
      expect.stringContaining('left alone'),
      expect.stringContaining(`order V77: sell 50 limit 130, 50 left; ${last}`),
    ]);
    const log = new DifferenceLog();
    for (const notice of bench.scene.notices) log.heard(notice);
    expect(log.all.map(({ order, action }) => [order, action])).toEqual([['V77', last]]);
    orders.pop();
    bench.pass(70_000);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    expect(told(bench)).toHaveLength(2);
  });
});
