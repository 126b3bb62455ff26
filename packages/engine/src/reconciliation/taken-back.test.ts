// Orders that are to go for good: a cancel of them that a broker loses or refuses is asked for again, whatever holds their symbol back.
import { describe, expect, it } from '@jest/globals';
import { formatOrderId } from '../execution/order-id.js';
import { BrokerBench } from './broker-bench.fixture.js';
import type { Fate } from './truth-broker.fixture.js';

const losing =
  (fate: Fate) =>
  (what: string): Fate =>
    what === 'cancel' ? fate : 'through';

/** Cancels go through again, and time passes. */
function later(bench: BrokerBench): void {
  bench.broker.fate = () => 'through';
  bench.pass(300_000);
}

describe.each<Fate>(['lost', 'refused'])('the cancel (%s)', (fate) => {
  it('of an order of a session that the journal does not have is asked for again', () => {
    const bench = new BrokerBench();
    const { scene, broker } = bench;
    const guard = { kind: 'guard', guard: 'restored-data', subject: 'data folder', message: '' } as const;
    scene.driver.event({ ...guard, at: scene.now });
    const clientOrderId = formatOrderId(scene.setup.runEpoch, 401);
    broker.open.set(clientOrderId, {
      ...{ clientOrderId, venueOrderId: 'lost-401', symbol: 'AAA', account: 'ACC', tag: 's0|CORE|20140505' },
      ...{ ocoGroup: '', side: 'buy', orderType: 'limit', qty: 100, leavesQty: 100 },
      ...{ limitPrice: 95, stopPrice: Number.NaN },
    });
    broker.fate = losing(fate);
    bench.ready();
    expect(broker.open.size).toBe(1);
    later(bench);
    expect(broker.open.size).toBe(0);
  });

  it('of an entry whose symbol has frozen is asked for again while it is frozen', () => {
    const bench = new BrokerBench();
    const { scene, broker } = bench;
    bench.ready();
    scene.answer({ units: 100, entry: { limit: 100, tif: 'GTC' } });
    bench.pump();
    broker.fate = losing(fate);
    broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    expect(scene.codes()).toContain('SYMBOL_FROZEN');
    expect(broker.open.size).toBe(1);
    later(bench);
    expect(broker.open.size).toBe(0);
  });

  it('of what closes a position that somebody closed by hand is asked for again', () => {
    const bench = new BrokerBench();
    const { scene, broker } = bench;
    bench.ready();
    broker.trade('buy', 100, 'AAA', false);
    bench.pass(130_000);
    expect(scene.codes()).toContain('SYMBOL_FROZEN');
    broker.liquidity = 0;
    broker.fate = losing(fate);
    scene.command('flatten', { symbol: 'AAA' });
    bench.pass(1_000);
    expect(broker.open.size).toBe(1);
    bench.say('fill', broker.trade('sell', 100));
    bench.pump();
    expect(bench.truth).toBe(0);
    later(bench);
    expect(broker.open.size).toBe(0);
  });
});

it('an order that is taken back takes no other order of its strategy with it', () => {
  const bench = new BrokerBench();
  const { scene, broker } = bench;
  bench.ready();
  scene.answer({ units: 100, entry: { limit: 99, tif: 'GTC' } });
  bench.pump();
  const [wanted] = broker.open.keys();
  const guard = { kind: 'guard', guard: 'restored-data', subject: 'data folder', message: '' } as const;
  scene.driver.event({ ...guard, at: scene.now });
  const clientOrderId = formatOrderId(scene.setup.runEpoch, 401);
  broker.open.set(clientOrderId, {
    ...{ clientOrderId, venueOrderId: 'lost-401', symbol: 'AAA', account: 'ACC', tag: 's0|CORE|20140505' },
    ...{ ocoGroup: '', side: 'buy', orderType: 'limit', qty: 100, leavesQty: 100 },
    ...{ limitPrice: 95, stopPrice: Number.NaN },
  });
  broker.fate = losing('lost');
  bench.pass(70_000);
  later(bench);
  expect([...broker.open.keys()]).toEqual([wanted]);
});
