import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBar, aBarColumns, aFill, anInstrument, anOrder, anOrderRequest, aTick } from './builders.js';
import { TEST_EPOCH_MS } from './fake-clock.js';
import { aCalendar } from './test-calendar.js';

describe('builders', () => {
  it('complete what is given and keep it', () => {
    expect(aTick({ last: 5, size: 2 })).toMatchObject({ symbol: 'TEST', bid: 100, last: 5, size: 2 });
    expect(aTick({ ts: 7 }).recvTs).toBe(7);
    expect(aBar({ open: 9, close: 11 })).toMatchObject({ open: 9, high: 11, low: 9, close: 11 });
    expect(anInstrument({ symbol: 'X' })).toMatchObject({ symbol: 'X', priceStep: 0.25, lotStep: 1 });
    expect(aFill({ qty: 3 })).toMatchObject({ qty: 3, price: 100 });
    expect(anOrderRequest({ side: 'sell' })).toMatchObject({ side: 'sell', reduces: false });
  });

  it('give every order an id of 16 characters and every fill an id of its own', () => {
    const ids = [anOrder().clientOrderId, anOrder().clientOrderId];
    expect(new Set(ids).size).toBe(2);
    expect(ids.map((id) => id.length)).toEqual([16, 16]);
    expect(aFill().executionId).not.toBe(aFill().executionId);
  });

  it('draw bars that are well formed and equal for equal seeds', () => {
    const seed = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 80 }), (number, moveSteps) => {
        const bars = aBarColumns({ seed: number, length: 60, moveSteps });
        for (let i = 0; i < bars.length; i += 1) {
          const [open, high, low, close] = [bars.open[i]!, bars.high[i]!, bars.low[i]!, bars.close[i]!];
          expect(low).toBeGreaterThan(0);
          expect(low <= Math.min(open, close) && Math.max(open, close) <= high).toBe(true);
          expect([open, high, low, close].every((price) => Number.isInteger(price * 4))).toBe(true);
          expect(bars.endTs![i]).toBe(bars.ts[i]! + 60_000);
        }
        expect(aBarColumns({ seed: number, length: 60, moveSteps })).toEqual(bars);
      }),
      { numRuns: 30 },
    );
  });

  it('take closes as given', () => {
    const bars = aBarColumns({ closes: [10, 12, 11] });
    expect([...bars.close]).toEqual([10, 12, 11]);
    expect([...bars.open]).toEqual([10, 10, 12]);
  });
});

describe('aCalendar', () => {
  it('is always open without sessions, in days of UTC', () => {
    const calendar = aCalendar();
    const midnight = Date.UTC(2014, 4, 5);
    expect(calendar.isOpen(TEST_EPOCH_MS)).toBe(true);
    expect(calendar.tradingDay(TEST_EPOCH_MS)).toBe(20140505);
    expect([calendar.dayOpen(TEST_EPOCH_MS), calendar.dayClose(TEST_EPOCH_MS)]).toEqual([
      midnight,
      midnight + 86_400_000,
    ]);
  });

  it('keeps to the sessions given', () => {
    const calendar = aCalendar([
      { open: 100, close: 200 },
      { open: 300, close: 400 },
    ]);
    expect([99, 100, 199, 200].map((ts) => calendar.isOpen(ts))).toEqual([false, true, true, false]);
    expect([calendar.sessionOpen(150), calendar.sessionClose(150), calendar.sessionOpen(250)]).toEqual([
      100,
      200,
      Number.NaN,
    ]);
    expect([calendar.nextOpen(100), calendar.nextOpen(101), calendar.nextClose(200)]).toEqual([100, 300, 400]);
    expect([calendar.dayOpen(250), calendar.dayClose(250)]).toEqual([300, 400]);
  });
});
