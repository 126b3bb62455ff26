import type { BarPrice, TickColumns } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MONDAY, timeBars, trade } from './bars.fixture.js';

const COLUMNS = ['bid', 'ask', 'last', 'size'] as const;
const value = fc.oneof(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1), fc.integer({ min: 0, max: 20 }));
const rows = fc.array(fc.record({ bid: value, ask: value, last: value, size: value }), { maxLength: 20 });
const prices = fc.constantFrom<BarPrice>('last', 'mid', 'bid', 'ask');

describe('rows of a time bar', () => {
  it('enter as their ticks do, one after the other', () => {
    fc.assert(
      fc.property(rows, prices, fc.subarray([...COLUMNS]), fc.nat({ max: 5 }), (all, price, carried, from) => {
        const [atOnce, single] = [timeBars({ price, vwap: true }), timeBars({ price, vwap: true })];
        const first = trade({ ts: MONDAY, bid: 7, ask: 9, last: 8, size: 2 });
        for (const builder of [atOnce, single]) builder.onTick(first, () => {});
        const blank = { bid: Number.NaN, ask: Number.NaN, last: Number.NaN, size: Number.NaN };
        for (const row of all.slice(from)) {
          const known = Object.fromEntries(carried.map((name) => [name, row[name]]));
          single.onTick(trade({ ts: MONDAY, ...blank, ...known }), () => {});
        }
        const ts = Float64Array.from(all, () => MONDAY);
        const columns = Object.fromEntries(carried.map((name) => [name, Float64Array.from(all, (row) => row[name])]));
        const block: TickColumns = { symbol: 'TEST', length: all.length, ts, ...columns };
        atOnce.onRows(block, Math.min(from, all.length), all.length);
        expect(atOnce.save()).toEqual(single.save());
      }),
      { numRuns: 300 },
    );
  });

  it('are known to enter from the start of the running bar to its end, inside the session', () => {
    const builder = timeBars({ timeframe: '1h' }, 'XNYS');
    const spanOf = () => [builder.openFrom, builder.openUntil];
    const open = Date.parse('2014-05-05T13:30Z');
    expect(spanOf()).toEqual([Number.NaN, Number.NaN]);
    builder.onTick(trade({ ts: open + 1 }), () => {});
    expect(spanOf()).toEqual([open, open + 3_600_000]);
    builder.flush(open + 3_600_000, () => {});
    expect(builder.openUntil).toBeNaN();
    builder.onTick(trade({ ts: Date.parse('2014-05-05T19:45Z') }), () => {});
    expect(builder.openUntil).toBe(Date.parse('2014-05-05T20:00Z'));
  });
});
