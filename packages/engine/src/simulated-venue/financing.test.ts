import { describe, expect, it } from '@jest/globals';
import { DAY_SESSION, MINUTE, MONDAY, VenueBench } from './venue-bench.fixture.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OPEN = MONDAY + 14 * HOUR;
const CLOSE = MONDAY + 20 * HOUR;

function holding(financing: unknown, side: 'buy' | 'sell', day = 0): VenueBench {
  const bench = new VenueBench({ financing }, { calendar: DAY_SESSION });
  bench.now = OPEN + day * DAY;
  bench.submit({ side });
  bench.bar(100, 100, 100, 100);
  bench.take();
  return bench;
}

describe('financing', () => {
  const rate = { model: 'rate', longPct: 3.65, shortPct: -1.825 };
  const swap = { model: 'swap-points', longPoints: -2, shortPoints: 0.5 };

  it('charges an annual rate at the end of the trading day', () => {
    const bench = holding(rate, 'buy');
    expect(bench.venue.nextDeadline).toBe(CLOSE);
    bench.venue.advance(CLOSE);
    // 10,000 at 3.65 percent is 1 a day.
    expect(bench.take()).toEqual([{ kind: 'cash', order: 0, ts: CLOSE, amount: -1, reason: 'FINANCING' }]);
    expect(bench.venue.nextDeadline).toBe(CLOSE + DAY);
  });

  it('credits a short position, and counts the nights over a weekend', () => {
    const bench = holding(rate, 'sell', 4);
    bench.venue.advance(CLOSE + 4 * DAY);
    expect(bench.take()).toEqual([expect.objectContaining({ amount: 1.5 })]);
  });

  it.each([
    [1, 'buy', -2],
    [2, 'buy', -6],
    [2, 'sell', 1.5],
    [4, 'buy', -2],
  ] as const)('books swap points of day %i for a %s: %d', (day, side, amount) => {
    const bench = holding(swap, side, day);
    bench.venue.advance(CLOSE + day * DAY);
    expect(bench.take()).toEqual([expect.objectContaining({ amount })]);
  });

  it('ends with the position', () => {
    const bench = holding(rate, 'buy');
    bench.submit({ side: 'sell' });
    bench.bar(100, 100, 100, 100);
    bench.take();
    bench.venue.advance(CLOSE + DAY);
    expect(bench.take()).toEqual([]);
    expect(bench.venue.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('waits for the range of a bar that ends with the day', () => {
    const bench = holding(rate, 'buy');
    bench.now = CLOSE - MINUTE;
    bench.submit({ side: 'sell', type: 'stop', stop: 95 });
    bench.venue.onBarOpen(0, 100, bench.now);
    bench.venue.advance(CLOSE);
    bench.endBar(100, 100, 94, 94);
    expect(bench.take().map((line) => line.kind)).toEqual(['filled']);
    const held = holding(rate, 'buy');
    held.now = CLOSE - MINUTE;
    held.bar(100, 100, 94, 200);
    expect(held.take()).toEqual([expect.objectContaining({ kind: 'cash', amount: -2, ts: CLOSE })]);
  });

  it('moves cash by exactly what it reports', () => {
    const bench = holding({ ...rate, longPct: 1 }, 'buy');
    const before = bench.venue.snapshot(bench.now).accounts.items[0]!.cash;
    bench.venue.advance(CLOSE);
    const [booked] = bench.take();
    expect(booked!.amount).toBe(-0.2739726);
    expect(bench.venue.snapshot(CLOSE).accounts.items[0]!.cash).toBeCloseTo(before - 0.2739726, 9);
  });
});
