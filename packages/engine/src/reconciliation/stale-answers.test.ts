// Answers of which one part is older than what the broker has said already.
import { describe, expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

/** An entry at a limit works. */
function entered(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ units: 100, entry: { limit: 99, tif: 'GTC' }, protect: { stop: 90 } });
  bench.pump();
  return bench;
}

/** Lets one answer list open orders as they are now, whatever becomes of them: the next one from when it is called on. */
function outdated(bench: BrokerBench): () => void {
  const { openOrders } = structuredClone(bench.broker.snapshot());
  return () => {
    let isTold = false;
    bench.broker.spoil = (snapshot) => {
      if (isTold) return snapshot;
      isTold = true;
      return { ...snapshot, openOrders };
    };
  };
}

const revived = (bench: BrokerBench): boolean =>
  bench.scene.notices.some(({ details }) => details['cause'] === 'order-revived');

describe('an order that is over and that an answer shows as open', () => {
  it('stays over where the executions of the same answer have filled it', () => {
    const bench = entered();
    const [id = ''] = bench.broker.open.keys();
    outdated(bench)();
    bench.broker.fill(id, 100, 'lost');
    while (bench.scene.held() === 0) bench.pass(1_000);
    expect([bench.scene.held(), bench.scene.slot.workingScaled, bench.scene.slot.pendingCount]).toEqual([100, 0, 0]);
    expect(bench.scene.slot.protection).toHaveLength(1);
    bench.pass(61_000);
    expect(revived(bench)).toBe(false);
  });

  it('stays over where the broker had said so before it was asked', () => {
    const bench = entered();
    const say = outdated(bench);
    bench.scene.answer(0);
    bench.pump();
    say();
    expect(bench.broker.open.size).toBe(0);
    bench.pass(61_000);
    expect(bench.scene.slot.entries).toEqual([]);
    bench.pass(61_000);
    expect(revived(bench)).toBe(false);
  });

  it('is taken up again and cancelled where a second answer shows it too', () => {
    const bench = entered();
    const [order] = bench.broker.open.values();
    bench.scene.answer(0);
    bench.pump();
    // The broker said that it was cancelled, and was wrong.
    bench.broker.open.set(order!.clientOrderId, order!);
    bench.pass(70_000);
    expect(revived(bench)).toBe(true);
    expect([bench.broker.open.size, bench.scene.slot.entries.length]).toEqual([0, 0]);
  });
});
