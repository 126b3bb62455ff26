import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { exactDecimal } from './exact-decimal.js';

describe('An exact decimal', () => {
  it('is what a sum should have been', () => {
    expect(exactDecimal(0.1 + 0.2, 8)).toBe(0.3);
    expect(exactDecimal(1_000_000.1 - 1_000_000, 8)).toBe(0.1);
    expect(exactDecimal(-0.000_000_004, 8)).toBe(0);
  });

  it('is there for any number, however large', () => {
    expect(exactDecimal(95_000_000, 8)).toBe(95_000_000);
    expect(exactDecimal(95_000_000.25, 8)).toBe(95_000_000.25);
    expect(exactDecimal(1e300, 8)).toBe(1e300);
    expect(exactDecimal(Number.NaN, 8)).toBeNaN();
    expect(exactDecimal(Number.NEGATIVE_INFINITY, 8)).toBe(Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 0, max: 15 }), (value, decimals) => {
        const exact = exactDecimal(value, decimals);
        const isNear = !Number.isFinite(value) || Math.abs(exact - value) <= Math.max(0.5, Math.abs(value) * 2 ** -52);
        expect(isNear).toBe(true);
      }),
    );
  });
});
