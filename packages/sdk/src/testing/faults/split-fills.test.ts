import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toScaled } from '../../model/rounding.js';
import type { VenueReport } from '../../model/venue-report.js';
import { aFill } from '../builders.js';
import { seededRandom } from '../random.js';
import { SplitFills, wholeExecutionId } from './split-fills.js';

const split = (parts: number, lotStep = 1) => ({ parts, lotStep, random: seededRandom(7) });
const base = { ts: 1, clientOrderId: 'TEST000000000001', symbol: 'TEST' };

describe('SplitFills', () => {
  it('tells parts of whole lots that sum to quantity and fee, exactly', () => {
    const lotStep = fc.constantFrom(1, 100, 0.25, 0.001);
    const fee = fc.integer({ min: -1e9, max: 1e9 }).map((scaled) => scaled / 1e8);
    fc.assert(
      fc.property(
        lotStep,
        fc.integer({ min: 2, max: 5_000 }),
        fee,
        fc.integer({ min: 2, max: 7 }),
        (step, lots, cost, parts) => {
          const splits = new SplitFills();
          const fill = aFill({ qty: toScaled(lots * step, 3) / 1e3, fee: cost });
          expect(splits.split(fill, split(parts, step))).toBe(true);
          const told = splits.fillsOf(fill);
          expect(told.length).toBe(Math.min(parts, lots));
          expect(told.reduce((sum, { qty }) => sum + toScaled(qty, 3), 0)).toBe(toScaled(fill.qty, 3));
          expect(told.reduce((sum, part) => sum + toScaled(part.fee, 8), 0)).toBe(toScaled(cost, 8));
          for (const part of told) {
            expect(part.qty).toBeGreaterThan(0);
            expect(toScaled(part.qty, 3) % toScaled(step, 3)).toBe(0);
            expect(wholeExecutionId(part.executionId)).toBe(fill.executionId);
          }
          expect(new Set(told.map((part) => part.executionId)).size).toBe(told.length);
        },
      ),
    );
  });

  it('leaves whole what is one lot, off the lots, or told before', () => {
    const splits = new SplitFills();
    const told = aFill({ qty: 4 });
    expect(splits.fillsOf(told)).toEqual([told]);
    const results = [aFill({ qty: 1 }), aFill({ qty: 2.5 }), told].map((fill) => splits.split(fill, split(2)));
    expect(results).toEqual([false, false, false]);
  });

  it('knows no part of a fee that is not known', () => {
    const splits = new SplitFills();
    const fill = aFill({ qty: 4, fee: Number.NaN });
    splits.split(fill, split(2));
    expect(splits.fillsOf(fill).map((part) => part.fee)).toEqual([Number.NaN, Number.NaN]);
  });

  it('splits commissions and busts alike, and corrects in the first part', () => {
    const splits = new SplitFills();
    const fill = aFill({ executionId: 'e', qty: 4 });
    splits.split(fill, split(2));
    const [first, second] = splits.fillsOf(fill);
    const commission: VenueReport = { ...base, kind: 'commission', executionId: 'e', fee: 1, feeCurrency: 'USD' };
    expect(splits.reportsOf(commission)).toEqual([
      { ...commission, executionId: 'e/part-1', fee: first!.qty / 4 },
      { ...commission, executionId: 'e/part-2', fee: second!.qty / 4 },
    ]);
    const busted: VenueReport = { ...base, kind: 'busted', executionId: 'e' };
    expect(splits.reportsOf(busted)).toEqual([
      { ...busted, executionId: 'e/part-1' },
      { ...busted, executionId: 'e/part-2' },
    ]);
    const fewer = { ...fill, qty: 3 };
    expect(splits.reportsOf({ ...base, kind: 'corrected', executionId: 'e', fill: fewer })).toEqual([
      { ...base, kind: 'corrected', executionId: 'e/part-1', fill: { ...fewer, executionId: 'e/part-1' } },
      { ...busted, executionId: 'e/part-2' },
    ]);
    expect(splits.fillsOf(fewer)).toEqual([{ ...fewer, executionId: 'e/part-1' }]);
  });

  it('passes on what tells of no execution, or of a whole one', () => {
    const splits = new SplitFills();
    const reports: readonly VenueReport[] = [
      { ...base, kind: 'accepted' },
      { ...base, kind: 'filled', fill: aFill({ executionId: 'e' }), leavesQty: 0 },
      { ...base, kind: 'commission', executionId: 'e', fee: 1, feeCurrency: 'USD' },
      { ...base, kind: 'corrected', executionId: 'e', fill: aFill({ executionId: 'e' }) },
      { ...base, kind: 'busted', executionId: 'e' },
    ];
    for (const report of reports) expect(splits.reportsOf(report)).toEqual([report]);
  });
});
