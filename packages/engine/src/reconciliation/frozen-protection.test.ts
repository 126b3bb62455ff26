// Protection of a frozen position covers what is there, whatever becomes known of the position while nobody has decided.
import { describe, expect, it } from '@jest/globals';
import { HOLD } from '../execution/hold.js';
import type { OrderRecord } from '../execution/order-record.js';
import { BrokerBench, type BrokerBenchOptions } from './broker-bench.fixture.js';
import { reportOf } from './report-of.js';

/** 100 of a strategy with a stop, frozen since somebody traded so much that nobody told of. */
function frozen(qty: number, options: BrokerBenchOptions = {}): BrokerBench {
  const bench = new BrokerBench(options);
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  bench.broker.trade(qty > 0 ? 'buy' : 'sell', Math.abs(qty), 'AAA', false);
  bench.pass(70_000);
  expect([bench.scene.held(), bench.suspense, bench.scene.slot.holds]).toEqual([100, qty, HOLD.frozen]);
  return bench;
}

function stops({ broker }: BrokerBench): readonly number[] {
  return [...broker.open.values()].filter(({ orderType }) => orderType === 'stop').map(({ leavesQty }) => leavesQty);
}

describe.each([true, false])('protection of a frozen position (venue replaces: %s)', (venueReplaces) => {
  it('goes where the execution that it protects is taken back: it would open a position', () => {
    const bench = frozen(25, { venueReplaces });
    bench.broker.change(0, 'busted');
    bench.pass(70_000);
    expect([bench.scene.held(), bench.scene.slot.holds, stops(bench)]).toEqual([0, HOLD.frozen, []]);
  });

  it('becomes smaller with the execution that it protects', () => {
    const bench = frozen(25, { venueReplaces });
    bench.broker.change(0, { qty: 60, price: 100 });
    bench.pass(70_000);
    expect([bench.scene.held(), bench.scene.slot.holds, stops(bench)]).toEqual([60, HOLD.frozen, [60]]);
  });

  it('is whole again where others have bought more than they sold, whether or not that was told', () => {
    const bench = frozen(-25, { venueReplaces });
    expect(stops(bench)).toEqual([75]);
    bench.broker.trade('buy', 60, 'AAA', false);
    bench.pass(70_000);
    expect([bench.truth, bench.suspense, bench.scene.slot.holds, stops(bench)]).toEqual([135, 35, HOLD.frozen, [100]]);
  });
});

it('in an outage what covers too little stays, where it could only be cancelled and sent anew', () => {
  const bench = frozen(-25, { venueReplaces: false, books: [{ name: 'CORE', venue: 'broker' }] });
  const guard = { kind: 'guard', guard: 'planned-outage', subject: 'broker', message: 'it is down' } as const;
  bench.scene.driver.event({ ...guard, at: bench.scene.now, stage: 'begin' });
  bench.broker.trade('buy', 60, 'AAA', false);
  bench.pass(70_000);
  expect([bench.suspense, stops(bench)]).toEqual([35, [75]]);
  bench.scene.driver.event({ ...guard, at: bench.scene.now, stage: 'end' });
  bench.pass(70_000);
  expect(stops(bench)).toEqual([100]);
});

it.each([true, false])(
  'that the broker ends by itself is not sent again and again (venue replaces: %s)',
  (venueReplaces) => {
    const bench = frozen(-25, { venueReplaces });
    const [id = ''] = bench.broker.open.keys();
    const before = bench.broker.received.length;
    bench.broker.isEnding = true;
    bench.broker.end(id);
    bench.pass(60_000);
    expect(bench.broker.received.length - before).toBeLessThan(2);
    expect(bench.scene.codes()).toContain('PROTECTION_ENDED');
    // A person decides, and the market takes orders again.
    bench.broker.isEnding = false;
    bench.scene.command('ignore', { symbol: 'AAA' });
    bench.pass(5_000);
    expect(stops(bench)).toEqual([100]);
  },
);

it.each([
  ['after', true],
  ['before', false],
])(
  'asks once for what a broker that has not joined gets no word of, and anew when it is there (%s it is known to be away)',
  (_when, isKnown) => {
    const bench = new BrokerBench({ venueReplaces: true });
    bench.ready();
    bench.scene.answer({ units: 100, protect: { stop: 90 } });
    bench.pump();
    bench.broker.trade('sell', 25, 'AAA', false);
    const asked: string[] = [];
    const broker = { replace: bench.broker.replace.bind(bench.broker), cancel: bench.broker.cancel.bind(bench.broker) };
    const refuse = (request: 'replace' | 'cancel') => (order: OrderRecord) => {
      asked.push(request);
      if (asked.length === 1 && isKnown) bench.broker.inbox.push(() => bench.status('disconnected'));
      const why = { reason: 'BROKER_NOT_OPEN', message: 'Nothing was sent.' };
      bench.broker.inbox.push(() =>
        bench.scene.driver.event(reportOf(order, `${request}-rejected`, bench.scene.now, why)),
      );
      if (asked.length === 1 && !isKnown) bench.broker.inbox.push(() => bench.status('disconnected'));
    };
    Object.assign(bench.broker, { replace: refuse('replace'), cancel: refuse('cancel') });
    bench.pass(70_000);
    expect(asked).toEqual(['replace']);
    Object.assign(bench.broker, broker);
    bench.ready();
    bench.pass(5_000);
    expect([bench.scene.slot.holds, stops(bench)]).toEqual([HOLD.frozen, [75]]);
  },
);
