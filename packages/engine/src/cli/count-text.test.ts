import { describe, expect, it } from '@jest/globals';
import { countText } from './count-text.js';

describe('countText', () => {
  it.each([
    [0, '0 rows'],
    [1, '1 row'],
    [2, '2 rows'],
    [12_345, '12,345 rows'],
  ])('counts %d', (count, text) => expect(countText(count, 'row')).toBe(text));
});
