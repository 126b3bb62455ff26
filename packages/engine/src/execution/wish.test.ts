import type { EntryInstruction, ProtectInstruction } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Wish, type WishMeasure } from './wish.js';

class Wanted extends Wish {}

const measures = fc.constantFrom<WishMeasure>('none', 'share', 'units', 'weight');
const wishes = fc.constantFrom(0, -0, 0.5, 1, -1, Number.NaN);
const entries = fc.constantFrom<EntryInstruction | undefined>(undefined, {}, { limit: 90 });
const protections = fc.constantFrom<ProtectInstruction | undefined>(undefined, {}, { stop: 80 });

/** Everything that changes a wish: answers and what is given up set it at once, a snapshot field by field, a split its protection. */
const changes = fc.oneof(
  fc.tuple(measures, wishes).map(([measure, wish]) => ({ measure, wish, isAtOnce: true })),
  fc.record({ measure: measures }),
  fc.record({ wish: wishes }),
  fc.record({ entry: entries }),
  fc.record({ protect: protections }),
  fc.record({ measure: measures, wish: wishes, entry: entries, protect: protections }),
);

describe('a wish', () => {
  it('is plainly the share of an answer where that is all that is wanted', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 20 }), wishes, (list, answer) => {
        const slot = new Wanted();
        let expected: Pick<Wish, 'measure' | 'wish' | 'entry' | 'protect'> = {
          measure: 'none',
          wish: Number.NaN,
          entry: undefined,
          protect: undefined,
        };
        for (const change of list) {
          if ('isAtOnce' in change) slot.want(change.measure, change.wish);
          else Object.assign(slot, change);
          expected = { ...expected, ...change };
          const { measure, wish, entry, protect } = slot;
          expect({ ...expected, measure, wish, entry, protect }).toEqual(expected);
          // The comparison in full, field by field.
          const isSame = answer === wish && measure === 'share' && entry === undefined && protect === undefined;
          expect(answer === slot.plainShare).toBe(isSame);
        }
      }),
    );
  });
});
