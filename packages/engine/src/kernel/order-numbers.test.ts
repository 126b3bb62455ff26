// Order numbers of a past that the journal does not have are never given a second time.
import { describe, expect, it } from '@jest/globals';
import { formatOrderId } from '../execution/order-id.js';
import { BrokerBench } from '../reconciliation/broker-bench.fixture.js';
import { Kernel } from './kernel.js';
import { NUMBERS_AHEAD } from './order-numbers.js';
import { RecordingListener } from './recording-listener.fixture.js';

function begun(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.bar(1);
  expect(bench.truth).toBe(100);
  return bench;
}

/** An order of the same engine from a session that this one knows nothing of. */
function lost(bench: BrokerBench, sequence: number): string {
  const { scene, broker } = bench;
  const known = [...broker.executions].at(-1);
  const clientOrderId = formatOrderId(scene.setup.runEpoch, sequence);
  broker.open.set(clientOrderId, {
    ...{ clientOrderId, venueOrderId: 'lost', symbol: 'AAA', account: 'ACC', tag: known?.tag ?? '', ocoGroup: '' },
    ...{ side: 'sell', orderType: 'limit', qty: 100, leavesQty: 100, limitPrice: 150, stopPrice: Number.NaN },
  });
  return clientOrderId;
}

function alarms(bench: BrokerBench): readonly string[] {
  return bench.scene.notices.filter(({ code }) => code === 'ORDER_NUMBERS_BEHIND').map(({ message }) => message);
}

describe('order numbers', () => {
  it('jump far ahead in a data folder that was restored, and the kernel comes to the same state again', () => {
    const { scene } = begun();
    const before = scene.kernel.parts.desk.sequence;
    const saved = scene.kernel.snapshot();
    const guard = {
      ...({ kind: 'guard', at: scene.now, guard: 'restored-data', subject: 'data folder' } as const),
      message: 'Restored.',
    };
    scene.kernel.process(guard);
    expect(scene.kernel.parts.desk.sequence).toBe(before + NUMBERS_AHEAD);
    const again = new Kernel(scene.setup, new RecordingListener());
    again.restore(saved);
    again.process(guard);
    expect([again.snapshot().sequence, again.hash()]).toEqual([scene.kernel.snapshot().sequence, scene.kernel.hash()]);
  });

  it('jump above an open order of ours that the journal does not know: it is cancelled, and an alarm tells', () => {
    const bench = begun();
    const id = lost(bench, 500);
    bench.scene.command('reconcile');
    bench.pump();
    expect(alarms(bench)).toEqual([expect.stringContaining(id)]);
    expect(bench.broker.open.has(id)).toBe(false);
    bench.bar(0);
    expect(bench.truth).toBe(0);
    const [last = ''] = bench.broker.received.slice(-1);
    expect(last > formatOrderId(bench.scene.setup.runEpoch, 500 + NUMBERS_AHEAD)).toBe(true);
    // Once is enough.
    bench.scene.command('reconcile');
    bench.pump();
    expect(alarms(bench)).toHaveLength(1);
  });

  it('jump above an execution of such an order, which is booked to the strategy that its tag names', () => {
    const bench = begun();
    const fill = bench.broker.trade('sell', 30);
    const orderId = formatOrderId(bench.scene.setup.runEpoch, 700);
    const tag = bench.broker.executions[0]?.tag ?? '';
    Object.assign(fill, { orderId, tag });
    bench.say('fill', fill);
    expect(alarms(bench)).toEqual([expect.stringContaining(orderId)]);
    expect([bench.scene.held(), bench.suspense]).toEqual([70, 0]);
    expect(bench.scene.kernel.parts.desk.sequence).toBeGreaterThanOrEqual(700 + NUMBERS_AHEAD);
  });

  it('jump above a number that a report names', () => {
    const bench = begun();
    const report = bench.scene.journal.find((event) => event.kind === 'venue-report');
    if (report?.kind !== 'venue-report') throw new Error('There was no report.');
    bench.scene.driver.event({ ...report, at: bench.scene.now, report: 'accepted', sequence: 900 });
    expect(alarms(bench)).toHaveLength(1);
    expect(bench.scene.kernel.parts.desk.sequence).toBeGreaterThanOrEqual(900 + NUMBERS_AHEAD);
  });

  it('stay as they are where another engine, or an id at the end of all numbers, is seen', () => {
    const bench = begun();
    const { desk } = bench.scene.kernel.parts;
    const before = desk.sequence;
    const fill = bench.broker.trade('sell', 1);
    bench.say('fill', { ...fill, orderId: formatOrderId('zzzzzzz1', 900) });
    bench.say('fill', { ...fill, executionId: 'other', orderId: `${bench.scene.setup.runEpoch}zzzzzzzz` });
    // Its orders about what is missing now are the next ones.
    expect(desk.sequence).toBeLessThan(before + 10);
    expect(alarms(bench)).toEqual([]);
  });
});
