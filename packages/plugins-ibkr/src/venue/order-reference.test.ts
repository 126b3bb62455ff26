import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderRefOf, readOrderRef } from './order-reference.js';

const id = fc.stringMatching(/^[0-9a-z]{16}$/);
const word = fc.stringMatching(/^[a-z][a-z-]{0,7}$/);

describe('an orderRef', () => {
  it('that fits comes back whole', () => {
    fc.assert(
      fc.property(id, word, word, (clientOrderId, strategy, book) => {
        const tag = `${strategy}|${book}|20261128`.slice(0, 23);
        fc.pre(tag.endsWith('20261128'));
        expect(readOrderRef(orderRefOf({ clientOrderId, tag }))).toEqual({ clientOrderId, tag });
      }),
    );
  });

  it('is at most 40 ASCII characters, and always gives the id back', () => {
    fc.assert(
      fc.property(id, fc.string({ unit: 'grapheme', maxLength: 60 }), (clientOrderId, tag) => {
        const ref = orderRefOf({ clientOrderId, tag });
        expect(ref).toMatch(/^[\x20-\x7e]{17,40}$/);
        expect(readOrderRef(ref)?.clientOrderId).toBe(clientOrderId);
      }),
    );
  });

  it.each([
    ['mean-reversion|CORE|20261128', 'mean-reversion|CORE|202'],
    ['a-very-long-strategy|CORE|20261128', ''],
    ['abcdefghijklm|CORE12345|20261128', ''],
  ])('that is cut says nothing wrong of whose it is: %s', (tag, expected) => {
    expect(readOrderRef(orderRefOf({ clientOrderId: 'abcdefgh00000001', tag }))?.tag).toBe(expected);
  });

  it.each([undefined, '', 'my order', 'abcdefgh0000000', 'abcdefgh00000001x'])('of others is none: %s', (ref) => {
    expect(readOrderRef(ref)).toBeUndefined();
  });
});
