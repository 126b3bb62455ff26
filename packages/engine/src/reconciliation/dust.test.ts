// Brokers count in doubles: what they work out carries dust, and a difference of dust is none.
import { expect, it } from '@jest/globals';
import { fine } from './broker-steps.fixture.js';

/** 0.30000000000000004 and the like. */
const dusty = (value: number): number => value * (1 + 2 * Number.EPSILON);

it('orders that the broker shows with the dust of its arithmetic are those we gave it', () => {
  const bench = fine();
  bench.ready();
  bench.scene.answer({ units: 0.3, entry: { limit: 99, tif: 'GTC' }, protect: { stop: 90 } });
  bench.pump();
  const [id] = bench.broker.open.keys();
  bench.broker.fill(id ?? '', 0.1);
  bench.pump();
  const requests: string[] = [];
  bench.broker.fate = (what) => {
    requests.push(what);
    return 'through';
  };
  bench.broker.spoil = (snapshot) => {
    const items = snapshot.openOrders.items.map(({ qty, limitPrice, stopPrice, ...order }) => ({
      ...order,
      ...{ qty: dusty(qty), limitPrice: dusty(limitPrice), stopPrice: dusty(stopPrice) },
    }));
    return { ...snapshot, openOrders: { ...snapshot.openOrders, items } };
  };
  for (let n = 0; n < 3; n++) {
    bench.pass(61_000);
    expect(bench.reconciler.reports()[0]?.differences).toEqual([]);
  }
  expect([requests, bench.broker.open.size]).toEqual([[], 2]);
});

it('a change that the broker confirms with that dust is made once', () => {
  const bench = fine();
  bench.ready();
  bench.scene.answer({ units: 0.3, protect: { stop: 90 } });
  bench.pump();
  const { broker } = bench;
  const replace = broker.replace.bind(broker);
  let changes = 0;
  broker.replace = (order, change) => {
    changes += 1;
    replace(order, { ...change, ...(change.stopPrice === undefined ? {} : { stopPrice: dusty(change.stopPrice) }) });
  };
  bench.scene.answer({ units: 0.3, protect: { stop: 91 } });
  bench.pump();
  expect([changes, bench.scene.slot.protection.map(({ stopPrice }) => stopPrice)]).toEqual([1, [91]]);
});
