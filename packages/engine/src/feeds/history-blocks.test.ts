import { describe, expect, it } from '@jest/globals';
import { availabilityOf, clippedBlocks, endOfBar, isSameSpec } from './history-blocks.js';

const time = (options: object) => ({ use: 'time', options: options as Readonly<Record<string, unknown>> });

describe('bar specs', () => {
  it.each([
    [
      time({ seconds: 60 }),
      time({ timeframe: '1m', price: 'last', vwap: true, fillGaps: false, outsideSession: 'count' }),
      true,
    ],
    [time({}), time({ seconds: 60 }), true],
    [time({ seconds: 60 }), time({ seconds: 300 }), false],
    [time({ seconds: 60 }), time({ seconds: 60, price: 'mid' }), false],
    [{ use: 'tick', options: { ticks: 10 } }, { use: 'tick', options: { ticks: 20 } }, false],
    [undefined, undefined, true],
    [time({}), undefined, false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(isSameSpec(a, b)).toBe(same);
    expect(isSameSpec(b, a)).toBe(same);
  });
});

describe('blocks', () => {
  const ts = Float64Array.from([5, 4, 9]);
  const recvTs = Float64Array.from([6, 7, Number.NaN]);
  const columns = { symbol: 'A', length: 3, ts, recvTs, bid: Float64Array.from([1, 2, 3]) };

  it('ascend by receive time, or by time where that is unknown', () => {
    expect([...availabilityOf(columns)]).toEqual([6, 7, 9]);
    expect(availabilityOf({ symbol: 'A', length: 3, ts })).toBe(ts);
  });

  it('are cut by it', () => {
    const cut = (from: number, to: number) =>
      [...clippedBlocks({ kind: 'ticks', columns }, from, to)].map((block) => [...block.columns.ts]);
    expect(cut(0, 10)).toEqual([[5, 4, 9]]);
    expect(cut(7, 9)).toEqual([[4]]);
    expect(cut(10, 20)).toEqual([]);
  });
});

describe('the end of a bar', () => {
  it('is its own, or its start and its length where that is absent or not known', () => {
    const ts = Float64Array.of(60_000, 120_000);
    const endTs = Float64Array.of(90_000, Number.NaN);
    expect([0, 1].map((row) => endOfBar({ ts, endTs }, row, 60_000))).toEqual([90_000, 180_000]);
    expect(endOfBar({ ts }, 1, 60_000)).toBe(180_000);
  });
});
