import { describe, expect, it } from '@jest/globals';
import { ALWAYS_OPEN, DAY_SESSION, MONDAY, VenueBench, stock, type OrderFields } from './venue-bench.fixture.js';
import { VENUE_REASONS } from './reasons.js';

const GRID = { instruments: [stock({ lotStep: 10, minQty: 20, maxQty: 1_000, priceStep: 0.05 })] };

describe('rejections', () => {
  const cases: [string, OrderFields][] = [
    ['QUANTITY_NOT_LOT', { qty: 25 }],
    ['QUANTITY_TOO_SMALL', { qty: 10 }],
    ['QUANTITY_TOO_SMALL', { qty: 0 }],
    ['QUANTITY_TOO_LARGE', { qty: 1_010 }],
    ['PRICE_OFF_TICK', { type: 'limit', limit: 10.01 }],
    ['PRICE_OFF_TICK', { type: 'limit' }],
    ['PRICE_OFF_TICK', { type: 'stop', limit: 10 }],
    ['PRICE_OFF_TICK', { type: 'stop-limit', stop: 10, limit: 10.02 }],
    ['PRICE_OFF_TICK', { type: 'trailing-stop', trail: 1, stop: 10.01 }],
    ['ORDER_INVALID', { type: 'trailing-stop' }],
    ['ORDER_INVALID', { type: 'trailing-stop', trail: -1 }],
    ['EXPIRY_PASSED', { tif: 'GTD', expiresAt: MONDAY }],
    ['EXPIRY_PASSED', { tif: 'GTD' }],
    ['TIME_IN_FORCE_UNSUPPORTED', { tif: 'IOC', type: 'stop', stop: 10 }],
    ['MARKET_CLOSED', { tif: 'FOK' }],
  ];
  it.each(cases)('%s: %j', (reason, fields) => {
    const bench = new VenueBench({}, { ...GRID, calendar: DAY_SESSION });
    bench.submit(fields);
    expect(bench.listener.take()).toEqual([{ kind: 'rejected', order: 1, ts: MONDAY, reason }]);
    expect(Object.keys(VENUE_REASONS)).toContain(reason);
    expect(bench.venue.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes prices on the step of their range', () => {
    const priceSteps = [{ from: 100, step: 0.5 }];
    const bench = new VenueBench({}, { instruments: [stock({ priceSteps })] });
    bench.submit({ type: 'limit', limit: 99.99 });
    bench.submit({ type: 'limit', limit: 100.25 });
    expect(bench.listener.take().map((line) => line.kind)).toEqual(['accepted', 'rejected']);
  });

  it('refuses an unknown instrument, an unknown account and an order seen before', () => {
    const setup = { accounts: [{ name: 'main', currency: 'USD', cash: {} }] };
    const bench = new VenueBench({}, { setup });
    const other = new VenueBench({}, { instruments: [stock({ symbol: 'XYZ' })] });
    bench.venue.submit([other.order()], bench.now);
    bench.submit({ account: 'ghost' });
    const [order] = bench.submit({ sequence: 7 });
    bench.venue.submit([order!], bench.now);
    expect(bench.take().map((line) => line.reason)).toEqual([
      'INSTRUMENT_UNKNOWN',
      'ACCOUNT_UNKNOWN',
      'ORDER_DUPLICATE',
    ]);
  });

  it('takes a group whole or not at all', () => {
    const bench = new VenueBench();
    bench.submit({}, { qty: 0.5 }, {});
    expect(bench.listener.take().map((line) => line.reason)).toEqual([
      'GROUP_REJECTED',
      'QUANTITY_TOO_SMALL',
      'GROUP_REJECTED',
    ]);
    bench.bar(100, 100, 100, 100);
    expect(bench.fills()).toEqual([]);
  });

  it('lets a market order wait in closed time', () => {
    const bench = new VenueBench({}, { calendar: DAY_SESSION });
    bench.submit({ tif: 'DAY' });
    expect(bench.listener.take()).toEqual([{ kind: 'accepted', order: 1, ts: MONDAY }]);
  });
});

describe('short sales', () => {
  const LONG_ONLY = { instruments: { ABC: { shortSale: false } } };

  it('are refused where they are switched off, for the venue or the instrument', () => {
    for (const options of [{ shortSale: false }, LONG_ONLY]) {
      const bench = new VenueBench(options);
      bench.submit({ side: 'sell' });
      expect(bench.take()).toEqual([expect.objectContaining({ reason: 'SHORT_SALE_FORBIDDEN' })]);
    }
  });

  it('are cut when two exits together would sell more than there is', () => {
    const bench = new VenueBench(LONG_ONLY);
    bench.submit({});
    bench.bar(100, 100, 100, 100);
    bench.submit({ side: 'sell', qty: 70 });
    bench.submit({ side: 'sell', qty: 70 });
    bench.bar(100, 100, 100, 100);
    expect(bench.take().map(({ kind, order, qty, reason }) => [kind, order, qty ?? reason])).toEqual([
      ['filled', 1, 100],
      ['filled', 2, 70],
      ['filled', 3, 30],
      ['cancelled', 3, 'SHORT_SALE_FORBIDDEN'],
    ]);
    expect(bench.venue.snapshot(bench.now).positions.items).toEqual([]);
  });

  it('do not stop a bracket from being sent before its entry fills', () => {
    const bench = new VenueBench(LONG_ONLY);
    bench.submit({}, { side: 'sell', type: 'stop', stop: 90, parent: 1 });
    bench.bar(100, 100, 89, 90);
    expect(bench.fills()).toEqual(['1: 100 @ 100', '2: 100 @ 90']);
  });
});

describe('cancel and replace', () => {
  it('cancels what works and refuses what does not', () => {
    const bench = new VenueBench();
    const [order] = bench.submit({ type: 'limit', limit: 90 });
    bench.venue.cancel(order!, bench.now);
    bench.venue.cancel(order!, bench.now);
    expect(bench.take()).toEqual([
      { kind: 'cancelled', order: 1, ts: MONDAY, reason: 'CANCEL_REQUESTED' },
      { kind: 'cancel-rejected', order: 1, ts: MONDAY, reason: 'ORDER_NOT_WORKING' },
    ]);
  });

  it('replaces prices and quantity', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    const [order] = bench.submit({ type: 'stop-limit', stop: 105, limit: 106 });
    bench.venue.replace(order!, { qty: 50, limitPrice: 104, stopPrice: 103 }, bench.now);
    bench.bar(100, 103.5, 100, 103);
    expect(bench.take()).toEqual([
      expect.objectContaining({ kind: 'replaced', qty: 50, limitPrice: 104, stopPrice: 103 }),
      expect.objectContaining({ kind: 'filled', qty: 50, leaves: 0, price: 103 }),
    ]);
  });

  it.each([
    ['QUANTITY_BELOW_FILLED', { qty: 40 }],
    ['QUANTITY_NOT_LOT', { qty: 55 }],
    ['QUANTITY_TOO_LARGE', { qty: 2_000 }],
    ['QUANTITY_NOT_LOT', { qty: Number.NaN }],
    ['PRICE_OFF_TICK', { limitPrice: 99.98 }],
    ['ORDER_INVALID', { stopPrice: 99 }],
  ])('refuses a bad change: %s', (reason, change) => {
    const bench = new VenueBench({ volumeShare: 1 }, GRID);
    const [order] = bench.submit({ type: 'limit', limit: 100 });
    bench.bar(100, 100, 100, 100, 40);
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.take();
    bench.venue.replace(order!, change, bench.now);
    expect(bench.take()).toEqual([expect.objectContaining({ kind: 'replace-rejected', reason })]);
    expect(bench.venue.snapshot(bench.now).openOrders.items).toEqual([expect.objectContaining({ leavesQty: 20 })]);
  });

  it('keeps the place of a smaller order and not of a dearer one', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.bar(100, 100, 100, 100, 60);
    const [first, second] = bench.submit(
      { type: 'limit', limit: 101 },
      { type: 'limit', limit: 101 },
      { type: 'limit', limit: 101 },
    );
    bench.venue.replace(first!, { qty: 50 }, bench.now);
    bench.venue.replace(second!, { limitPrice: 102 }, bench.now);
    bench.venue.onBarOpen(0, 100, bench.now);
    expect(bench.fills()).toEqual(['1: 50 @ 100', '3: 10 @ 100']);
  });

  it('does not match a changed price with the part of the bar before the change', () => {
    const bench = new VenueBench();
    const [order] = bench.submit({ type: 'limit', limit: 90 });
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.now += 1;
    bench.venue.replace(order!, { limitPrice: 99 }, bench.now);
    bench.endBar(100, 101, 98, 100);
    expect(bench.fills()).toEqual([]);
    bench.bar(100, 100, 99, 100);
    expect(bench.fills()).toEqual(['1: 100 @ 99']);
  });

  it('resizes a bracket: children follow the new quantities', () => {
    const bench = new VenueBench({}, { calendar: ALWAYS_OPEN });
    const [parent, child] = bench.submit(
      { type: 'limit', limit: 95 },
      { side: 'sell', type: 'stop', stop: 90, parent: 1 },
    );
    bench.venue.replace(parent!, { qty: 60 }, bench.now);
    bench.venue.replace(child!, { qty: 60 }, bench.now);
    bench.bar(100, 100, 89, 90);
    expect(bench.fills()).toEqual(['1: 60 @ 95', '2: 60 @ 90']);
  });
});
