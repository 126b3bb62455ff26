import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TickPages } from './tick-pages.js';

interface Tick {
  readonly time: number;
  readonly number: number;
}

/** Ticks by their seconds; several may share one. */
const ticks = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }).map((steps) => {
  let time = 1_000;
  return steps.map((step, number): Tick => ({ time: (time += step), number }));
});

/** Pages of a server: at most `limit` ticks, or all of the last second as well. */
function readAll(all: readonly Tick[], limits: () => number, completesSecond: boolean): readonly Tick[] {
  const pages = new TickPages<Tick>({ from: 1_000, to: Number.POSITIVE_INFINITY });
  const read: Tick[] = [];
  let [before, isFull] = [0, true];
  for (let asked = 0; !pages.isOver; asked += 1) {
    expect(asked).toBeLessThan(500);
    const limit = limits();
    // IB takes an equal request after 16 s only.
    if (!isFull) expect(pages.start).toBeGreaterThan(before);
    const rest = all.filter((tick) => tick.time >= pages.start);
    const last = rest[limit - 1]?.time ?? Number.POSITIVE_INFINITY;
    const page = rest.filter((tick, i) => i < limit || (completesSecond && tick.time === last));
    before = pages.start;
    isFull = page.length >= limit;
    read.push(...pages.take(page, limit));
  }
  return read;
}

describe('Pages of ticks', () => {
  it('make the same ticks however they fall, where a page completes its last second', () => {
    fc.assert(
      fc.property(ticks, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (all, limits) => {
        let at = 0;
        const limit = (): number => limits[at++ % limits.length]!;
        expect(readAll(all, limit, true)).toEqual(all);
      }),
      { numRuns: 500 },
    );
  });

  it('make the same ticks also where a page ends inside a second, as long as a second fits a page', () => {
    fc.assert(
      fc.property(ticks, fc.integer({ min: 1, max: 12 }), (all, limit) => {
        const counts = new Map<number, number>();
        for (const { time } of all) counts.set(time, (counts.get(time) ?? 0) + 1);
        fc.pre(Math.max(0, ...counts.values()) < limit);
        expect(readAll(all, () => limit, false)).toEqual(all);
      }),
      { numRuns: 500 },
    );
  });

  it('end, and lose nothing but what one second has beyond a page', () => {
    fc.assert(
      fc.property(ticks, fc.integer({ min: 1, max: 4 }), (all, limit) => {
        const read = readAll(all, () => limit, false);
        expect(new Set(read.map(({ number }) => number)).size).toBe(read.length);
        expect(read).toEqual(all.filter((tick) => read.includes(tick)));
        for (const { time } of all) {
          const inSecond = all.filter((tick) => tick.time === time).length;
          const got = read.filter((tick) => tick.time === time).length;
          expect(got).toBeGreaterThanOrEqual(Math.min(inSecond, limit));
        }
      }),
    );
  });

  it('are no more than the range takes: one that ends in its last second is the last', () => {
    const page = [1_000, 1_000, 1_002].map((time, number): Tick => ({ time, number }));
    const pages = new TickPages<Tick>({ from: 1_000, to: 1_002.4 });
    expect([pages.take(page, 1_000), pages.isOver]).toEqual([page, true]);
    const longer = new TickPages<Tick>({ from: 1_000, to: 1_003.4 });
    expect([longer.take(page, 1_000), longer.isOver, longer.start]).toEqual([page, false, 1_002]);
    const full = new TickPages<Tick>({ from: 1_000, to: 1_002.4 });
    expect([full.take(page, 3), full.isOver]).toEqual([page, false]);
  });
});
