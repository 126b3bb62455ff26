import type { Sizer } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';

it('tells a sizer the exposure that the strategy of each slot has when it is asked', () => {
  const asked: unknown[] = [];
  const sizer: Sizer = {
    size: ({ strategy, instrument: { symbol }, share, currentQty, grossExposure }) => {
      asked.push([strategy, symbol, share, currentQty, grossExposure]);
      return { kind: 'sized', units: share * 100 };
    },
  };
  const scene = new Scene({
    instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
    strategies: [
      { name: 'one', sizer, instruments: [0, 1] },
      { name: 'two', sizer, instruments: [0] },
    ],
  });
  scene.answer({ AAA: 1, BBB: 0.5 });
  scene.answer(0.25, 100, 1);
  scene.answer({ AAA: 0.5, BBB: 1 });
  expect(asked).toEqual([
    ['one', 'AAA', 1, 0, 0],
    ['one', 'BBB', 0.5, 0, 0],
    ['two', 'AAA', 0.25, 0, 0],
    ['one', 'AAA', 0.5, 100, 15_000],
    ['one', 'BBB', 1, 50, 15_000],
  ]);
});

it('tells it to a sizer that hands a copy of its request on to another', () => {
  const asked: unknown[] = [];
  const inner: Sizer = {
    size: ({ share, grossExposure }) => {
      asked.push([share, grossExposure]);
      return { kind: 'sized', units: share * 100 };
    },
  };
  const sizer: Sizer = { size: (request) => inner.size({ ...request, share: request.share / 2 }) };
  const scene = new Scene({ strategies: [{ name: 'one', sizer }] });
  scene.answer(1);
  scene.answer(0.5);
  expect(asked).toEqual([
    [0.5, 0],
    [0.25, 5_000],
  ]);
});

it('aims at a size as its instrument has it, whichever came before', () => {
  const sizes = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 100, -100, 0.5, 1e9, -1e9, Number.NaN, -44_219_720.87131654),
    fc.double({ min: -1_000, max: 1_000, noNaN: true }),
    // So large that halves are rounded to one side.
    fc.double({ min: -1e8, max: 1e8, noNaN: true }),
  );
  const terms = fc.constantFrom(
    instrumentOf({ lotStep: 10, minQty: 20, maxQty: 5_000 }),
    instrumentOf({ lotStep: 0.3, quantityDecimals: 8 }),
  );
  fc.assert(
    fc.property(terms, fc.array(sizes, { minLength: 1, maxLength: 20 }), (instrument, list) => {
      const { slot } = new Scene({ instruments: [instrument] });
      for (const units of list) {
        slot.aimAt(units);
        // Not below zero where it is nothing.
        expect(slot.targetScaled).toBe(slot.state.targetScaled(units));
      }
    }),
  );
});
