// A broker that makes something else of a change than was asked for, as with a coarser step of prices or quantities.
import { expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

function held(rounded: (change: { qty?: number; stopPrice?: number }) => object): {
  bench: BrokerBench;
  changes: () => number;
} {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, protect: { stop: 90 } });
  bench.pump();
  const replace = bench.broker.replace.bind(bench.broker);
  let changes = 0;
  bench.broker.replace = (order, change) => {
    changes += 1;
    replace(order, { ...change, ...rounded(change) });
  };
  return { bench, changes: () => changes };
}

it('another price is asked for again with the next bar, not at once, and told once', () => {
  const { bench, changes } = held(({ stopPrice = Number.NaN }) => ({ stopPrice: Math.round(stopPrice) }));
  for (let bars = 1; bars <= 3; bars++) {
    bench.scene.answer({ units: 100, protect: { stop: 90.5 } });
    bench.pump();
    expect(changes()).toBe(bars);
  }
  expect([...bench.broker.open.values()].map(({ stopPrice }) => stopPrice)).toEqual([91]);
  expect(bench.scene.codes().filter((code) => code === 'PROTECTION_NOT_CHANGED')).toHaveLength(1);
});

it('for another quantity an order of its own is sent', () => {
  const { bench, changes } = held(() => ({ qty: 80 }));
  bench.scene.answer({ units: 130, protect: { stop: 90 } });
  bench.pass(1_000);
  bench.scene.bars();
  bench.pass(5_000);
  expect([...bench.broker.open.values()].map(({ leavesQty }) => leavesQty)).toEqual([130]);
  expect(changes()).toBe(1);
});

it('so it is where the position is frozen', () => {
  const { bench, changes } = held(() => ({ qty: 90 }));
  bench.broker.trade('sell', 25, 'AAA', false);
  bench.pass(70_000);
  expect([...bench.broker.open.values()].map(({ leavesQty }) => leavesQty)).toEqual([75]);
  expect(changes()).toBe(1);
});
