import { describe, expect, it } from '@jest/globals';
import { MINUTE, stock, VenueBench } from './venue-bench.fixture.js';

const TWO = { instruments: [stock(), stock({ symbol: 'DEF' })] };

/** A whole bar of an instrument a minute later: low, high and, where it is not the low, open. Whether the venue passed it by. */
function passes(bench: VenueBench, instrument: number, range: readonly [number, number, number?]): boolean {
  const [low, high, open = low] = range;
  const ts = bench.now;
  const endTs = ts + MINUTE;
  const values = { open, high, low, close: high, volume: 1_000, nTicks: Number.NaN, vwap: Number.NaN };
  const { symbol } = bench.instruments[instrument]!;
  bench.now = endTs;
  if (bench.venue.passBar(instrument, { symbol, ts, endTs, ...values })) return true;
  bench.venue.onBarOpen(instrument, open, ts);
  bench.venue.onBarRange(instrument, values, endTs);
  return false;
}

describe('the prices that touch no order', () => {
  it('lie strictly between the orders, once these have seen a price', () => {
    const bench = new VenueBench();
    bench.submit({ side: 'sell', type: 'limit', limit: 110 }, { side: 'sell', type: 'stop', stop: 90 });
    expect(passes(bench, 0, [100, 101])).toBe(false);
    expect(passes(bench, 0, [90.01, 109.99])).toBe(true);
    expect(bench.fills()).toEqual([]);
    expect(passes(bench, 0, [95, 110])).toBe(false);
    expect(passes(bench, 0, [90, 95])).toBe(false);
    expect(bench.fills()).toEqual(['1: 100 @ 110', '2: 100 @ 90']);
  });

  it('are met by an open, too, that a feed gave outside of the range', () => {
    const bench = new VenueBench();
    bench.submit({ side: 'sell', type: 'limit', limit: 110 });
    expect(passes(bench, 0, [100, 101])).toBe(false);
    expect(passes(bench, 0, [100, 101, 112])).toBe(false);
    expect(bench.fills()).toEqual(['1: 100 @ 112']);
  });

  it('are met by a close outside of the range, by an order that began in the bar', () => {
    const bench = new VenueBench({}, TWO);
    const values = (open: number, high: number, low: number, close: number) => ({ open, high, low, close, volume: 1 });
    const bar = (instrument: number, open: number): void => bench.venue.onBarOpen(instrument, open, bench.now);
    const range = (instrument: number, made: ReturnType<typeof values>): void =>
      bench.venue.onBarRange(instrument, made, bench.now);
    bench.submit(
      { side: 'buy', type: 'limit', limit: 90 },
      { side: 'buy', type: 'limit', limit: 50, instrument: 1, parent: 1 },
    );
    bar(0, 100);
    bar(1, 60);
    bench.now += MINUTE;
    range(0, values(100, 100, 100, 100));
    range(1, values(60, 60, 60, 60));
    bar(1, 60);
    bench.now += 1_000;
    bar(0, 89);
    bench.now += MINUTE;
    range(1, values(60, 61, 55, 45));
    expect(bench.fills()).toEqual(['1: 100 @ 89', '2: 100 @ 50']);
  });

  it('move with a replace, and end with a cancel', () => {
    const bench = new VenueBench();
    const [order] = bench.submit({ side: 'buy', type: 'limit', limit: 90 });
    expect([passes(bench, 0, [100, 101]), passes(bench, 0, [95, 101])]).toEqual([false, true]);
    bench.venue.replace(order!, { limitPrice: 96 }, bench.now);
    expect([passes(bench, 0, [97, 101]), passes(bench, 0, [97, 101])]).toEqual([false, true]);
    expect(passes(bench, 0, [95, 101])).toBe(false);
    bench.submit({ side: 'buy', type: 'limit', limit: 90 });
    expect(passes(bench, 0, [97, 101])).toBe(false);
    bench.venue.cancel(bench.records.get(2)!, bench.now);
    expect([passes(bench, 0, [80, 101]), passes(bench, 0, [80, 101])]).toEqual([false, true]);
  });

  it.each([
    ['a market order', { type: 'market' as const }],
    ['a trailing stop', { side: 'sell' as const, type: 'trailing-stop' as const, trail: 50 }],
  ])('are none while %s rests', (_, fields) => {
    const bench = new VenueBench({ volumeShare: 0.01 });
    bench.submit({ ...fields, qty: 1_000 });
    for (let bar = 0; bar < 3; bar += 1) expect(passes(bench, 0, [100, 101])).toBe(false);
  });

  it('are as the limit where a stop-limit was triggered, and none where a stop was', () => {
    const bench = new VenueBench({ volumeShare: 0.01 });
    bench.submit({ side: 'buy', type: 'stop-limit', stop: 105, limit: 99, qty: 100 });
    expect(passes(bench, 0, [100, 101])).toBe(false);
    expect(passes(bench, 0, [98, 101])).toBe(true);
    expect(passes(bench, 0, [100, 106])).toBe(false);
    expect(passes(bench, 0, [100, 106])).toBe(true);
    bench.submit({ side: 'buy', type: 'stop', stop: 110, qty: 100 });
    expect(passes(bench, 0, [109, 111])).toBe(false);
    for (let bar = 0; bar < 3; bar += 1) expect(passes(bench, 0, [100, 101])).toBe(false);
  });

  it('heed what a fill in another instrument releases or cancels', () => {
    const bench = new VenueBench({}, TWO);
    bench.submit(
      { side: 'buy', type: 'limit', limit: 90 },
      { side: 'buy', type: 'limit', limit: 50, instrument: 1, parent: 1, oco: 2 },
      { side: 'sell', type: 'limit', limit: 70, instrument: 1, parent: 1, oco: 2 },
    );
    passes(bench, 0, [100, 101]);
    passes(bench, 1, [60, 61]);
    // What became of an order may concern any instrument: each takes note at the end of a bar.
    passes(bench, 0, [100, 101]);
    expect([passes(bench, 0, [100, 101]), passes(bench, 1, [40, 80])]).toEqual([true, true]);
    expect(passes(bench, 0, [89, 101])).toBe(false);
    expect(passes(bench, 1, [40, 61])).toBe(false);
    expect(bench.fills()).toEqual(['1: 100 @ 89', '2: 100 @ 40']);
    expect(passes(bench, 1, [40, 80])).toBe(true);
  });
});
