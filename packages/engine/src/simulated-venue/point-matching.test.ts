import { describe, expect, it } from '@jest/globals';
import { DAY_SESSION, MINUTE, MONDAY, VenueBench } from './venue-bench.fixture.js';

describe('fill models', () => {
  it('cross-spread buys at the ask and sells at the bid of the next tick', () => {
    const bench = new VenueBench({ fill: 'cross-spread' });
    bench.tick({ bid: 99, ask: 101 });
    bench.submit({}, { side: 'sell' });
    bench.tick({ bid: 100, ask: 102 });
    expect(bench.fills()).toEqual(['1: 100 @ 102', '2: 100 @ 100']);
  });

  it('cross-spread takes the last quote known on a trade, and half the assumed spread where there is none', () => {
    const quoted = new VenueBench({ fill: 'cross-spread' });
    quoted.tick({ bid: 99, ask: 101 });
    quoted.submit({});
    quoted.tick({ last: 100, size: 10 });
    expect(quoted.fills()).toEqual(['1: 100 @ 101']);
    const trades = new VenueBench({ fill: 'cross-spread', assumedSpreadTicks: 4 });
    trades.submit({}, { side: 'sell' });
    trades.tick({ last: 100, size: 10 });
    expect(trades.fills()).toEqual(['1: 100 @ 100.02', '2: 100 @ 99.98']);
    const bars = new VenueBench({ fill: 'cross-spread', assumedSpreadTicks: 4 });
    bars.submit({}, { side: 'sell' });
    bars.bar(100, 100, 100, 100);
    expect(bars.fills()).toEqual(['1: 100 @ 100.02', '2: 100 @ 99.98']);
  });

  it.each(['next-tick', 'next-open'])('%s fills at the trade, or the mid of a quote, of the next tick', (fill) => {
    const bench = new VenueBench({ fill });
    bench.submit({});
    bench.tick({ bid: 99, ask: 102 });
    bench.submit({});
    bench.tick({ bid: 99, ask: 102, last: 99.5, size: 10 });
    expect(bench.fills()).toEqual(['1: 100 @ 100.5', '2: 100 @ 99.5']);
  });

  it('next-tick fills at the next open of a bar', () => {
    const bench = new VenueBench({ fill: 'next-tick' });
    bench.submit({});
    bench.bar(100, 101, 99, 100);
    expect(bench.fills()).toEqual(['1: 100 @ 100']);
  });

  it('this-close fills at submit, at the price just closed', () => {
    const bench = new VenueBench({ fill: 'this-close' });
    bench.bar(100, 104, 99, 103);
    bench.submit({}, { type: 'limit', limit: 104 }, { type: 'limit', limit: 102 }, { type: 'stop', stop: 103 });
    expect(bench.fills()).toEqual(['1: 100 @ 103', '2: 100 @ 103', '4: 100 @ 103']);
    const ticks = new VenueBench({ fill: 'this-close' });
    ticks.tick({ last: 50, size: 1 });
    ticks.submit({});
    expect(ticks.fills()).toEqual(['1: 100 @ 50']);
  });

  it('this-close waits when the market has been closed since the price', () => {
    const bench = new VenueBench({ fill: 'this-close' }, { calendar: DAY_SESSION });
    bench.now = MONDAY + 20 * 60 * MINUTE - MINUTE;
    bench.bar(100, 100, 100, 100);
    bench.submit({});
    expect(bench.fills()).toEqual(['1: 100 @ 100']);
    bench.now += MINUTE;
    bench.submit({});
    expect(bench.fills()).toEqual([]);
    bench.now = MONDAY + 38 * 60 * MINUTE;
    bench.bar(105, 105, 105, 105);
    expect(bench.fills()).toEqual(['2: 100 @ 105']);
  });
});

describe('orders and ticks', () => {
  it('triggers stops by the side they trade at', () => {
    const bench = new VenueBench({ fill: 'cross-spread' });
    bench.submit({ type: 'stop', stop: 102 }, { side: 'sell', type: 'stop', stop: 98 });
    bench.tick({ bid: 100, ask: 101.99 });
    bench.tick({ bid: 98.01, ask: 102.5 });
    bench.tick({ bid: 97, ask: 99 });
    expect(bench.fills()).toEqual(['1: 100 @ 102.5', '2: 100 @ 97']);
  });

  it('takes the market price with a marketable limit at its first tick, later gives its own price', () => {
    const bench = new VenueBench({ fill: 'cross-spread' });
    bench.submit({ type: 'limit', limit: 102 }, { type: 'limit', limit: 100 });
    bench.tick({ bid: 100, ask: 101 });
    bench.tick({ bid: 98, ask: 99 });
    expect(bench.take()).toEqual([
      expect.objectContaining({ order: 1, price: 101, liquidity: 'taker' }),
      expect.objectContaining({ order: 2, price: 100, liquidity: 'maker' }),
    ]);
  });

  it('turns a triggered stop-limit into a limit', () => {
    const bench = new VenueBench({ fill: 'cross-spread' });
    bench.submit({ type: 'stop-limit', stop: 102, limit: 103 });
    bench.tick({ bid: 100, ask: 101 });
    bench.tick({ bid: 103, ask: 104 });
    bench.tick({ bid: 99, ask: 100 });
    expect(bench.fills()).toEqual(['1: 100 @ 103']);
  });

  it('trails by the side it trades at', () => {
    const bench = new VenueBench({ fill: 'cross-spread' });
    bench.submit({ side: 'sell', type: 'trailing-stop', trail: 1.5 });
    for (const bid of [100, 103, 102, 101.6]) bench.tick({ bid, ask: bid + 1 });
    expect(bench.fills()).toEqual([]);
    bench.tick({ bid: 101.5, ask: 102 });
    expect(bench.fills()).toEqual(['1: 100 @ 101.5']);
  });

  it('does not fill a bracket child at the tick that filled its parent', () => {
    const bench = new VenueBench({ fill: 'next-tick' });
    bench.submit({}, { side: 'sell', type: 'stop', stop: 101, parent: 1 });
    bench.tick({ last: 100, size: 1 });
    expect(bench.fills()).toEqual(['1: 100 @ 100']);
    bench.tick({ last: 99, size: 1 });
    expect(bench.fills()).toEqual(['2: 100 @ 99']);
  });

  it('matches nothing at ticks outside the session: a market order waits for the open', () => {
    const bench = new VenueBench({ fill: 'next-tick' }, { calendar: DAY_SESSION });
    bench.submit({ tif: 'DAY' });
    bench.tick({ last: 100, size: 1 });
    expect(bench.fills()).toEqual([]);
    bench.now = MONDAY + 14 * 60 * MINUTE;
    bench.tick({ last: 101, size: 1 });
    expect(bench.fills()).toEqual(['1: 100 @ 101']);
  });

  it('takes its share of the size at the tick', () => {
    const bench = new VenueBench({ fill: 'cross-spread', volumeShare: 0.5 });
    bench.submit({ qty: 100 }, { side: 'sell', qty: 100 });
    bench.tick({ bid: 99, ask: 101, bidSize: 40, askSize: 120 });
    expect(bench.fills()).toEqual(['1: 60 @ 101']);
    bench.tick({ bid: 99, ask: 101, bidSize: 200, askSize: 10 });
    expect(bench.fills()).toEqual(['1: 5 @ 101', '2: 95 @ 99']);
    bench.tick({ bid: 99, ask: 101 });
    expect(bench.fills()).toEqual([]);
  });
});

describe('IOC and FOK', () => {
  it('cancels what an IOC order cannot fill at once', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.bar(100, 100, 100, 100, 60);
    bench.submit({ tif: 'IOC' }, { tif: 'IOC', type: 'limit', limit: 99 });
    bench.bar(100, 100, 98, 99, 1_000);
    expect(bench.take()).toEqual([
      expect.objectContaining({ kind: 'filled', order: 1, qty: 60, leaves: 40 }),
      expect.objectContaining({ kind: 'cancelled', order: 1, reason: 'IOC_REMAINDER' }),
      expect.objectContaining({ kind: 'cancelled', order: 2, reason: 'IOC_REMAINDER' }),
    ]);
  });

  it('fills a FOK order whole or not at all', () => {
    const bench = new VenueBench({ volumeShare: 1 });
    bench.bar(100, 100, 100, 100, 150);
    bench.submit({ tif: 'FOK' }, { tif: 'FOK' });
    bench.bar(100, 100, 100, 100);
    expect(bench.take()).toEqual([
      expect.objectContaining({ kind: 'filled', order: 1, qty: 100 }),
      expect.objectContaining({ kind: 'cancelled', order: 2, reason: 'FOK_NOT_FILLABLE' }),
    ]);
  });
});

describe('slippage', () => {
  it.each([
    [{ model: 'ticks', ticks: 3 }, 100.03],
    [{ model: 'bps', bps: 5 }, 100.05],
    [{ model: 'spread', share: 0.5 }, 100.05],
    [{ model: 'volume-impact', impactBps: 100 }, 100.1],
    [{ model: 'volume-impact', impactBps: 100, exponent: 1 }, 100.01],
  ])('%j makes a market order worse', (slippage, price) => {
    const bench = new VenueBench({ slippage, assumedSpreadTicks: 10 });
    bench.bar(100, 100, 100, 100, 10_000);
    bench.submit({}, { side: 'sell' });
    bench.bar(100, 100, 100, 100);
    expect(bench.fills()).toEqual([`1: 100 @ ${price}`, `2: 100 @ ${200 - price}`]);
  });

  it('never goes beyond a limit, and spares orders that give liquidity', () => {
    const bench = new VenueBench({ slippage: { model: 'ticks', ticks: 50 } });
    bench.bar(100, 100, 100, 100);
    bench.submit({ type: 'limit', limit: 100.2 }, { type: 'limit', limit: 98 }, { type: 'stop', stop: 101 });
    bench.bar(100, 101, 98, 100);
    expect(bench.fills()).toEqual(['1: 100 @ 100.2', '3: 100 @ 101.5', '2: 100 @ 98']);
  });

  it('rounds against the order onto the fill price grid', () => {
    const bench = new VenueBench(
      { slippage: { model: 'bps', bps: 1 } },
      { instruments: [{ symbol: 'ABC', assetClass: 'equity', quote: 'USD', priceDecimals: 2 }] },
    );
    bench.submit({}, { side: 'sell' });
    bench.bar(33.33, 34, 33, 33.5);
    expect(bench.fills()).toEqual(['1: 100 @ 33.34', '2: 100 @ 33.32']);
  });
});

describe('fees', () => {
  it.each([
    [{ model: 'none' }, 0],
    [{ model: 'per-unit', amount: 0.125 }, 12.5],
    [{ model: 'per-share', amount: 0.005, minimum: 1 }, 1],
    [{ model: 'per-share', amount: 0.05, minimum: 1 }, 5],
    [{ model: 'per-share', amount: 0.05, minimum: 1, maximumPct: 0.02 }, 2],
    [{ model: 'per-lot', amount: 7, lotSize: 1_000 }, 0.7],
    [{ model: 'bps', bps: 2 }, 2],
    [{ model: 'bps', bps: 2, minimum: 3 }, 3],
    [{ model: 'maker-taker', makerBps: -1, takerBps: 4 }, 4],
  ])('%j', (fees, fee) => {
    const bench = new VenueBench({ fees });
    bench.submit({});
    bench.bar(100, 100, 100, 100);
    expect(bench.take()).toEqual([expect.objectContaining({ fee })]);
  });

  it('pays a maker, and rounds to eight decimals', () => {
    const bench = new VenueBench({ fees: { model: 'maker-taker', makerBps: -1 / 3, takerBps: 4 } });
    bench.bar(100, 100, 100, 100);
    bench.submit({ type: 'limit', limit: 98 });
    bench.bar(100, 100, 97, 100);
    expect(bench.take()).toEqual([expect.objectContaining({ fee: -0.32666667 })]);
  });

  it.each([
    { model: 'per-share', amount: 0.02, minimum: 1 },
    { model: 'bps', bps: 2, minimum: 1 },
  ])('charges a minimum once per order: %j', (fees) => {
    const bench = new VenueBench({ fees, volumeShare: 1 });
    bench.submit({ qty: 100 });
    for (const volume of [20, 60, 100, 100]) bench.bar(100, 100, 100, 100, volume);
    // 0.40 and 1.60 are due after 20 and 80 units, the minimum is 1.
    expect(bench.take().map((line) => line.fee)).toEqual([1, 0.6, 0.4]);
  });
});
