import { defineInstrument, marketCalendar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InstrumentState } from './instrument-state.js';

const CALENDAR = marketCalendar('24x7');

describe('an instrument inside the kernel', () => {
  it('rounds a price on the grid that applies at that price', () => {
    const instrument = defineInstrument({
      symbol: 'HK',
      assetClass: 'equity',
      quote: 'HKD',
      priceStep: 0.001,
      priceSteps: [
        { from: 0.25, step: 0.005 },
        { from: 0.5, step: 0.01 },
      ],
    });
    const state = new InstrumentState(0, instrument, CALENDAR);
    expect([0.2013, 0.2574, 0.5074, 12.346].map((price) => state.roundPrice(price))).toEqual([
      0.201, 0.255, 0.51, 12.35,
    ]);
    expect(state.roundPrice(0.5074, 'down')).toBe(0.5);
    expect(state.roundPrice(Number.NaN)).toBeNaN();
  });

  it('aims for whole lots between the smallest and the largest quantity', () => {
    const instrument = defineInstrument({
      symbol: 'X',
      assetClass: 'equity',
      quote: 'USD',
      lotStep: 10,
      minQty: 30,
      maxQty: 100,
    });
    const state = new InstrumentState(0, instrument, CALENDAR);
    const units = (wish: number): number => state.units(state.targetScaled(wish));
    expect([29.9, 30, 47, 1_000].map(units)).toEqual([0, 30, 40, 100]);
    expect([-29.9, -30, -47, -1_000].map(units)).toEqual([0, -30, -40, -100]);
  });

  it('is flat where whole lots fall below the smallest quantity', () => {
    const instrument = defineInstrument({ symbol: 'X', assetClass: 'equity', quote: 'USD', lotStep: 10, minQty: 15 });
    const state = new InstrumentState(0, instrument, CALENDAR);
    const units = (wish: number): number => state.units(state.targetScaled(wish));
    expect([15, 16, 19.9, 20, 34].map(units)).toEqual([0, 0, 0, 20, 30]);
    expect([-16, -20].map(units)).toEqual([0, -20]);
  });

  it('finds of any quantity the whole lots that a remainder leaves', () => {
    const lotStep = fc.constantFrom(0.001, 0.1, 1, 3, 7, 1_000);
    const most = Number.MAX_SAFE_INTEGER;
    // Next to whole lots is where a division could round to the wrong one.
    const quantity = fc.record({ any: fc.maxSafeInteger(), beside: fc.constantFrom(undefined, -1, 0, 1) });
    fc.assert(
      fc.property(lotStep, quantity, (step, { any, beside }) => {
        const instrument = defineInstrument({ symbol: 'X', assetClass: 'equity', quote: 'USD', lotStep: step });
        const state = new InstrumentState(0, instrument, CALENDAR);
        const lot = state.scaled(step);
        const near = beside === undefined ? any : any - (any % lot) + beside;
        const scaled = Math.max(-most, Math.min(most, near));
        expect(state.tradableScaled(scaled)).toBe(scaled - (scaled % lot));
      }),
      { numRuns: 1_000 },
    );
  });

  it('rounds a distance to whole steps of the grid at a price, at least one', () => {
    const instrument = defineInstrument({
      symbol: 'HK',
      assetClass: 'equity',
      quote: 'HKD',
      priceStep: 0.001,
      priceSteps: [
        { from: 0.25, step: 0.005 },
        { from: 0.5, step: 0.01 },
      ],
    });
    const state = new InstrumentState(0, instrument, CALENDAR);
    expect([0.2, 0.25, 0.4999, 0.5, 12].map((price) => state.roundDistance(0.0134, price))).toEqual([
      0.013, 0.015, 0.015, 0.01, 0.01,
    ]);
    expect([0.0001, 0.004, 0.016, 0.3].map((distance) => state.roundDistance(distance, 100))).toEqual([
      0.01, 0.01, 0.02, 0.3,
    ]);
    expect(state.roundDistance(Number.NaN, 100)).toBeNaN();
    const made = [0.013, 0.015, 0.01, 0.02, 0.005];
    expect(made.filter((rounded) => state.isDistance(rounded, 0.0134))).toEqual([0.013, 0.015, 0.01]);
  });
});
