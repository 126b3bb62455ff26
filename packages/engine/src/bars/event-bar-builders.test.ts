import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { build, contextOf, MONDAY, quote, ticksFrom, total, trade } from './bars.fixture.js';
import { MAX_BARS_PER_TICK } from './quantity-bar-builder.js';
import { RangeBarBuilder } from './range-bar-builder.js';
import { TickBarBuilder } from './tick-bar-builder.js';
import { ValueBarBuilder } from './value-bar-builder.js';
import { VolumeBarBuilder } from './volume-bar-builder.js';

const LAST = { price: 'last', vwap: false } as const;
const at = (text: string): number => Date.parse(`${text}Z`);

describe('TickBarBuilder', () => {
  it('closes with its last tick', () => {
    const builder = new TickBarBuilder({ ...LAST, ticks: 2 }, contextOf());
    const bars = build(
      builder,
      [0, 10, 10, 25, 30].map((ms, i) => trade({ ts: MONDAY + ms, last: 100 + i, size: 2 })),
    );
    expect(
      bars.map((bar) => [bar.ts - MONDAY, bar.endTs - MONDAY, bar.open, bar.close, bar.volume, bar.nTicks]),
    ).toEqual([
      [0, 10, 100, 101, 4, 2],
      [10, 25, 102, 103, 4, 2],
      [30, 30, 104, 104, 2, 1],
    ]);
    expect(builder.nextClose).toBeNaN();
  });

  it('is closed by no clock, only by force', () => {
    const builder = new TickBarBuilder({ ...LAST, ticks: 2 }, contextOf());
    const seen: number[] = [];
    builder.onTick(trade({ ts: MONDAY }), () => seen.push(1));
    builder.flush(MONDAY + 1e9, () => seen.push(2));
    expect(seen).toEqual([]);
    builder.flush(MONDAY + 1e9, () => seen.push(3), true);
    builder.flush(MONDAY + 1e9, () => seen.push(4), true);
    expect(seen).toEqual([3]);
  });

  it('waits over the night and counts the ticks of the closed time', () => {
    const builder = new TickBarBuilder({ ...LAST, ticks: 2 }, contextOf('XNYS'));
    const ticks = ['2014-05-05T19:59', '2014-05-05T20:00', '2014-05-06T13:29', '2014-05-06T13:30'].map((text) =>
      trade({ ts: at(text) }),
    );
    expect(build(builder, ticks)).toMatchObject([
      { ts: at('2014-05-05T19:59'), endTs: at('2014-05-06T13:30'), nTicks: 2 },
    ]);
    expect(builder.ignored.outside).toBe(2);
  });

  it('lets no time go back', () => {
    const builder = new TickBarBuilder({ ...LAST, ticks: 1 }, contextOf());
    const bars = build(
      builder,
      [5, 3, 8].map((ms) => trade({ ts: MONDAY + ms })),
    );
    expect(bars.map((bar) => bar.ts - MONDAY)).toEqual([5, 5, 8]);
  });

  it('counts ticks without a price or a time', () => {
    const builder = new TickBarBuilder({ ...LAST, ticks: 1 }, contextOf());
    expect(build(builder, [quote(MONDAY, 1, 2), trade({ ts: Number.NaN })])).toEqual([]);
    expect(builder.ignoredTicks).toBe(2);
  });
});

describe('VolumeBarBuilder', () => {
  it('splits a trade larger than the rest', () => {
    const builder = new VolumeBarBuilder({ units: 10, vwap: true }, contextOf());
    const bars = build(builder, [
      trade({ ts: MONDAY, last: 100, size: 6 }),
      trade({ ts: MONDAY + 5, last: 102, size: 27 }),
    ]);
    expect(
      bars.map((bar) => [bar.ts - MONDAY, bar.endTs - MONDAY, bar.open, bar.close, bar.volume, bar.nTicks, bar.vwap]),
    ).toEqual([
      [0, 5, 100, 102, 10, 2, 100.8],
      [5, 5, 102, 102, 10, 0, 102],
      [5, 5, 102, 102, 10, 0, 102],
      [5, 5, 102, 102, 3, 0, 102],
    ]);
  });

  it('is full although decimal sizes do not add up exactly', () => {
    const builder = new VolumeBarBuilder({ units: 1, vwap: false }, contextOf());
    const bars = build(
      builder,
      Array.from({ length: 20 }, (_, i) => trade({ ts: MONDAY + i, size: 0.1 })),
    );
    expect(bars.map((bar) => bar.nTicks)).toEqual([10, 10]);
    expect(bars.map((bar) => bar.volume)).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  });

  it('puts the rest of an enormous trade into the last bar allowed', () => {
    const builder = new VolumeBarBuilder({ units: 1, vwap: false }, contextOf());
    const bars = build(builder, [trade({ ts: MONDAY, size: 1e6 })]);
    expect(bars).toHaveLength(MAX_BARS_PER_TICK);
    expect(total(bars, 'volume')).toBe(1e6);
  });

  it('takes the price of trades without a size', () => {
    const builder = new VolumeBarBuilder({ units: 10, vwap: false }, contextOf());
    const bars = build(builder, [
      trade({ ts: MONDAY, last: 7, size: Number.NaN }),
      trade({ ts: MONDAY, last: 9, size: 10 }),
    ]);
    expect(bars).toMatchObject([{ open: 7, close: 9, volume: 10, nTicks: 2 }]);
  });

  it('makes bars of the volume asked for, but the last', () => {
    fc.assert(
      fc.property(ticksFrom(MONDAY, 1000), fc.integer({ min: 1, max: 2000 }), (ticks, units) => {
        const bars = build(new VolumeBarBuilder({ units, vwap: false }, contextOf()), ticks);
        for (const bar of bars.slice(0, -1)) expect(bar.volume).toBe(units);
        expect(bars.at(-1)?.volume).toBeLessThanOrEqual(units);
      }),
    );
  });
});

describe('ValueBarBuilder', () => {
  it('counts price × size × point value', () => {
    const builder = new ValueBarBuilder({ value: 1000, vwap: false }, contextOf('24x7', 5));
    const bars = build(builder, [
      trade({ ts: MONDAY, last: 20, size: 6 }),
      trade({ ts: MONDAY, last: 40, size: 4 }),
      trade({ ts: MONDAY, last: 40, size: 1 }),
    ]);
    // 600 of 1,000; then 2 units of 40 × 5 fill the bar; 2 remain, and one more.
    expect(bars.map((bar) => [bar.open, bar.close, bar.volume, bar.nTicks])).toEqual([
      [20, 40, 8, 2],
      [40, 40, 3, 1],
    ]);
  });

  it('takes negative prices by their amount and prices of 0 as no money', () => {
    const builder = new ValueBarBuilder({ value: 100, vwap: false }, contextOf());
    const bars = build(builder, [trade({ ts: MONDAY, last: 0, size: 50 }), trade({ ts: MONDAY, last: -10, size: 10 })]);
    expect(bars).toMatchObject([{ open: 0, low: -10, volume: 60, nTicks: 2 }]);
  });
});

describe('RangeBarBuilder', () => {
  const range = (options: object) => new RangeBarBuilder({ ...LAST, ...options }, contextOf());
  const walk = (...prices: number[]) => prices.map((last, i) => trade({ ts: MONDAY + i, last }));
  const shape = (bars: ReturnType<typeof build>) => bars.map((bar) => [bar.open, bar.high, bar.low, bar.close]);

  it('closes with the tick that completes the range', () => {
    expect(shape(build(range({ range: 1 }), walk(100, 100.5, 101, 101.25, 100.5, 100.25)))).toEqual([
      [100, 101, 100, 101],
      [101.25, 101.25, 100.25, 100.25],
    ]);
  });

  it('closes as it stands before a jump and opens where the jump ends', () => {
    expect(shape(build(range({ range: 1 }), walk(100, 100.5, 107, 107.5)))).toEqual([
      [100, 100.5, 100, 100.5],
      [107, 107.5, 107, 107.5],
    ]);
  });

  it('takes its range in steps of the instrument', () => {
    expect(shape(build(range({ steps: 2 }), walk(100, 100.25, 100.5)))).toEqual([[100, 100.5, 100, 100.5]]);
  });

  it('measures decimal prices without being misled by their rounding', () => {
    const context = { ...contextOf(), instrument: { ...contextOf().instrument, priceStep: 0.1 } };
    const bars = build(new RangeBarBuilder({ ...LAST, range: 0.3 }, context), walk(0.1, 0.2, 0.4, 0.5, 0.8));
    expect(shape(bars)).toEqual([
      [0.1, 0.4, 0.1, 0.4],
      [0.5, 0.8, 0.5, 0.8],
    ]);
  });

  it('makes no bar wider than the range', () => {
    fc.assert(
      fc.property(ticksFrom(MONDAY, 1000), fc.integer({ min: 1, max: 40 }), (ticks, steps) => {
        for (const bar of build(range({ steps }), ticks)) expect(bar.high - bar.low).toBeLessThanOrEqual(steps * 0.25);
      }),
    );
  });
});
