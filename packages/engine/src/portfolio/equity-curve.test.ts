import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import { EquityCurve } from './equity-curve.js';

const DAY = 86_400_000;

interface Mark {
  readonly ts: number;
  readonly equity: number;
  readonly exposed: number;
}

/** Marks with steps of 0 to 5 days and equity that may go below zero. */
const marks = fc
  .array(
    fc.record({
      step: fc.integer({ min: 0, max: 5 * DAY }),
      // Wide ones, and such that often equal each other, the peak and the bounds of their bucket.
      equity: fc.oneof(fc.integer({ min: -200, max: 1000 }), fc.integer({ min: 98, max: 102 })),
      exposed: fc.constantFrom(0, 0, 50, 120),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((rows) => {
    let ts = Date.UTC(2024, 0, 1);
    return rows.map(({ step, equity, exposed }): Mark => ({ ts: (ts += step), equity, exposed }));
  });

/** The definitions of docs/metrics.md, written the slow way. */
function naive(rows: readonly Mark[]) {
  let maxDrawdown = 0;
  let maxDrawdownValue = 0;
  let maxMs = 0;
  let inMarket = 0;
  let area = 0;
  let exposedArea = 0;
  rows.forEach((row, index) => {
    const before = rows.slice(0, index + 1);
    const peak = Math.max(...before.map((other) => other.equity));
    const peakTs = before.findLast((other) => other.equity === peak)!.ts;
    maxDrawdownValue = Math.max(maxDrawdownValue, peak - row.equity);
    if (peak > 0) maxDrawdown = Math.max(maxDrawdown, (peak - row.equity) / peak);
    if (row.equity < peak) maxMs = Math.max(maxMs, row.ts - peakTs);
    const next = rows[index + 1];
    if (next === undefined) return;
    // A fall that recovers at the next mark lasted until then.
    if (row.equity < peak && next.equity >= peak) maxMs = Math.max(maxMs, next.ts - peakTs);
    const held = next.ts - row.ts;
    if (row.exposed !== 0) inMarket += held;
    area += row.equity * held;
    exposedArea += row.exposed * held;
  });
  const span = rows.at(-1)!.ts - rows[0]!.ts;
  return {
    maxDrawdown,
    maxDrawdownValue,
    maxDrawdownDays: maxMs / DAY,
    timeInMarket: inMarket / span,
    averageEquity: area / span,
    averageExposed: exposedArea / span,
  };
}

function figures(curve: EquityCurve) {
  const { maxDrawdown, maxDrawdownValue, maxDrawdownDays, timeInMarket, averageEquity, averageExposed } = curve;
  return { maxDrawdown, maxDrawdownValue, maxDrawdownDays, timeInMarket, averageEquity, averageExposed };
}

function curveOf(rows: readonly Mark[], points = 4096): EquityCurve {
  const curve = new EquityCurve({ points });
  for (const row of rows) curve.mark(row.ts, row.equity, row.exposed);
  return curve;
}

describe('EquityCurve', () => {
  it('measures a fall, its recovery and a second one that is still running', () => {
    const equities = [100, 120, 90, 105, 120, 130, 117];
    const curve = curveOf(equities.map((equity, day) => ({ ts: day * DAY, equity, exposed: day % 2 })));
    expect(figures(curve)).toEqual({
      maxDrawdown: 0.25,
      maxDrawdownValue: 30,
      maxDrawdownDays: 3,
      timeInMarket: 0.5,
      averageEquity: (100 + 120 + 90 + 105 + 120 + 130) / 6,
      averageExposed: 0.5,
    });
    expect(curve.drawdowns()).toEqual([
      { peakTs: DAY, troughTs: 2 * DAY, recoveryTs: 4 * DAY, depth: 0.25, days: 3 },
      { peakTs: 5 * DAY, troughTs: 6 * DAY, recoveryTs: null, depth: 0.1, days: 1 },
    ]);
    expect([curve.peak, curve.equity, curve.firstTs, curve.lastTs]).toEqual([130, 117, 0, 6 * DAY]);
  });

  it('equals the definitions for any marks, however few points it keeps', () => {
    fc.assert(
      fc.property(marks, fc.constantFrom(2, 5, 4096), (rows, points) => {
        expect(figures(curveOf(rows, points))).toEqual(naive(rows));
      }),
    );
  });

  it('keeps every mark of a short run', () => {
    const curve = curveOf([10, 12, 11].map((equity, at) => ({ ts: at * 60_000, equity, exposed: at })));
    const points = curve.points();
    expect([...points.ts]).toEqual([0, 60_000, 120_000]);
    expect([...points.equity]).toEqual([10, 12, 11]);
    expect([...points.drawdown]).toEqual([0, 0, 1 / 12]);
    expect([...points.exposed]).toEqual([0, 1, 2]);
  });

  it('keeps bounds, extremes and the deepest fall of each bucket when points run out', () => {
    fc.assert(
      fc.property(marks, fc.constantFrom(2, 3, 8), (rows, most) => {
        const points = curveOf(rows, most).points();
        expect(points.length).toBeLessThanOrEqual(most + 1);
        let peak = Number.NEGATIVE_INFINITY;
        let at = 0;
        for (let k = 0; k < points.length; k += 1) {
          const inside: number[] = [];
          let deepest = 0;
          expect(points.firstTs[k]).toBe(rows[at]!.ts);
          for (; at < rows.length && rows[at]!.ts <= points.ts[k]!; at += 1) {
            const { equity } = rows[at]!;
            inside.push(equity);
            peak = Math.max(peak, equity);
            if (peak > 0) deepest = Math.max(deepest, (peak - equity) / peak);
          }
          expect(points.low[k]).toBe(Math.min(...inside));
          expect(points.high[k]).toBe(Math.max(...inside));
          expect(points.equity[k]).toBe(inside.at(-1));
          expect(points.drawdown[k]).toBe(deepest);
        }
        expect(at).toBe(rows.length);
      }),
    );
  });

  it('takes a deposit as no profit and a withdrawal as no loss', () => {
    const curve = new EquityCurve();
    curve.mark(0, 100, 0);
    curve.flow(100);
    curve.mark(DAY, 200, 0);
    expect(curve.maxDrawdown).toBe(0);
    expect(curve.peak).toBe(200);
    curve.mark(2 * DAY, 150, 0);
    curve.flow(-75);
    curve.mark(3 * DAY, 75, 0);
    expect(curve.maxDrawdown).toBe(0.25);
    expect(curve.peak).toBe(100);
    curve.mark(4 * DAY, 60, 0);
    expect(curve.maxDrawdown).toBe(0.4);
    expect(curve.drawdowns()).toEqual([{ peakTs: DAY, troughTs: 4 * DAY, recoveryTs: null, depth: 0.4, days: 3 }]);
    curve.mark(5 * DAY, 100, 0);
    expect(curve.drawdowns()[0]?.recoveryTs).toBe(5 * DAY);
  });

  it('keeps a fall that a flow interrupts where it was deepest', () => {
    const curve = new EquityCurve();
    curve.mark(0, 100, 0);
    curve.mark(DAY, 50, 0);
    curve.mark(2 * DAY, 80, 0);
    curve.flow(80);
    curve.mark(3 * DAY, 150, 0);
    expect(curve.drawdowns()).toEqual([{ peakTs: 0, troughTs: DAY, recoveryTs: null, depth: 0.5, days: 3 }]);
    expect(curve.maxDrawdownValue).toBe(50);
  });

  it('starts again when nothing was left before a deposit', () => {
    const curve = new EquityCurve();
    curve.mark(0, 100, 0);
    curve.mark(DAY, 0, 0);
    curve.flow(50);
    curve.mark(2 * DAY, 40, 0);
    expect(curve.maxDrawdown).toBe(1);
    expect(curve.drawdowns().map((fall) => fall.depth)).toEqual([1, 0.2]);
  });

  it('refuses what is not finite and what goes back in time', () => {
    const codes = [
      [0, Number.NaN, 0],
      [0, 1, Number.POSITIVE_INFINITY],
      [Number.NaN, 1, 0],
      [Number.POSITIVE_INFINITY, 1, 0],
      [-1, 1, 0],
    ].map(([ts, equity, exposed]) => {
      const curve = new EquityCurve();
      curve.mark(0, 1, 0);
      return codeOf(() => curve.mark(ts!, equity!, exposed!));
    });
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'EQUITY_MARK_INVALID'));
    expect(codeOf(() => new EquityCurve({ points: 1 }))).toBe('METRICS_INPUT_INVALID');
  });

  it('counts values that are not known, which are no marks', () => {
    const curve = curveOf([1, 2].map((equity, ts) => ({ ts, equity, exposed: 0 })));
    const before = [figures(curve), curve.points()];
    curve.markValue({ now: 3 }, { markedEquity: Number.NaN, markedGross: 0 });
    expect([curve.unknownMarks, [figures(curve), curve.points()]]).toEqual([1, before]);
  });

  it('has a mark that was noted as it has one that was taken, whenever somebody looks', () => {
    const looks = fc.array(fc.constantFrom('note', 'mark', 'look', 'flow', 'take'), { minLength: 80, maxLength: 80 });
    fc.assert(
      fc.property(marks, looks, (rows, what) => {
        const [noted, taken] = [new EquityCurve({ points: 8 }), new EquityCurve({ points: 8 })];
        rows.forEach(({ ts, equity, exposed }, place) => {
          const value = { markedEquity: equity, markedGross: exposed };
          if (what[place] === 'mark') noted.markValue({ now: ts }, value);
          else noted.note({ now: ts }, value);
          // What was marked may be marked anew before it is taken.
          const before = { ...value };
          value.markedEquity = Number.NaN;
          taken.markValue({ now: ts }, before);
          if (what[place] === 'look') expect(noted.maxDrawdown).toBe(taken.maxDrawdown);
          if (what[place] === 'take') noted.takeNoted();
          if (what[place] === 'flow') for (const curve of [noted, taken]) curve.flow(10);
        });
        expect(figures(noted)).toEqual(figures(taken));
        expect(noted.points()).toEqual(taken.points());
        expect(noted.drawdowns()).toEqual(taken.drawdowns());
      }),
    );
  });

  it('refuses a mark that was noted when it is taken, and counts one that is not known', () => {
    const curve = new EquityCurve();
    curve.note({ now: 1 }, { markedEquity: 1, markedGross: 0 });
    curve.note({ now: 0 }, { markedEquity: 1, markedGross: 0 });
    expect(codeOf(() => curve.equity)).toBe('EQUITY_MARK_INVALID');
    curve.note({ now: 2 }, { markedEquity: Number.NaN, markedGross: 0 });
    expect([curve.unknownMarks, curve.equity]).toEqual([1, 1]);
  });

  it('says nothing before the first mark', () => {
    const curve = new EquityCurve();
    curve.flow(10);
    expect([curve.equity, curve.peak, curve.firstTs, curve.lastTs, curve.timeInMarket]).toEqual(
      Array.from({ length: 5 }, () => Number.NaN),
    );
    expect([curve.maxDrawdown, curve.maxDrawdownDays, curve.points().length]).toEqual([0, 0, 0]);
  });
});

function codeOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (isTradingError(error)) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}
