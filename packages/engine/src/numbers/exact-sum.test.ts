import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactSum } from './exact-sum.js';
import { SequenceSet } from '../simulated-venue/sequence-set.js';

const safe = fc.maxSafeInteger();

describe('ExactSum', () => {
  it('is the sum of integers and products, whatever their size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(safe, fc.option(safe))), (items) => {
        const sum = new ExactSum();
        let expected = 0n;
        for (const [left, right] of items) {
          if (right === null) sum.add(left);
          else sum.addProduct(left, right);
          expected += BigInt(left) * BigInt(right ?? 1);
          expect(sum.value).toBe(expected);
          expect(sum.nearest).toBe(Number(expected));
        }
        const copy = new ExactSum();
        copy.set(sum.value);
        copy.add(1);
        expect(copy.value).toBe(expected + 1n);
      }),
    );
  });
});

describe('SequenceSet', () => {
  it('holds what was added, once, and comes back from its ranges', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 })), (sequences) => {
        const set = new SequenceSet();
        const model = new Set<number>();
        for (const sequence of sequences) {
          expect(set.add(sequence)).toBe(!model.has(sequence));
          model.add(sequence);
        }
        const copy = SequenceSet.fromRanges(set.toRanges());
        const held = Array.from({ length: 5_002 }, (_, sequence) => sequence).filter((sequence) => copy.has(sequence));
        expect(held).toEqual([...model].toSorted((left, right) => left - right));
      }),
      { numRuns: 30 },
    );
  });
});
