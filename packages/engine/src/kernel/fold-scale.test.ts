// Integers of an instrument at other scales: the same quantities, prices and money, or nothing.
import { defineInstrument, type Instrument, marketCalendar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InstrumentState } from '../market/instrument-state.js';
import { Holding } from '../portfolio/holding.js';
import { cashBesides, FoldScale, FoldScales } from './fold-scale.js';

const CALENDAR = marketCalendar('24x7');

function stateOf(quantityDecimals: number, priceDecimals: number): InstrumentState {
  const own = { symbol: 'AAA', assetClass: 'equity', quote: 'USD', priceStep: 1, pointValue: 2.5 } as const;
  return new InstrumentState(0, defineInstrument({ ...own, quantityDecimals, priceDecimals }), CALENDAR);
}

function held(state: InstrumentState, saved: ReturnType<Holding['save']>): Holding {
  const holding = new Holding(state);
  holding.load(saved);
  return holding;
}

const decimals = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 }));
const fills = fc.array(
  fc.record({
    at: fc.constant(1),
    signedScaled: fc.integer({ min: -50_000, max: 50_000 }).filter((scaled) => scaled !== 0),
    priceScaled: fc.integer({ min: 1, max: 2_000_000 }),
    feeScaled: fc.integer({ min: -100, max: 100_000 }),
  }),
  { maxLength: 12 },
);

function traded(state: InstrumentState, list: readonly Parameters<Holding['apply']>[0][]): Holding {
  const holding = new Holding(state);
  for (const fill of list) holding.apply(fill);
  return holding;
}

describe('a holding at other scales', () => {
  it('is the same in units and money where they are finer, and back again', () => {
    fc.assert(
      fc.property(decimals, decimals, fills, ([quantity, price], [moreQuantity, morePrice], list) => {
        const coarse = stateOf(quantity, price);
        const fine = stateOf(quantity + moreQuantity, price + morePrice);
        const before = traded(coarse, list);
        const saved = before.save();
        const finer = new FoldScale(coarse.instrument, fine.instrument).holding(saved);
        const after = held(fine, finer);
        const money = ({ cost, realised, fees, cashMoved }: Holding) => [cost, realised, fees, cashMoved];
        expect(after.qty).toBe(before.qty);
        expect(money(after)).toEqual(money(before));
        expect(cashBesides({ saved, state: coarse }, { saved: finer, state: fine })).toBe(0n);
        if (before.qtyScaled !== 0) expect(after.avgPrice / before.avgPrice).toBeCloseTo(1, 12);
        const mark = 123 * coarse.pricePower;
        const unrealised = ({ holding, scaled }: { holding: Holding; scaled: number }) =>
          holding.valueOf(holding.qtyScaled, scaled) - holding.costNumber;
        const was = unrealised({ holding: before, scaled: mark });
        const now = unrealised({ holding: after, scaled: mark * 10 ** morePrice });
        // The value may be far above the cost, and is rounded as what it is.
        const largest = Math.max(1, Math.abs(before.costNumber), Math.abs(was + before.costNumber));
        expect(Math.abs(now - was)).toBeLessThanOrEqual(1e-12 * largest);
        // A trade that is closed then says the same of its entry and its largest quantity.
        expect(after.save().trade.toSpliced(1, 1)).toEqual(saved.trade.toSpliced(1, 1));
        expect(new FoldScale(fine.instrument, coarse.instrument).holding(finer)).toEqual(saved);
      }),
    );
  });

  it('is exact where they are coarser, or is none; cash that its profit cannot say stays cash', () => {
    let exact = 0;
    fc.assert(
      fc.property(decimals, decimals, fills, ([quantity, price], [moreQuantity, morePrice], list) => {
        const coarse = stateOf(quantity, price);
        const fine = stateOf(quantity + moreQuantity, price + morePrice);
        const before = traded(fine, list);
        const saved = before.save();
        const scale = new FoldScale(fine.instrument, coarse.instrument);
        if (!scale.isWhole(before.qtyScaled) || !scale.isWholeValue(BigInt(saved.cost))) {
          expect(() => scale.holding(saved)).toThrow(RangeError);
          return;
        }
        exact += 1;
        const coarser = scale.holding(saved);
        const after = held(coarse, coarser);
        expect([after.qty, after.cost]).toEqual([before.qty, before.cost]);
        const besides = cashBesides({ saved, state: fine }, { saved: coarser, state: coarse });
        expect(after.cashMoved + besides).toBe(before.cashMoved);
        expect(besides < coarse.moneyFactor && besides > -coarse.moneyFactor).toBe(true);
      }),
      // A flat one with a profit between two steps is rare.
      {
        examples: [
          [
            [0, 0],
            [1, 1],
            [fillOf(5, 3), fillOf(-5, 4)],
          ],
        ],
      },
    );
    expect(exact).toBeGreaterThan(0);
  });

  it('is untouched where they are the same', () => {
    const { instrument } = stateOf(1, 2);
    const saved = traded(stateOf(1, 2), [fillOf(7, 9)]).save();
    expect(new FoldScale(instrument, instrument).holding(saved)).toBe(saved);
  });
});

describe('a scaled quantity', () => {
  it('is whole, or is refused: what a double would round is not whole', () => {
    const coarser = new FoldScale({ quantityDecimals: 1, priceDecimals: 0 }, { quantityDecimals: 0, priceDecimals: 0 });
    expect([coarser.isWhole(10), coarser.isWhole(5), coarser.isWhole(Number.NaN)]).toEqual([true, false, true]);
    // The nearest double to a tenth of it is whole.
    expect(coarser.isWhole(2 ** 53 - 1)).toBe(false);
    expect(coarser.quantity(-20)).toBe(-2);
    expect(() => coarser.quantity(5)).toThrow(RangeError);
    const finer = new FoldScale({ quantityDecimals: 0, priceDecimals: 0 }, { quantityDecimals: 1, priceDecimals: 0 });
    expect([finer.isWhole(2 ** 49), finer.isWhole(2 ** 52)]).toEqual([true, false]);
  });

  it('of an instrument that is gone stays as it was', () => {
    const { instrument } = stateOf(1, 2);
    const scales = new FoldScales([instrument], [{ ...instrument, symbol: 'BBB', quantityDecimals: 4 } as Instrument]);
    expect([scales.of('AAA').quantity(7), scales.of('CCC').quantity(7), scales.areSame]).toEqual([7, 7, true]);
  });
});

function fillOf(signedScaled: number, priceScaled: number) {
  return { at: 1, signedScaled, priceScaled, feeScaled: 0 };
}
