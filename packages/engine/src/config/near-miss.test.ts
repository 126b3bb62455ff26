import { describe, expect, it } from '@jest/globals';
import { hintFor, nearMiss } from './near-miss.js';

describe('nearMiss', () => {
  it.each([
    ['alocation', 'allocation'],
    ['mean-reverson', 'mean-reversion'],
    ['MIAN', 'main'],
    ['Sybmols', 'symbols'],
    ['bok', 'book'],
  ])('finds %s', (word, meant) => {
    expect(nearMiss(word, ['unrelated', meant, 'other'])).toBe(meant);
  });

  it('does not guess', () => {
    expect(nearMiss('risk', ['feeds', 'books'])).toBeUndefined();
    expect(nearMiss('x', [])).toBeUndefined();
  });
});

describe('hintFor', () => {
  it('lists the known words where none is close, unless there are too many or none', () => {
    expect(hintFor('risk', ['feeds', 'books'])).toBe(' Known: feeds, books.');
    expect(hintFor('risk', [])).toBe('');
    expect(
      hintFor(
        'risk',
        Array.from({ length: 21 }, (_, index) => `name-${index}`),
      ),
    ).toBe('');
  });
});
