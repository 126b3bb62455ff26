import { describe, expect, it } from '@jest/globals';
import { MINUTE, MONDAY, VenueBench } from './venue-bench.fixture.js';

describe('orders and bars', () => {
  it('fills a market order at the next open and nowhere else', () => {
    const bench = new VenueBench();
    bench.bar(100, 110, 90, 105);
    bench.submit({});
    bench.bar(106, 107, 105, 106);
    expect(bench.take()).toEqual([
      expect.objectContaining({
        kind: 'filled',
        price: 106,
        qty: 100,
        leaves: 0,
        ts: MONDAY + MINUTE,
        liquidity: 'taker',
      }),
    ]);
  });

  it('leaves a market order that came after the open to the next bar', () => {
    const bench = new VenueBench();
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.submit({});
    bench.endBar(100, 110, 90, 105);
    expect(bench.fills()).toEqual([]);
    bench.bar(104, 104, 104, 104);
    expect(bench.fills()).toEqual(['1: 100 @ 104']);
  });

  it('fills stops and limits inside the range at their prices', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'stop', stop: 103 }, { type: 'limit', limit: 98 }, { side: 'sell', type: 'stop', stop: 97 });
    bench.bar(100, 104, 96, 101);
    expect(bench.fills()).toEqual(['1: 100 @ 103', '3: 100 @ 97', '2: 100 @ 98']);
  });

  it('fills a stop gapped through at the open, which is worse', () => {
    const bench = new VenueBench();
    bench.submit({ side: 'sell', type: 'stop', stop: 97 }, { side: 'buy', type: 'stop', stop: 90 });
    bench.bar(95, 96, 94, 95);
    expect(bench.fills()).toEqual(['1: 100 @ 95', '2: 100 @ 95']);
  });

  it('fills a limit gapped through at the open, which is better', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'limit', limit: 98 }, { side: 'sell', type: 'limit', limit: 104 });
    bench.bar(100, 101, 99, 100);
    bench.bar(95, 96, 94, 95);
    expect(bench.take()).toEqual([expect.objectContaining({ order: 1, price: 95, liquidity: 'maker' })]);
    bench.bar(106, 107, 105, 106);
    expect(bench.fills()).toEqual(['2: 100 @ 106']);
  });

  it('needs the market to go through a limit where the options say so', () => {
    const touched = new VenueBench();
    const through = new VenueBench({ limitFill: 'through' });
    for (const bench of [touched, through]) {
      bench.bar(100, 100, 100, 100);
      bench.submit({ type: 'limit', limit: 98 });
      bench.bar(100, 101, 98, 100);
    }
    expect(touched.fills()).toEqual(['1: 100 @ 98']);
    expect(through.fills()).toEqual([]);
    through.bar(100, 101, 97.99, 100);
    expect(through.fills()).toEqual(['1: 100 @ 98']);
  });

  it('fills the stop, not the target, of a position when both lie in the range', () => {
    const bench = new VenueBench();
    bench.submit({});
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.submit(
      { side: 'sell', type: 'limit', limit: 105, oco: 9, purpose: 'protection' },
      { side: 'sell', type: 'stop', stop: 95, oco: 9, purpose: 'protection' },
    );
    bench.endBar(100, 106, 94, 104);
    expect(bench.take()).toEqual([
      expect.objectContaining({ order: 1, price: 100 }),
      expect.objectContaining({ order: 3, price: 95, kind: 'filled' }),
      expect.objectContaining({ order: 2, kind: 'cancelled', reason: 'OCO_FILLED' }),
    ]);
  });

  it('fills the target when only that lies in the range', () => {
    const bench = new VenueBench();
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.submit({ side: 'sell', type: 'limit', limit: 105, oco: 9 }, { side: 'sell', type: 'stop', stop: 95, oco: 9 });
    bench.endBar(100, 106, 96, 104);
    expect(bench.fills()).toEqual(['1: 100 @ 105']);
  });

  it('stops out in the bar of an entry inside the range, and gives the target only with the close', () => {
    const entry = { type: 'limit', limit: 98 } as const;
    const stop = { side: 'sell', type: 'stop', stop: 96, parent: 1, oco: 9 } as const;
    const target = { side: 'sell', type: 'limit', limit: 102, parent: 1, oco: 9 } as const;
    const fillsOf = (high: number, low: number, close: number): string[] => {
      const bench = new VenueBench();
      bench.bar(100, 100, 100, 100);
      // The target arrives first: the stop comes first nevertheless.
      bench.submit(entry, target, stop);
      bench.bar(100, high, low, close);
      return bench.fills();
    };
    expect(fillsOf(103, 95, 102)).toEqual(['1: 100 @ 98', '3: 100 @ 96']);
    expect(fillsOf(103, 97, 101)).toEqual(['1: 100 @ 98']);
    expect(fillsOf(103, 97, 102)).toEqual(['1: 100 @ 98', '2: 100 @ 102']);
  });

  it('takes the price of the entry for a child whose stop is passed already', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'limit', limit: 98 }, { side: 'sell', type: 'stop', stop: 97, parent: 1 });
    bench.bar(95, 96, 94, 95);
    expect(bench.fills()).toEqual(['1: 100 @ 95', '2: 100 @ 95']);
  });

  it('lets only protection sent inside a bar take part in it, by its adverse side', () => {
    const bench = new VenueBench();
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.now += 1;
    bench.submit({ type: 'stop', stop: 102 });
    bench.submit({ side: 'sell', type: 'stop', stop: 98, purpose: 'protection' });
    bench.submit({ side: 'sell', type: 'limit', limit: 103, purpose: 'protection' });
    bench.endBar(100, 104, 97, 101);
    expect(bench.fills()).toEqual(['2: 100 @ 98']);
    bench.bar(103, 103, 103, 103);
    expect(bench.fills()).toEqual(['1: 100 @ 103', '3: 100 @ 103']);
  });
});

describe('stop-limit orders and bars', () => {
  it('fills at the stop when that is within the limit', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'stop-limit', stop: 102, limit: 103 });
    bench.bar(100, 104, 99, 101);
    expect(bench.fills()).toEqual(['1: 100 @ 102']);
  });

  it('becomes a resting limit when the open gaps beyond the limit', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'stop-limit', stop: 102, limit: 103 });
    bench.bar(105, 106, 104, 105);
    expect(bench.fills()).toEqual([]);
    bench.bar(104, 105, 102, 104);
    expect(bench.fills()).toEqual(['1: 100 @ 103']);
  });

  it('fills at an open between stop and limit', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'stop-limit', stop: 102, limit: 103 });
    bench.bar(102.5, 106, 102, 105);
    expect(bench.fills()).toEqual(['1: 100 @ 102.5']);
  });

  it('needs the close for a pull-back after the trigger', () => {
    const bench = new VenueBench();
    bench.submit({ type: 'stop-limit', stop: 102, limit: 101 }, { type: 'stop-limit', stop: 102, limit: 100.5 });
    bench.bar(100, 103, 99, 101);
    expect(bench.fills()).toEqual(['1: 100 @ 101']);
    bench.bar(101, 101, 100.5, 101);
    expect(bench.fills()).toEqual(['2: 100 @ 100.5']);
  });
});

describe('trailing stops and bars', () => {
  const longTrail = { side: 'sell', type: 'trailing-stop', trail: 3 } as const;

  it('tests the adverse extreme with the level from before the bar', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    bench.submit(longTrail);
    // The high of 105 may come after the low of 97: the level is 97 still.
    bench.bar(100, 105, 97, 104);
    expect(bench.fills()).toEqual(['1: 100 @ 97']);
  });

  it('ratchets with the favourable extreme and fires on the close below the new level', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    bench.submit(longTrail);
    bench.bar(100, 105, 98, 102);
    expect(bench.fills()).toEqual(['1: 100 @ 102']);
  });

  it('keeps the ratcheted level for the next bar and never lowers it', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    bench.submit(longTrail);
    bench.bar(100, 105, 98, 104);
    bench.bar(103, 103, 102.5, 103);
    expect(bench.fills()).toEqual([]);
    bench.bar(103, 103, 102, 102.5);
    expect(bench.fills()).toEqual(['1: 100 @ 102']);
  });

  it('fills at an open beyond the level', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    bench.submit(longTrail, { side: 'buy', type: 'trailing-stop', trail: 2 });
    bench.bar(94, 94.5, 94, 94);
    expect(bench.fills()).toEqual(['1: 100 @ 94']);
    bench.bar(97, 97, 97, 97);
    expect(bench.fills()).toEqual(['2: 100 @ 97']);
  });

  it('starts at a given stop price', () => {
    const bench = new VenueBench();
    bench.bar(100, 100, 100, 100);
    bench.submit({ ...longTrail, stop: 99 });
    bench.bar(100, 101, 99, 100);
    expect(bench.fills()).toEqual(['1: 100 @ 99']);
  });
});

describe('bars without an announced open', () => {
  it('opens them where the last bar ended', () => {
    const bench = new VenueBench();
    bench.endBar(100, 100, 100, 100);
    bench.submit({});
    bench.now += 10;
    bench.submit({});
    bench.now -= 10;
    bench.endBar(102, 103, 101, 102);
    expect(bench.fills()).toEqual(['1: 100 @ 102']);
    bench.endBar(104, 104, 104, 104);
    expect(bench.fills()).toEqual(['2: 100 @ 104']);
  });
});

describe('volume share', () => {
  it('takes its share of the last bar at the open and the rest of this bar in the range', () => {
    const bench = new VenueBench({ volumeShare: 0.1 });
    bench.bar(100, 100, 100, 100, 500);
    bench.submit({ qty: 120, type: 'limit', limit: 101 });
    bench.bar(100, 100, 100, 100, 1_000);
    // 50 at the open (a tenth of 500), 50 more in the range (a tenth of 1,000 less 50), the rest at the next open.
    expect(bench.fills()).toEqual(['1: 50 @ 100', '1: 50 @ 101']);
    bench.bar(99, 99, 99, 99, 1_000);
    expect(bench.fills()).toEqual(['1: 20 @ 99']);
  });

  it('fills whole lots only and nothing without volume', () => {
    const bench = new VenueBench(
      { volumeShare: 0.5 },
      { instruments: [{ symbol: 'ABC', assetClass: 'fx', quote: 'USD', lotStep: 10 }] },
    );
    bench.submit({ qty: 30 });
    bench.bar(100, 100, 100, 100, 25);
    expect(bench.fills()).toEqual([]);
    bench.bar(100, 100, 100, 100, 0);
    expect(bench.fills()).toEqual(['1: 10 @ 100']);
    bench.bar(100, 100, 100, 100, 60);
    expect(bench.fills()).toEqual([]);
    bench.bar(100, 100, 100, 100, 60);
    expect(bench.fills()).toEqual(['1: 20 @ 100']);
  });

  it('shares the volume among orders in order of arrival', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.bar(100, 100, 100, 100, 150);
    bench.submit({}, {});
    bench.venue.onBarOpen(0, 101, bench.now);
    expect(bench.fills()).toEqual(['1: 100 @ 101', '2: 50 @ 101']);
  });
});
