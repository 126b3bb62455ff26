import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyValue, otherNaN } from './journal.fixture.js';
import { stateDifference } from './state-difference.js';
import { encodeValue } from './value-codec.js';

describe('the difference of two states', () => {
  it('is there where their bytes differ, and nowhere else', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (one, other) => {
        const isSame = Buffer.compare(encodeValue(one), encodeValue(other)) === 0;
        expect(stateDifference('state', [one, other]) === undefined).toBe(isSame);
        expect(stateDifference('state', [one, one])).toBeUndefined();
      }),
    );
  });

  it.each([
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, 'state.a[1].b', '2', '3'],
    [{ list: [{ gap: 0 }] }, { list: [{ gap: -0 }] }, 'state.list.first.gap', '0', '-0'],
    [{ a: Number.NaN }, { a: undefined }, 'state.a', 'NaN', 'undefined'],
    [{ a: otherNaN(), b: 1n }, { a: Number.NaN }, 'state.b', '"1n"', 'nothing'],
    [[1], [1, 2], 'state[1]', 'nothing', '2'],
    [[], {}, 'state', '[]', '{}'],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, 'state', 'a, b', 'b, a'],
  ])('of %j and %j is named', (recorded, decided, path, was, is) => {
    const found = stateDifference('state', [recorded, decided], { 'state.list': ['first'] });
    expect(found).toEqual({ path, recorded: was, decided: is });
  });

  it('is cut where a value is long', () => {
    const found = stateDifference('text', ['a'.repeat(500), 'b']);
    expect(found?.recorded).toHaveLength(81);
  });
});
