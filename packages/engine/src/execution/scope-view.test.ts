import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import type { ScopeView } from './scope-view.js';
import type { TargetSlot } from './target-slot.js';

const INSTRUMENTS = [
  instrumentOf({ pointValue: 5 }),
  instrumentOf({ symbol: 'BBB', quote: 'EUR', lotStep: 0.001 }),
  instrumentOf({ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', priceStep: 0.0001 }),
];

const scaled = fc.oneof(fc.constant(0), fc.integer({ min: -1_000_000, max: 1_000_000 }));

/** What is held and what works, of three strategies in three instruments, and their prices. */
const world = fc.record({
  bases: fc.array(fc.constantFrom('USD', 'EUR'), { minLength: 1, maxLength: 2 }),
  slots: fc.array(fc.record({ held: scaled, working: scaled }), { minLength: 9, maxLength: 9 }),
  prices: fc.array(fc.oneof(fc.double({ min: 0.01, max: 1_000 }), fc.constant(Number.NaN)), {
    minLength: 3,
    maxLength: 3,
  }),
});

function exposureOf(slots: readonly TargetSlot[], unitValue: (slot: TargetSlot) => number): number {
  let gross = 0;
  for (const slot of slots) {
    const { heldScaled: held, workingScaled: working, state } = slot;
    if (held === 0 && working === 0) continue;
    const worst = Math.max(Math.abs(held), Math.abs(held + working));
    gross += (worst / state.quantityPower) * state.price * unitValue(slot);
  }
  return gross;
}

it('values what a scope holds as its currency does, looked up or not', () => {
  fc.assert(
    fc.property(world, ({ bases, slots, prices }) => {
      const strategies = [0, 1, 2].map((index) => ({ book: index % bases.length }));
      const books = bases.map((base, index) => ({ name: `B${index}`, base }));
      const scene = new Scene({ instruments: INSTRUMENTS, strategies, books });
      const { scopes, converter, portfolio } = scene.kernel.parts;
      scene.slots.forEach((slot, place) => {
        const { held, working } = slots[place]!;
        slot.state.price = prices[slot.instrumentIndex]!;
        slot.workingScaled = working;
        const fill = { at: 0, signedScaled: held, priceScaled: 100, feeScaled: 0 };
        if (held !== 0) slot.bookOf.addFill(slot.position, fill, () => {});
      });
      const check = (view: ScopeView, base: string): void => {
        const rateOf = ({ instrument }: TargetSlot): number => converter.rate(instrument.quote, base);
        const unitValue = (slot: TargetSlot): number => slot.instrument.pointValue * rateOf(slot);
        expect(view.grossExposure).toBe(exposureOf(view.slots, unitValue));
        for (const slot of view.slots) {
          const { symbol } = slot.instrument;
          const same = view.slots.filter(({ instrumentIndex }) => instrumentIndex === slot.instrumentIndex);
          expect(view.unitValue(symbol)).toBe(unitValue(slot));
          expect(view.position(symbol)).toBe(same.reduce((sum, { holding }) => sum + holding.qty, 0));
          const { quantityPower } = slot.state;
          expect(view.working(symbol)).toBe(
            same.reduce((sum, { workingScaled }) => sum + workingScaled / quantityPower, 0),
          );
        }
      };
      scopes.books.forEach(({ view }, index) => check(view, bases[index]!));
      scopes.strategies.forEach(({ view }, index) => check(view, bases[index % bases.length]!));
      check(scopes.global.view, 'USD');
      expect(scopes.global.view.equity).toBe(portfolio.equity());
      expect(scopes.global.view.dayStartEquity).toBe(portfolio.dayStartEquity());
    }),
  );
});
