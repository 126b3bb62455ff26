import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalDecimal, decimalOf } from './decimal-text.js';

describe('decimal texts', () => {
  it.each([
    ['0', '0'],
    ['-0.000', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['-12.0', '-12'],
    ['100', '100'],
    ['0.010', '0.01'],
    [
      '340282366920938463463374607431768211456.000000000000000001',
      '340282366920938463463374607431768211456.000000000000000001',
    ],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
  });

  it.each(['', '-', '.', '1.', '.5', '+1', '1e5', '1,5', ' 1', 'NaN', 'Infinity', '0x10', '1.2.3', '--1'])(
    "refuses '%s'",
    (text) => {
      expect(canonicalDecimal(text)).toBeUndefined();
    },
  );

  it.each([
    [1e-7, '0.0000001'],
    [-1.25e-9, '-0.00000000125'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [0.1, '0.1'],
    [-0, '0'],
  ])('writes the number %d as %s', (value, text) => {
    expect(decimalOf(value)).toBe(text);
  });

  it.each([Number.NaN, Infinity, -Infinity])('has no text for %d', (value) => {
    expect(decimalOf(value)).toBeUndefined();
  });

  it('reads every finite double back, in canonical form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimalOf(value) ?? '';
        expect(Number(text)).toBe(value + 0);
        expect(canonicalDecimal(text)).toBe(text);
      }),
    );
  });

  it('is one text for one amount', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.stringMatching(/^\d{0,9}$/), fc.nat(5), fc.nat(5), (whole, digits, zeros, more) => {
        const size = whole < 0n ? -whole : whole;
        const sign = whole < 0n ? '-' : '';
        const plain = canonicalDecimal(`${whole}.${digits}0`);
        expect(canonicalDecimal(`${sign}${'0'.repeat(zeros)}${size}.${digits}${'0'.repeat(more + 1)}`)).toBe(plain);
      }),
    );
  });
});
