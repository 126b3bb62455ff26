// What each kind of fault does, alone.
import { describe, expect, it } from '@jest/globals';
import { anOrder } from '../builders.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { faultyBench, kindsOf, truthOf } from './faulty-bench.fixture.js';
import type { Bench } from './faulty-bench.fixture.js';
import { VENUE_FAULTS } from './venue-fault.js';
import type { VenueFault, VenueFaultKind } from './venue-fault.js';

const LIMIT = { orderType: 'limit', limitPrice: 99 } as const;
const shown = new Set<VenueFaultKind>();

/** Opens a bench under one fault; the last test asks that every kind has been shown. */
function under(fault: VenueFault, seed = 1): Promise<Bench> {
  shown.add(fault.kind);
  return faultyBench([fault], seed);
}

/** Settles, and asks that the snapshot is the inner venue's. */
async function expectTruth({ venue, paper }: Bench): Promise<void> {
  venue.heal();
  await venue.settle();
  expect(venue.isQuiet).toBe(true);
  expect(truthOf(await venue.snapshot())).toEqual(truthOf(await paper.snapshot()));
}

describe('faults of reports', () => {
  it('lose-report: it never comes', async () => {
    const bench = await under({ kind: 'lose-report', when: { nth: 2 } });
    await bench.venue.submit([anOrder()]);
    await bench.venue.submit([anOrder()]);
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted', 'accepted', 'filled 1']);
    await expectTruth(bench);
    expect(bench.sink.reports.length).toBe(3);
  });

  it('delay-report: it comes later, overtaken, with its own instant', async () => {
    const bench = await under({ kind: 'delay-report', when: { nth: 1 }, delayMs: 300 });
    await bench.venue.submit([anOrder()]);
    bench.clock.advance(299);
    expect(kindsOf(bench.sink.reports)).toEqual(['filled 1']);
    expect(bench.venue.isQuiet).toBe(false);
    bench.clock.advance(1);
    expect(bench.sink.reports.at(-1)).toMatchObject({ kind: 'accepted', ts: TEST_EPOCH_MS });
    await expectTruth(bench);
  });

  it('duplicate-report: it comes twice, under one execution id', async () => {
    const bench = await under({ kind: 'duplicate-report', when: { nth: 2 } });
    await bench.venue.submit([anOrder()]);
    const [, first, second] = bench.sink.reports;
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted', 'filled 1', 'filled 1']);
    expect(second).toEqual(first);
    await expectTruth(bench);
  });

  it('reorder-reports: it comes behind the next, or after a time when there is none', async () => {
    const bench = await under({ kind: 'reorder-reports', when: ({ report }) => report?.kind === 'accepted' });
    await bench.venue.submit([anOrder()]);
    expect(kindsOf(bench.sink.reports)).toEqual(['filled 1', 'accepted']);
    await bench.venue.submit([anOrder(LIMIT)]);
    expect(bench.sink.reports.length).toBe(2);
    bench.clock.advance(1_000);
    expect(kindsOf(bench.sink.reports)).toEqual(['filled 1', 'accepted', 'accepted']);
    await expectTruth(bench);
  });

  it('split-fill: parts with ids of their own, told alike everywhere', async () => {
    const bench = await under({ kind: 'split-fill', when: { nth: 1 }, parts: 3 });
    await bench.venue.submit([anOrder({ qty: 10 })]);
    const fills = bench.sink.reports.flatMap((report) => (report.kind === 'filled' ? [report] : []));
    expect(fills.length).toBe(3);
    expect(new Set(fills.map(({ fill }) => fill.executionId)).size).toBe(3);
    expect(fills.reduce((sum, { fill }) => sum + fill.qty, 0)).toBe(10);
    expect(fills.at(-1)!.leavesQty).toBe(0);
    expect(fills[0]!.leavesQty).toBe(10 - fills[0]!.fill.qty);
    const { executions } = await bench.venue.snapshot();
    expect(executions.items).toEqual(fills.map(({ fill }) => fill));
    await expectTruth(bench);
  });
});

describe('faults of calls', () => {
  it('reject-after-accept: the inner venue never sees the order', async () => {
    const bench = await under({ kind: 'reject-after-accept', when: { nth: 1 }, delayMs: 50 });
    const { venue, sink, clock } = bench;
    const order = anOrder(LIMIT);
    expect(await venue.submit([order])).toEqual({ kind: 'sent' });
    expect((await venue.snapshot()).openOrders.items).toMatchObject([{ clientOrderId: order.clientOrderId }]);
    clock.advance(50);
    expect(kindsOf(sink.reports)).toEqual(['accepted', 'rejected']);
    expect(await venue.submit([order])).toMatchObject({ kind: 'refused', reason: 'TESTING_ORDER_WITHHELD' });
    await venue.cancel(order);
    await venue.replace!(order, { qty: 2 });
    expect(kindsOf(sink.reports).slice(2)).toEqual(['cancel-rejected', 'replace-rejected']);
    await expectTruth(bench);
  });

  it('reject-after-accept: a cancel may come before the rejection', async () => {
    const bench = await under({ kind: 'reject-after-accept', when: { nth: 1 }, delayMs: 50 });
    const order = anOrder(LIMIT);
    await bench.venue.submit([order]);
    await bench.venue.cancel(order);
    await expectTruth(bench);
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted', 'cancelled']);
  });

  it.each([
    ['wholly', Number.POSITIVE_INFINITY, ['accepted', 'filled 4', 'cancel-rejected']],
    ['in part', 3, ['accepted', 'filled 3', 'cancelled']],
  ])('fill-after-cancel: the order fills %s, then comes what is', async (_how, askSize, kinds) => {
    const bench = await under({ kind: 'fill-after-cancel', when: { nth: 1 } });
    const order = anOrder({ ...LIMIT, qty: 4 });
    await bench.venue.submit([order]);
    expect(await bench.venue.cancel(order)).toEqual({ kind: 'sent' });
    bench.clock.advance(100);
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted']);
    bench.paper.quoteSizes('TEST', { bid: 98, ask: 98.25, askSize });
    bench.clock.advance(0);
    expect(kindsOf(bench.sink.reports)).toEqual(kinds);
    await expectTruth(bench);
  });

  it('fill-after-cancel: without a fill the cancel arrives in the end', async () => {
    const bench = await under({ kind: 'fill-after-cancel', when: { nth: 1 }, holdMs: 200 });
    const order = anOrder(LIMIT);
    await bench.venue.submit([order]);
    await bench.venue.cancel(order);
    bench.clock.advance(200);
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted', 'cancelled']);
    await expectTruth(bench);
  });

  it('drop-before-write: unknown, and it never arrives', async () => {
    const bench = await under({ kind: 'drop-before-write', when: { nth: 1 }, downMs: 700 });
    const { venue, sink, clock, paper } = bench;
    expect(await venue.submit([anOrder()])).toMatchObject({ kind: 'unknown', reason: 'TESTING_OUTCOME_UNKNOWN' });
    expect(await venue.submit([anOrder()])).toMatchObject({ kind: 'refused', reason: 'TESTING_CONNECTION_LOST' });
    await expect(venue.snapshot()).rejects.toMatchObject({ code: 'TESTING_CONNECTION_LOST' });
    clock.advance(700);
    expect(sink.statuses.map(({ state }) => state)).toEqual(['ready', 'disconnected', 'connecting', 'ready']);
    expect(sink.reports).toEqual([]);
    expect((await paper.snapshot()).executions.items).toEqual([]);
    await expectTruth(bench);
  });

  it('drop-after-write: unknown, it arrives, and its reports are lost', async () => {
    const bench = await under({ kind: 'drop-after-write', when: { order: 2 } });
    const { venue, sink, clock } = bench;
    await venue.submit([anOrder()]);
    const order = anOrder();
    expect(await venue.submit([order])).toMatchObject({ kind: 'unknown' });
    clock.advance(5_000);
    expect(sink.of(order.clientOrderId)).toEqual([]);
    const { executions } = await venue.snapshot();
    expect(executions.items.map((fill) => fill.orderId)).toContain(order.clientOrderId);
    expect(String(venue.log)).toMatch(/drop-after-write: .*which arrives\n.*lost with the connection: accepted/);
    await expectTruth(bench);
  });

  it('drop-after-write: what the inner venue refuses stays refused', async () => {
    const bench = await under({ kind: 'drop-after-write', when: { nth: 1 } });
    expect(await bench.venue.submit([anOrder({ qty: 0 })])).toMatchObject({ kind: 'refused' });
    await expectTruth(bench);
  });
});

describe('faults of the connection', () => {
  it('disconnect: this report and the next are lost until it is back', async () => {
    const bench = await under({ kind: 'disconnect', when: { nth: 2, on: 'report' } });
    await bench.venue.submit([anOrder()]);
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted']);
    bench.clock.advance(5_000);
    await bench.venue.submit([anOrder()]);
    expect(kindsOf(bench.sink.reports)).toEqual(['accepted', 'accepted', 'filled 1']);
    await expectTruth(bench);
  });

  it('silent: calls end in unknown at the limit, reports come at the end', async () => {
    const bench = await under({ kind: 'silent', when: { nth: 1, on: 'submit' }, lastsMs: 900, limitMs: 400, reach: 1 });
    const { venue, sink, clock } = bench;
    const outcomes: unknown[] = [];
    void venue.submit([anOrder()]).then((outcome) => outcomes.push(outcome.kind));
    const failure = venue.snapshot().catch((error: unknown) => error);
    clock.advance(399);
    await Promise.resolve();
    expect([outcomes, sink.reports, sink.statuses.length]).toEqual([[], [], 1]);
    clock.advance(1);
    expect(await failure).toMatchObject({ code: 'TESTING_VENUE_SILENT' });
    expect(outcomes).toEqual(['unknown']);
    clock.advance(500);
    expect(kindsOf(sink.reports)).toEqual(['accepted', 'filled 1']);
    await expectTruth(bench);
  });

  it('silent: a call that hangs is answered when the silence ends first, unless what came is lost', async () => {
    for (const [keeps, kind, kinds] of [
      [true, 'sent', ['accepted', 'filled 1']],
      [false, 'unknown', []],
    ] as const) {
      const limitMs = Number.POSITIVE_INFINITY;
      const bench = await under({ kind: 'silent', when: { nth: 1 }, keeps, reach: 1, limitMs });
      const outcome = bench.venue.submit([anOrder()]);
      bench.clock.advance(30_000);
      expect(await outcome).toMatchObject({ kind });
      expect(kindsOf(bench.sink.reports)).toEqual(kinds);
      await expectTruth(bench);
    }
  });

  it('silent: whether a call arrives is left to chance', async () => {
    const arrived = new Set<boolean>();
    for (let seed = 0; seed < 8; seed += 1) {
      const bench = await under({ kind: 'silent', when: { nth: 1 } }, seed);
      const outcome = bench.venue.submit([anOrder()]);
      await expectTruth(bench);
      const isKnown = (await bench.paper.snapshot()).executions.items.length > 0;
      expect((await outcome).kind).toBe(isKnown ? 'sent' : 'unknown');
      arrived.add(isKnown);
    }
    expect(arrived.size).toBe(2);
  });

  it('roll-ids-back: a new order gets the id of an old one, here and in snapshots', async () => {
    const bench = await under({ kind: 'roll-ids-back', when: { nth: 3, on: 'submit' }, count: 1 });
    const { venue, sink, clock } = bench;
    const orders = [anOrder(LIMIT), anOrder(LIMIT), anOrder(LIMIT), anOrder(LIMIT)];
    for (const order of orders.slice(0, 2)) await venue.submit([order]);
    expect(await venue.submit([orders[2]!])).toMatchObject({ kind: 'refused' });
    clock.advance(5_000);
    await venue.submit([orders[3]!]);
    const ids = sink.reports.map((report) => report.venueOrderId);
    expect(ids[2]).toBe(ids[1]);
    expect((await venue.snapshot()).openOrders.items.map((open) => open.venueOrderId)).toEqual(ids);
    await expectTruth(bench);
  });

  it('replay-executions: reported again after the reconnect, those lost among them', async () => {
    const bench = await under({ kind: 'replay-executions', when: { nth: 4, on: 'report' } });
    const { venue, sink, clock } = bench;
    await venue.submit([anOrder({ qty: 2 })]);
    await venue.submit([anOrder({ qty: 3 })]);
    expect(kindsOf(sink.reports)).toEqual(['accepted', 'filled 2', 'accepted']);
    clock.advance(5_000);
    expect(kindsOf(sink.reports).slice(3)).toEqual(['filled 2', 'filled 3']);
    expect(sink.reports[3]).toEqual(sink.reports[1]);
    await expectTruth(bench);
  });

  it('skew-clock: instants are off, for a time', async () => {
    const bench = await under({ kind: 'skew-clock', when: { nth: 1, on: 'submit' }, skewMs: -7_000, lastsMs: 60_000 });
    const { venue, sink, clock } = bench;
    await venue.submit([anOrder()]);
    const early = TEST_EPOCH_MS - 7_000;
    expect(sink.reports).toMatchObject([{ ts: early }, { ts: early, fill: { ts: early } }]);
    expect(sink.accounts.at(-1)).toMatchObject({ ts: early });
    const { executions } = await venue.snapshot();
    expect(executions).toMatchObject({ asOf: early, items: [{ ts: early }] });
    clock.advance(60_000);
    await venue.submit([anOrder()]);
    expect(sink.reports.at(-1)).toMatchObject({ ts: TEST_EPOCH_MS + 60_000 });
    await expectTruth(bench);
  });
});

describe('faults of snapshots', () => {
  it('snapshot-incomplete: every part misses something, and says so', async () => {
    const bench = await under({ kind: 'snapshot-incomplete', when: { nth: 1 }, parts: ['positions', 'executions'] });
    await bench.venue.submit([anOrder()]);
    const { positions, executions, accounts } = await bench.venue.snapshot();
    expect([positions, executions, accounts].map((part) => [part.complete, part.items.length])).toEqual([
      [false, 0],
      [false, 0],
      [true, 1],
    ]);
    await expectTruth(bench);
  });

  it.each([false, true])('snapshot-empty: nothing, claiming to be complete: %s', async (claimsComplete) => {
    const bench = await under({ kind: 'snapshot-empty', when: { nth: 1 }, claimsComplete });
    await bench.venue.submit([anOrder()]);
    for (const part of Object.values(await bench.venue.snapshot())) {
      expect(part).toMatchObject({ complete: claimsComplete, items: [] });
    }
    await expectTruth(bench);
  });

  it('snapshot-stale: what was true at the last, or at open', async () => {
    const bench = await under({ kind: 'snapshot-stale', when: ({ count }) => count !== 2 });
    const { venue, clock } = bench;
    await venue.submit([anOrder()]);
    clock.advance(1_000);
    expect((await venue.snapshot()).executions).toMatchObject({ asOf: TEST_EPOCH_MS, complete: true, items: [] });
    const second = await venue.snapshot();
    await venue.submit([anOrder()]);
    clock.advance(1_000);
    expect(await venue.snapshot()).toEqual(second);
    await expectTruth(bench);
  });

  it('snapshot-late: what was true when asked', async () => {
    const bench = await under({ kind: 'snapshot-late', when: ({ on }) => on === 'snapshot', delayMs: 800 });
    const { venue, clock } = bench;
    const asked = venue.snapshot();
    await venue.submit([anOrder()]);
    clock.advance(800);
    expect((await asked).positions).toMatchObject({ asOf: TEST_EPOCH_MS, items: [] });
    const again = venue.snapshot();
    await venue.settle();
    expect((await again).positions.items.length).toBe(1);
    await expectTruth(bench);
    expect(clock.pendingCalls).toBe(0);
  });

  it('snapshot-fail: rejects', async () => {
    const bench = await under({ kind: 'snapshot-fail', when: { nth: 1 } });
    await expect(bench.venue.snapshot()).rejects.toMatchObject({ code: 'TESTING_SNAPSHOT_FAILED' });
    await expectTruth(bench);
  });
});

describe('VENUE_FAULTS', () => {
  it('has no kind that is not shown here', () => {
    expect([...shown].toSorted()).toEqual([...VENUE_FAULTS].toSorted());
  });
});
