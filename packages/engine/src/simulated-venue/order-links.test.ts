import { describe, expect, it } from '@jest/globals';
import { VenueBench } from './venue-bench.fixture.js';

const STOP = { side: 'sell', type: 'stop', stop: 90, purpose: 'protection' } as const;
const TARGET = { side: 'sell', type: 'limit', limit: 110, purpose: 'protection' } as const;

describe('OCO groups', () => {
  it('cancels the others when one fills whole', () => {
    const bench = new VenueBench();
    bench.submit({ ...TARGET, oco: 9 }, { ...STOP, oco: 9 }, { type: 'limit', limit: 80, oco: 9 });
    bench.bar(112, 112, 112, 112);
    expect(bench.take().map((line) => [line.kind, line.order])).toEqual([
      ['filled', 1],
      ['cancelled', 3],
      ['cancelled', 2],
    ]);
    expect(bench.venue.snapshot(bench.now).openOrders.items).toEqual([]);
  });

  it('takes a partial fill off the others', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.submit({ ...TARGET, oco: 9 }, { ...STOP, oco: 9 });
    bench.bar(100, 111, 100, 105, 40);
    bench.bar(95, 95, 89, 90, 1_000);
    expect(bench.take()).toEqual([
      expect.objectContaining({ kind: 'filled', order: 1, qty: 40, leaves: 60 }),
      expect.objectContaining({ kind: 'replaced', order: 2, qty: 60, stopPrice: 90 }),
      expect.objectContaining({ kind: 'filled', order: 2, qty: 60, leaves: 0 }),
      expect.objectContaining({ kind: 'cancelled', order: 1 }),
    ]);
  });

  it('joins orders sent apart, and leaves the rest alone when one is cancelled', () => {
    const bench = new VenueBench();
    const [first] = bench.submit({ ...TARGET, oco: 9 });
    bench.submit({ ...STOP, oco: 9 });
    bench.submit({ ...STOP, stop: 89, oco: 9 });
    bench.venue.cancel(first!, bench.now);
    bench.bar(90, 90, 90, 90);
    expect(bench.take().map((line) => [line.kind, line.order])).toEqual([
      ['cancelled', 1],
      ['filled', 2],
      ['cancelled', 3],
    ]);
  });

  it('works across instruments', () => {
    const instruments = ['ABC', 'DEF'].map((symbol) => ({ symbol, assetClass: 'equity', quote: 'USD' }) as const);
    const bench = new VenueBench({}, { instruments });
    bench.submit({ ...TARGET, oco: 9 }, { ...TARGET, oco: 9, instrument: 1 });
    bench.venue.onBarOpen(1, 115, bench.now);
    expect(bench.take().map((line) => [line.kind, line.order])).toEqual([
      ['filled', 2],
      ['cancelled', 1],
    ]);
  });
});

describe('brackets', () => {
  it('lets children work when the parent fills', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'limit', limit: 95 }, { ...STOP, parent: 1, oco: 9 }, { ...TARGET, parent: 1, oco: 9 });
    bench.bar(120, 120, 120, 120);
    expect(bench.fills()).toEqual([]);
    bench.bar(100, 100, 94, 100);
    bench.bar(111, 111, 111, 111);
    expect(bench.fills()).toEqual(['1: 100 @ 95', '3: 100 @ 111']);
  });

  it('sizes children to what the parent has filled, in whole lots, and each to its own share', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.submit({ qty: 99 }, { ...STOP, qty: 99, parent: 1 }, { ...STOP, stop: 91, qty: 50, parent: 1 });
    bench.bar(100, 100, 100, 100, 33);
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.endBar(100, 100, 85, 85, 1_000);
    expect(bench.fills()).toEqual(['1: 33 @ 100', '2: 33 @ 90', '3: 16 @ 91']);
    bench.bar(100, 100, 100, 100, 1_000);
    bench.bar(85, 85, 85, 85, 1_000);
    expect(bench.fills()).toEqual(['1: 66 @ 100', '2: 66 @ 85', '3: 34 @ 85']);
  });

  it('cuts children to what was filled when the parent ends, and cancels them when nothing was', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    const [parent] = bench.submit({}, { ...STOP, parent: 1 }, { ...TARGET, qty: 1, parent: 1 });
    const [idle] = bench.submit({ type: 'limit', limit: 50 }, { ...STOP, parent: 4 });
    bench.bar(100, 100, 100, 100, 30);
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.take();
    bench.venue.cancel(parent!, bench.now);
    bench.venue.cancel(idle!, bench.now);
    expect(bench.take()).toEqual([
      expect.objectContaining({ kind: 'cancelled', order: 1, reason: 'CANCEL_REQUESTED' }),
      expect.objectContaining({ kind: 'cancelled', order: 3, reason: 'PARENT_ENDED' }),
      expect.objectContaining({ kind: 'replaced', order: 2, qty: 30 }),
      expect.objectContaining({ kind: 'cancelled', order: 4 }),
      expect.objectContaining({ kind: 'cancelled', order: 5, reason: 'PARENT_ENDED' }),
    ]);
  });

  it('keeps OCO and bracket sizes together over partial fills', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.submit({}, { ...STOP, parent: 1, oco: 9 }, { ...TARGET, parent: 1, oco: 9 });
    bench.bar(100, 100, 100, 100, 40);
    bench.venue.onBarOpen(0, 100, bench.now);
    // 40 filled at the open; the target takes them all in the range and the stop has none left to guard.
    bench.endBar(100, 111, 100, 100, 1_000);
    expect(bench.take().map(({ kind, order, qty }) => [kind, order, qty])).toEqual([
      ['filled', 1, 40],
      ['filled', 3, 40],
      ['replaced', 2, 60],
    ]);
    bench.bar(85, 85, 85, 85, 1_000);
    expect(bench.take().map(({ kind, order, qty }) => [kind, order, qty])).toEqual([
      ['filled', 1, 60],
      ['filled', 2, 60],
      ['cancelled', 3, undefined],
    ]);
  });

  it('takes a child for a parent that works already, and starts its trail at its fill', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    bench.submit({ type: 'limit', limit: 95 });
    bench.submit({ side: 'sell', type: 'trailing-stop', trail: 2, parent: 1 });
    bench.bar(100, 100, 94, 94);
    bench.bar(94, 94, 93, 93);
    expect(bench.fills()).toEqual(['1: 100 @ 95', '2: 100 @ 93']);
  });

  it('refuses a child whose parent does not work, and a child that would cancel its parent', () => {
    const bench = new VenueBench();
    bench.submit({ ...STOP, parent: 77 });
    bench.submit({ oco: 9 }, { ...STOP, parent: 2, oco: 9 });
    expect(bench.take().map((line) => [line.order, line.reason])).toEqual([
      [1, 'PARENT_NOT_WORKING'],
      [2, 'GROUP_REJECTED'],
      [3, 'ORDER_INVALID'],
    ]);
  });

  it('never lets a child close more than its parent opened, whatever was replaced', () => {
    const bench = new VenueBench();
    const [parent] = bench.submit(
      { type: 'limit', limit: 95 },
      { ...STOP, parent: 1 },
      { ...STOP, qty: 150, parent: 1 },
    );
    bench.venue.replace(parent!, { qty: 60 }, bench.now);
    bench.bar(100, 100, 94, 100);
    expect(bench.take().map(({ kind, order, qty }) => [kind, order, qty])).toEqual([
      ['replaced', 1, 60],
      ['filled', 1, 60],
      ['replaced', 3, 60],
      ['replaced', 2, 60],
    ]);
  });

  it('measures a child on what its parent was before OCO took part of it', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    const [parent] = bench.submit(
      { type: 'limit', limit: 95, oco: 9 },
      { type: 'limit', limit: 98, oco: 9 },
      { ...STOP, qty: 50, parent: 1 },
    );
    bench.bar(100, 100, 97, 100, 40);
    bench.venue.replace(parent!, { qty: 50 }, bench.now);
    bench.take();
    bench.bar(100, 100, 100, 100, 10_000);
    bench.bar(95, 95, 95, 95, 10_000);
    // 50 of 90 filled: 27 of the child's 50.
    expect(bench.take().map(({ kind, order, qty }) => [kind, order, qty])).toEqual([
      ['filled', 1, 50],
      ['cancelled', 2, undefined],
      ['replaced', 3, 27],
    ]);
  });

  it('needs the close for a target that grew inside the bar', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.submit({ type: 'limit', limit: 95 }, { ...TARGET, parent: 1 });
    bench.bar(100, 100, 95, 100, 40);
    bench.bar(100, 112, 94, 100, 1_000);
    expect(bench.fills()).toEqual(['1: 40 @ 95', '1: 60 @ 95']);
    bench.bar(112, 112, 112, 112, 1_000);
    expect(bench.fills()).toEqual(['2: 100 @ 112']);
  });

  it('goes on after a restart in the middle of a parent', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    const [parent] = bench.submit({}, { ...STOP, parent: 1, oco: 9 }, { ...TARGET, parent: 1, oco: 9 });
    bench.bar(100, 100, 100, 100, 40);
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.restart();
    bench.venue.cancel(parent!, bench.now);
    bench.endBar(100, 100, 85, 85, 1_000);
    expect(bench.take().map(({ kind, order, qty }) => [kind, order, qty])).toEqual([
      ['filled', 1, 40],
      ['cancelled', 1, undefined],
      ['replaced', 3, 40],
      ['replaced', 2, 40],
      ['filled', 2, 40],
      ['cancelled', 3, undefined],
    ]);
  });
});
