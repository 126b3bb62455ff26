import type { Bar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RingBarWindow } from './bar-window.js';

const FIELDS = ['ts', 'endTs', 'open', 'high', 'low', 'close', 'volume', 'nTicks', 'vwap'] as const;
/** What is read by how long ago, and the order in which a row is saved. */
const READ = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;
const ROW = [...READ, 'endTs', 'nTicks', 'vwap'] as const;
const number = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.integer(), fc.constant(Number.NaN));
const bar = fc
  .record({
    ts: number,
    endTs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    nTicks: number,
    vwap: number,
  })
  .map((fields): Bar => ({ symbol: 'X', ...fields }));

/** What may happen to a window; `bars` is what it should then hold, oldest first, and `capacity` how many at most. */
type Step = (window: RingBarWindow, bars: readonly Bar[], capacity: number) => readonly Bar[];
const pushed = bar.map<Step>((next) => (window, bars, capacity) => {
  window.push(next);
  return [...bars, next].slice(-capacity);
});
const cleared = fc.constant<Step>((window) => {
  window.clear();
  return [];
});
const rescaled = fc.constantFrom(0.5, 3).map<Step>((factor) => (window, bars) => {
  window.rescale(factor);
  return bars.map((old) => ({
    ...old,
    open: old.open * factor,
    high: old.high * factor,
    low: old.low * factor,
    close: old.close * factor,
    vwap: old.vwap * factor,
    volume: old.volume / factor,
  }));
});
const restored = fc.constant<Step>((window, bars) => {
  const saved = window.save();
  window.clear();
  window.load(saved);
  return bars;
});
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: pushed },
    { weight: 1, arbitrary: cleared },
    { weight: 1, arbitrary: rescaled },
    { weight: 1, arbitrary: restored },
  ),
  { maxLength: 40 },
);

/** What a window tells of its bars, newest first and one more than there are. */
function told(window: RingBarWindow): readonly number[] {
  return Array.from({ length: window.length + 1 }, (_, ago) => READ.map((field) => window[field](ago))).flat();
}

const numbersOf = (bar: Bar): readonly number[] => READ.map((field) => bar[field]);

describe('the window of a stream', () => {
  it('is the last bars of all that was pushed, whatever happens between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (size, list) => {
        const window = new RingBarWindow('X', size);
        const capacity = 2 ** Math.ceil(Math.log2(size));
        let bars: readonly Bar[] = [];
        for (const step of list) {
          bars = step(window, bars, capacity);
          expect(told(window)).toEqual([...bars.toReversed().flatMap(numbersOf), ...READ.map(() => Number.NaN)]);
          const newest = bars.at(-1);
          expect(FIELDS.map((field) => window.latest[field])).toEqual(
            FIELDS.map((field) => newest?.[field] ?? Number.NaN),
          );
        }
        expect(window.save()).toEqual(bars.flatMap((each) => ROW.map((field) => each[field])));
      }),
    );
  });

  it('shows its newest bar in place, which nobody can change', () => {
    const window = new RingBarWindow('X', 1);
    const { latest } = window;
    expect(FIELDS.map((field) => latest[field])).toEqual(FIELDS.map(() => Number.NaN));
    window.push({
      symbol: 'X',
      ts: 1,
      endTs: 2,
      open: 3,
      high: 4,
      low: 5,
      close: 6,
      volume: 7,
      nTicks: 8,
      vwap: 9,
    });
    expect(window.latest).toBe(latest);
    expect([latest.symbol, ...FIELDS.map((field) => latest[field])]).toEqual(['X', 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(() => Object.assign(latest, { close: 1 })).toThrow(TypeError);
    window.clear();
    expect(latest.close).toBeNaN();
  });
});
