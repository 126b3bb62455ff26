import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { isOptimistic, simulatedVenueOptions } from './options.js';
import { DAY_SESSION, MINUTE, MONDAY, RecordingListener, VenueBench, stock } from './venue-bench.fixture.js';

const CLOSE = MONDAY + 20 * 60 * MINUTE;

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return isTradingError(error) ? error.code : String(error);
  }
  return '';
}

describe('latency', () => {
  it('delays submits, cancels and replaces, and keeps their order', () => {
    const bench = new VenueBench({ latency: { submitMs: 50, cancelMs: 10, replaceMs: 20 } });
    const [order] = bench.submit({ type: 'limit', limit: 90 });
    expect(bench.venue.nextDeadline).toBe(MONDAY + 50);
    bench.venue.replace(order!, { qty: 50 }, MONDAY + 5);
    bench.venue.cancel(order!, MONDAY + 60);
    expect(bench.listener.take()).toEqual([
      { kind: 'accepted', order: 1, ts: MONDAY + 50 },
      expect.objectContaining({ kind: 'replaced', ts: MONDAY + 50, qty: 50 }),
    ]);
    bench.venue.advance(MONDAY + 1_000);
    expect(bench.take()).toEqual([expect.objectContaining({ kind: 'cancelled', ts: MONDAY + 70 })]);
    expect(bench.venue.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('says of a group whether it is on its way or was answered', () => {
    const [late, prompt] = [new VenueBench({ latency: { submitMs: 50 } }), new VenueBench()];
    for (const bench of [late, prompt]) {
      const answers = [{}, { qty: 0.5 }].map((fields) => bench.venue.submit([bench.order(fields)], bench.now));
      expect(answers).toEqual(bench === late ? [true, true] : [false, false]);
    }
    expect(late.listener.take()).toEqual([]);
    expect(prompt.listener.take().map(({ kind }) => kind)).toEqual(['accepted', 'rejected']);
  });

  it('lets no request overtake an earlier one', () => {
    const bench = new VenueBench({ latency: { submitMs: 50 } });
    const [order] = bench.submit({ type: 'limit', limit: 90 });
    bench.venue.cancel(order!, MONDAY + 10);
    bench.venue.advance(MONDAY + 50);
    expect(bench.listener.take().map(({ kind, ts }) => [kind, ts])).toEqual([
      ['accepted', MONDAY + 50],
      ['cancelled', MONDAY + 50],
    ]);
  });

  it('misses the open it arrives after', () => {
    const bench = new VenueBench({ latency: { submitMs: 50 } });
    bench.submit({});
    bench.bar(100, 100, 100, 100);
    expect(bench.fills()).toEqual([]);
    bench.bar(101, 101, 101, 101);
    expect(bench.fills()).toEqual(['1: 100 @ 101']);
  });

  it("does not keep the caller's group or change", () => {
    const bench = new VenueBench({ latency: { submitMs: 50, replaceMs: 50 } });
    const order = bench.order({ type: 'limit', limit: 90 });
    const group = [order];
    const change = { qty: 40 };
    bench.venue.submit(group, MONDAY);
    bench.venue.replace(order, change, MONDAY);
    group.length = 0;
    change.qty = 1;
    bench.venue.advance(MONDAY + 50);
    expect(bench.listener.take().map(({ kind, qty }) => [kind, qty])).toEqual([
      ['accepted', undefined],
      ['replaced', 40],
    ]);
  });
});

describe('lives of orders', () => {
  it('ends a DAY order with its trading day', () => {
    const bench = new VenueBench({}, { calendar: DAY_SESSION });
    bench.submit({ tif: 'DAY', type: 'limit', limit: 90 });
    expect(bench.venue.nextDeadline).toBe(CLOSE);
    bench.venue.advance(CLOSE);
    expect(bench.take()).toEqual([{ kind: 'expired', order: 1, ts: CLOSE }]);
    bench.now = CLOSE;
    bench.submit({ tif: 'DAY', type: 'limit', limit: 90 });
    expect(bench.venue.nextDeadline).toBe(CLOSE + 24 * 60 * MINUTE);
  });

  it.each(['before', 'after'])(
    'lets a DAY order take part in the bar that ends with the day (timer %s the bar)',
    (when) => {
      const bench = new VenueBench({}, { calendar: DAY_SESSION });
      bench.now = CLOSE - MINUTE;
      bench.submit({ tif: 'DAY', type: 'limit', limit: 90 }, { tif: 'DAY', type: 'limit', limit: 80 });
      bench.venue.onBarOpen(0, 100, bench.now);
      if (when === 'before') bench.venue.advance(CLOSE);
      bench.endBar(100, 100, 89, 95);
      if (when === 'after') bench.venue.advance(CLOSE);
      expect(bench.take().map(({ kind, order, ts }) => [kind, order, ts])).toEqual([
        ['filled', 1, CLOSE],
        ['expired', 2, CLOSE],
      ]);
      expect(bench.venue.nextDeadline).toBe(Number.POSITIVE_INFINITY);
    },
  );

  it('ends a GTD order at its instant, and does not fill it in a bar that goes on', () => {
    const bench = new VenueBench();
    const fields = { tif: 'GTD', type: 'limit', limit: 90 } as const;
    bench.submit({ ...fields, expiresAt: MONDAY + 30_000 }, { ...fields, expiresAt: MONDAY + 5 * MINUTE });
    bench.bar(100, 100, 89, 95);
    expect(bench.take().map(({ kind, order }) => [kind, order])).toEqual([
      ['filled', 2],
      ['expired', 1],
    ]);
  });

  it('has no deadline once nothing rests', () => {
    const bench = new VenueBench();
    bench.submit({ tif: 'DAY' });
    bench.bar(100, 100, 100, 100);
    expect(bench.venue.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('time', () => {
  it('refuses to run backwards', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    const bar = { open: 1, high: 1, low: 1, close: 1, volume: 1 };
    for (const call of [
      () => bench.venue.onBarOpen(0, 100, MONDAY),
      () => bench.venue.onBarRange(0, bar, MONDAY),
      () => bench.venue.submit([bench.order()], MONDAY),
      () => bench.venue.advance(MONDAY),
    ]) {
      expect(codeOf(call)).toBe('SIMULATED_VENUE_TIME_BACKWARDS');
    }
  });
});

describe('snapshot', () => {
  it('adds up to the last unit', () => {
    const bench = new VenueBench(
      { fees: { model: 'per-unit', amount: 0.125 }, initialCash: { USD: 10_000_000 } },
      { instruments: [stock({ priceStep: 0.25 })] },
    );
    bench.submit({ qty: 200 });
    bench.bar(4_000.25, 4_001, 4_000, 4_000.5);
    bench.submit({ side: 'sell', qty: 50 }, { type: 'limit', limit: 3_000 });
    bench.bar(4_001, 4_002, 4_000, 4_001.75);
    const snapshot = bench.venue.snapshot(bench.now);
    const cash = 10_000_000 - 200 * 4_000.25 + 50 * 4_001 - 250 * 0.125;
    expect(snapshot.accounts).toMatchObject({
      complete: true,
      items: [{ account: 'main', currency: 'USD', cash, equity: cash + 150 * 4_001.75 }],
    });
    expect(snapshot.positions.items).toEqual([{ account: 'main', symbol: 'ABC', qty: 150, avgPrice: 4_000.25 }]);
    expect(snapshot.openOrders.items).toEqual([
      expect.objectContaining({ clientOrderId: '0000test00000003', leavesQty: 100, tag: 'test|CORE|20140505' }),
    ]);
    expect(snapshot.executions.items).toMatchObject([
      {
        orderId: '0000test00000001',
        executionId: 'sim-1',
        side: 'buy',
        qty: 200,
        price: 4_000.25,
        fee: 25,
        feeCurrency: 'USD',
      },
      { orderId: '0000test00000002', executionId: 'sim-2', side: 'sell', qty: 50, price: 4_001, fee: 6.25 },
    ]);
  });

  it('has neither snapshot nor state where nobody was to ask for them', () => {
    const bench = new VenueBench({}, { setup: { isTransient: true } });
    bench.submit({});
    expect(() => bench.venue.snapshot(bench.now)).toThrow(TypeError);
    expect(() => bench.venue.save()).toThrow(TypeError);
  });

  it('says since when executions are listed', () => {
    const bench = new VenueBench({ executionHistory: 2 });
    for (let round = 0; round < 3; round += 1) {
      bench.submit({});
      bench.bar(100, 100, 100, 100);
    }
    const { executions } = bench.venue.snapshot(bench.now);
    expect(executions.items.map((fill) => fill.executionId)).toEqual(['sim-2', 'sim-3']);
    expect(executions.since).toBe(MONDAY + 1);
  });

  it('says that accounts are incomplete without an exchange rate', () => {
    const accounts = [{ name: 'main', currency: 'EUR', cash: { EUR: 1_000 } }];
    const blind = new VenueBench({}, { setup: { accounts } });
    const seeing = new VenueBench(
      {},
      { setup: { accounts, conversion: (from, to) => (from === 'USD' && to === 'EUR' ? 0.5 : Number.NaN) } },
    );
    for (const bench of [blind, seeing]) {
      bench.submit({ qty: 2 });
      bench.bar(100, 100, 100, 110);
    }
    expect(blind.venue.snapshot(blind.now).accounts.complete).toBe(false);
    expect(seeing.venue.snapshot(seeing.now).accounts).toMatchObject({
      complete: true,
      items: [{ cash: 900, equity: 1_010 }],
    });
  });
});

describe('options and setup', () => {
  it('has defaults for everything', () => {
    expect(simulatedVenueOptions.parse({})).toMatchObject({
      fill: 'next-open',
      volumeShare: 0,
      fees: { model: 'none' },
      latency: { submitMs: 0 },
    });
  });

  it('refuses keys it does not know', () => {
    expect(simulatedVenueOptions.safeParse({ fil: 'next-open' }).success).toBe(false);
    expect(simulatedVenueOptions.safeParse({ fees: { model: 'per-unit', amount: 1, bps: 2 } }).success).toBe(false);
  });

  it('declares this-close as optimistic, and only that', () => {
    const models = simulatedVenueOptions.shape.fill.unwrap().options;
    expect(models.filter((fill) => isOptimistic({ fill }))).toEqual(['this-close']);
  });

  it('refuses a setup that cannot work, naming every fault', () => {
    const { liquidated: _unused, ...rest } = new RecordingListener();
    const make = (): VenueBench =>
      new VenueBench(
        { margin: {}, instruments: { NOPE: {} } },
        { setup: { listener: rest as never, accounts: [{ name: 'main', currency: 'EUR', cash: {} }] } },
      );
    expect(codeOf(make)).toBe('SIMULATED_VENUE_SETUP_INVALID');
    expect(make).toThrow(/NOPE.*liquidated.*exchange rates/s);
  });
});

describe('save and load', () => {
  it('refuses a state that does not fit', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'limit', limit: 90 });
    const state = bench.venue.save();
    const elsewhere = new VenueBench({}, { instruments: [stock({ symbol: 'XYZ' })] });
    expect(codeOf(() => elsewhere.venue.load(state, () => undefined))).toBe('SIMULATED_VENUE_STATE_INVALID');
    expect(codeOf(() => new VenueBench().venue.load(state, () => undefined))).toBe('SIMULATED_VENUE_STATE_INVALID');
    expect(codeOf(() => bench.venue.load(state, (ref) => bench.records.get(ref.sequence)))).toBe(
      'SIMULATED_VENUE_STATE_INVALID',
    );
  });

  it('carries what is on its way', () => {
    const bench = new VenueBench({ latency: { submitMs: 50, cancelMs: 50 } });
    const [order] = bench.submit({ type: 'limit', limit: 90 });
    bench.venue.cancel(order!, MONDAY);
    bench.restart();
    expect(bench.venue.nextDeadline).toBe(MONDAY + 50);
    bench.venue.advance(MONDAY + 50);
    expect(bench.listener.take().map((line) => line.kind)).toEqual(['accepted', 'cancelled']);
  });
});
