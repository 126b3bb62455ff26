import type { Bar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { build, copyBar, MONDAY, quote, timeBars, trade } from './bars.fixture.js';

describe('TimeBarBuilder', () => {
  it('builds the bars of a clock from trades', () => {
    const ticks = [
      trade({ ts: MONDAY + 1_000, last: 100, size: 10 }),
      trade({ ts: MONDAY + 2_000, last: 102, size: 5 }),
      trade({ ts: MONDAY + 59_999, last: 99, size: 5 }),
      trade({ ts: MONDAY + 60_000, last: 101, size: 1 }),
    ];
    expect(build(timeBars({ seconds: 60, vwap: true }), ticks)).toEqual([
      {
        ts: MONDAY,
        endTs: MONDAY + 60_000,
        symbol: 'TEST',
        open: 100,
        high: 102,
        low: 99,
        close: 99,
        volume: 20,
        nTicks: 3,
        vwap: 100.25,
      },
      {
        ts: MONDAY + 60_000,
        endTs: MONDAY + 120_000,
        symbol: 'TEST',
        open: 101,
        high: 101,
        low: 101,
        close: 101,
        volume: 1,
        nTicks: 1,
        vwap: 101,
      },
    ]);
  });

  it('is closed by the clock where no tick comes', () => {
    const builder = timeBars({ seconds: 60 });
    const bars: Bar[] = [];
    const emit = (bar: Bar): void => void bars.push(copyBar(bar));
    expect(builder.nextClose).toBeNaN();
    builder.onTick(trade({ ts: MONDAY + 5 }), emit);
    expect(builder.nextClose).toBe(MONDAY + 60_000);
    builder.flush(MONDAY + 59_999, emit);
    expect(bars).toHaveLength(0);
    builder.flush(MONDAY + 60_000, emit);
    expect(bars).toHaveLength(1);
    expect(builder.nextClose).toBeNaN();
    builder.flush(MONDAY + 600_000, emit);
    builder.flush(MONDAY + 600_000, emit, true);
    expect(bars).toHaveLength(1);
  });

  it('invents no bar where nothing traded', () => {
    const bars = build(timeBars({}), [trade({ ts: MONDAY }), trade({ ts: MONDAY + 600_000 })]);
    expect(bars.map((bar) => bar.ts)).toEqual([MONDAY, MONDAY + 600_000]);
  });

  it('counts late ticks and leaves them out', () => {
    const builder = timeBars({ seconds: 60 });
    const ticks = [0, 61_000, 59_000, 62_000].map((ms) => trade({ ts: MONDAY + ms }));
    expect(build(builder, ticks).map((bar) => bar.nTicks)).toEqual([1, 2]);
    expect(builder.ignored.late).toBe(1);
    expect(builder.ignoredTicks).toBe(1);
  });

  it('leaves a bar closed by force closed', () => {
    const builder = timeBars({ seconds: 60 });
    expect(build(builder, [trade({ ts: MONDAY })])).toHaveLength(1);
    expect(build(builder, [trade({ ts: MONDAY + 1 })])).toHaveLength(0);
    expect(builder.ignored.late).toBe(1);
  });

  it.each([
    ['mid', 100.5],
    ['bid', 100],
    ['ask', 101],
  ])('makes bars of the %s, with no volume', (price, open) => {
    const [bar] = build(timeBars({ price }), [quote(MONDAY, 100, 101)]);
    expect(bar).toMatchObject({ open, volume: 0, nTicks: 1 });
    expect(bar?.vwap).toBeNaN();
  });

  it('counts ticks without the price asked for', () => {
    const builder = timeBars({ price: 'bid' });
    const ticks = [
      quote(MONDAY, Number.NaN, 101),
      trade({ ts: MONDAY, last: 3 }),
      quote(MONDAY, Number.POSITIVE_INFINITY, 1),
    ];
    expect(build(builder, ticks)).toEqual([]);
    expect(builder.ignored.unpriced).toBe(3);
    const last = timeBars({ price: 'last' });
    expect(build(last, [quote(MONDAY, 1, 2)])).toEqual([]);
    expect(last.ignored.unpriced).toBe(1);
  });

  it('counts a trade in a quote tick whatever price makes the bar', () => {
    const [bar] = build(timeBars({ price: 'mid', vwap: true }), [
      trade({ ts: MONDAY, bid: 99, ask: 100, last: 100, size: 7 }),
    ]);
    expect(bar).toMatchObject({ open: 99.5, volume: 7, vwap: 100 });
  });

  it('counts sizes that are no sizes as nothing', () => {
    const sizes = [Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 3];
    const [bar] = build(
      timeBars({ vwap: true }),
      sizes.map((size) => trade({ ts: MONDAY, size })),
    );
    expect(bar).toMatchObject({ volume: 3, nTicks: 5, vwap: 100 });
  });

  it('refuses times that are no times', () => {
    const builder = timeBars({});
    expect(
      build(
        builder,
        [Number.NaN, Infinity, -Infinity].map((ts) => trade({ ts })),
      ),
    ).toEqual([]);
    expect(builder.ignoredTicks).toBe(3);
  });

  it('gives away one object', () => {
    const seen = new Set<Bar>();
    const builder = timeBars({});
    for (let i = 0; i < 5; i += 1) builder.onTick(trade({ ts: MONDAY + i * 60_000 }), (bar) => void seen.add(bar));
    expect(seen.size).toBe(1);
  });

  it('is whole after a consumer threw', () => {
    const builder = timeBars({});
    builder.onTick(trade({ ts: MONDAY }), () => undefined);
    expect(() =>
      builder.flush(MONDAY + 60_000, () => {
        throw new Error('consumer');
      }),
    ).toThrow('consumer');
    expect(build(builder, [trade({ ts: MONDAY + 60_000, last: 7 })])).toMatchObject([
      { ts: MONDAY + 60_000, open: 7, nTicks: 1 },
    ]);
  });
});
