import { describe, expect, it } from '@jest/globals';
import { BarSchedule, type Instrument, marketCalendar, type Tick } from '@bookrunner/sdk';
import { anInstrument } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { LiveQueue, type QueuedRows } from './live-queue.js';
import { ArrivalTime, noIrregularities, screenTick } from './live-screen.js';
import { SeamBuilder } from './live-seam.js';
import { SeenTicks } from './seen-ticks.js';
import { StaleWatch } from './live-stale.js';
import { LiveTick } from './live-tick.js';

const EQUITY = anInstrument() as Instrument;

function tick(prices: Partial<Tick>): LiveTick {
  return Object.assign(new LiveTick(0, EQUITY.symbol), prices);
}

describe('screenTick', () => {
  it('keeps a side alone, and a trade in a crossed quote', () => {
    const counts = noIrregularities();
    const oneSided = tick({ bid: 10 });
    expect(screenTick(oneSided, EQUITY, counts)).toBe(true);
    const crossed = tick({ bid: 11, ask: 10, last: 10.5 });
    expect(screenTick(crossed, EQUITY, counts)).toBe(true);
    expect([crossed.bid, crossed.ask, crossed.last]).toEqual([Number.NaN, Number.NaN, 10.5]);
    expect(counts).toEqual({ ...noIrregularities(), crossed: 1 });
  });

  it('takes zero for no price, except where prices may be negative', () => {
    const counts = noIrregularities();
    expect(screenTick(tick({ bid: 0, ask: -1 }), EQUITY, counts)).toBe(false);
    expect(screenTick(tick({ bid: -2, ask: -1 }), { ...EQUITY, assetClass: 'future' }, counts)).toBe(true);
    expect(counts.unpriced).toBe(1);
  });
});

describe('ArrivalTime', () => {
  it('never runs backwards and never ahead of the clock, whatever a feed says', () => {
    const times = fc.array(
      fc.record({ recvTs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.constant(Number.NaN)), step: fc.nat(20) }),
    );
    fc.assert(
      fc.property(times, (rows) => {
        const arrival = new ArrivalTime();
        const counts = noIrregularities();
        let now = 1_000;
        let last = Number.NEGATIVE_INFINITY;
        for (const { recvTs, step } of rows) {
          now += step;
          const at = arrival.of(recvTs, now, counts);
          expect(at).toBeGreaterThanOrEqual(last);
          expect(at).toBeLessThanOrEqual(now);
          last = at;
        }
      }),
    );
  });
});

describe('SeenTicks', () => {
  it('has what came before, as many ticks of the newest instant as were seen, and none whose time is not known', () => {
    const seen = new SeenTicks({ tickTs: 1_000, ticksThen: 2 });
    expect([999, Number.NaN, 1_000, 1_000, 1_000, 1_001].map((ts) => seen.has(ts))).toEqual([
      ...[true, false, true, true, false, false],
    ]);
    expect(new SeenTicks({ tickTs: Number.NaN, ticksThen: 0 }).has(1)).toBe(false);
    expect(new SeenTicks().has(1)).toBe(false);
  });
});

describe('LiveQueue', () => {
  it('drops the oldest ticks when full, counts them, and keeps states', () => {
    const queue = new LiveQueue(10);
    queue.push({ kind: 'status', status: { ts: 0, feed: 'f', state: 'live', reason: '', message: '' } });
    for (let ts = 1; ts <= 25; ts++) queue.push({ kind: 'tick', tick: tick({ ts }) });
    const rows = queue.take();
    const kept = rows.flatMap((row) => (row.kind === 'tick' ? [row.tick.ts] : []));
    expect(rows[0]?.kind).toBe('status');
    expect(kept.at(-1)).toBe(25);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.length + queue.dropped).toBe(25);
    expect(queue.take()).toEqual([]);
  });

  it('drops the oldest bars when there are too many of them, counts them, and tells it once', () => {
    let told = 0;
    const queue = new LiveQueue(10, () => (told += 1));
    const bars = (ts: number, length: number): QueuedRows => {
      const column = Float64Array.from({ length }, (_, row) => ts + row);
      const prices = { open: column, high: column, low: column, close: column, volume: column };
      const spec = { use: 'time', options: { seconds: 60 } };
      return { kind: 'bars', spec, columns: { symbol: EQUITY.symbol, length, ts: column, ...prices } };
    };
    queue.push({ kind: 'tick', tick: tick({ ts: 0 }) });
    for (let ts = 1; ts <= 9; ts++) queue.push(bars(ts, 1));
    expect([queue.dropped, told]).toEqual([0, 0]);
    for (let ts = 10; ts <= 24; ts += 2) queue.push(bars(ts, 2));
    const rows = queue.take();
    const kept = rows.flatMap((row) => (row.kind === 'bars' ? [...row.columns.ts] : []));
    expect(rows[0]?.kind).toBe('tick');
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, row) => 26 - kept.length + row));
    expect(kept.length).toBeLessThanOrEqual(10);
    expect([kept.length + queue.dropped, told]).toEqual([25, 1]);
    for (let ts = 1; ts <= 11; ts++) queue.push(bars(ts, 1));
    expect(told).toBe(2);
  });
});

describe('StaleWatch', () => {
  const xnys = marketCalendar('XNYS');
  const open = Date.UTC(2024, 0, 2, 14, 30);

  it('counts silence in open market alone', () => {
    const watch = new StaleWatch({ calendars: [xnys], limitMs: 2_000, from: open - 3_600_000 });
    expect(watch.look(open - 1)).toBeUndefined();
    expect(watch.look(open + 2_000)).toBeUndefined();
    expect(watch.look(open + 2_001)).toBe('stale');
    expect(watch.look(open + 9_000)).toBeUndefined();
    expect(watch.row(open + 9_001)).toBe('live');
    expect(watch.row(open + 9_002)).toBeUndefined();
  });

  it('expects nothing where the calendar knows nothing', () => {
    const watch = new StaleWatch({ calendars: [xnys], limitMs: 1, from: 0 });
    expect(watch.look(xnys.validTo + 1)).toBeUndefined();
  });
});

describe('SeamBuilder', () => {
  function scene() {
    const taken: number[] = [];
    const inner = {
      nextClose: Number.NaN,
      ignoredTicks: 0,
      onTick: ({ ts }: Tick) => taken.push(ts),
      flush: () => {},
      save: () => ({}),
      load: () => {},
    };
    return { taken, builder: new SeamBuilder(inner, new BarSchedule(marketCalendar('24x7'), 60_000)) };
  }

  it('begins with the next bar, or with the one under way where its first ticks are known', () => {
    for (const [isWhole, expected] of [
      [false, [120_000]],
      [true, [60_000, 90_000, 120_000]],
    ] as const) {
      const { taken, builder } = scene();
      expect(builder.startAt(90_000)).toBe(60_000);
      builder.open(90_000, isWhole);
      for (const ts of [59_999, 60_000, 90_000, 120_000]) builder.onTick(tick({ ts }), () => {});
      expect(taken).toEqual(expected);
      expect(builder.ignoredTicks).toBe(4 - expected.length);
    }
  });

  it('loses nothing where it begins at the start of a bar', () => {
    const { taken, builder } = scene();
    builder.open(60_000, false);
    builder.onTick(tick({ ts: 60_000 }), () => {});
    expect(taken).toEqual([60_000]);
  });
});
