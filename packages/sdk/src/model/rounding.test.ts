import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTradingError } from '../errors.js';
import {
  decimalsOf,
  divideRounded,
  fromScaled,
  moneyPower,
  moneyToNumber,
  moneyToText,
  parseMoney,
  powerOfTen,
  roundToLot,
  roundToTick,
  type RoundingMode,
  StepGrid,
  toMoney,
  toScaled,
} from './rounding.js';

const STEPS = [0.25, 0.01, 0.00001, 1, 1000, 0.05, 0.5, 2.5, 1e-8, 0.0025, 1 / 64];
const steps = fc.constantFrom(...STEPS);
const counts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const modes = fc.constantFrom<RoundingMode>('nearest', 'down', 'up', 'towards-zero');

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isTradingError(error) ? error.code : `not ours: ${String(error)}`;
  }
  return 'nothing thrown';
}

describe('StepGrid', () => {
  it('turns whole steps into values and back, in every mode', () => {
    fc.assert(
      fc.property(steps, counts, modes, (step, count, mode) => {
        const grid = new StepGrid(step);
        const value = grid.toValue(count);
        expect(grid.toSteps(value, mode)).toBe(count);
        expect(grid.round(value, mode)).toBe(value);
        expect(grid.holds(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('rounds each mode its own way, at any size', () => {
    fc.assert(
      fc.property(steps, counts, fc.integer({ min: 1, max: 9 }), (step, count, tenth) => {
        const grid = new StepGrid(step);
        const value = ((count + tenth / 10) * (step * 2 ** 40)) / 2 ** 40;
        const up = count + 1;
        expect(grid.toSteps(value, 'down')).toBe(count);
        expect(grid.toSteps(value, 'up')).toBe(up + 0);
        expect(grid.toSteps(value, 'towards-zero')).toBe(count < 0 ? up + 0 : count);
        if (tenth !== 5) expect(grid.toSteps(value)).toBe((tenth < 5 ? count : up) + 0);
        expect(grid.holds(value)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('is idempotent and never gives -0', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: -1e6, max: 1e6, noNaN: true }), modes, (step, value, mode) => {
        const grid = new StepGrid(step);
        const once = grid.round(value, mode);
        expect(grid.round(once, mode)).toBe(once);
        expect(Object.is(once, -0)).toBe(false);
        expect(Object.is(grid.toSteps(value, mode), -0)).toBe(false);
      }),
      { numRuns: 300 },
    );
    expect(new StepGrid(1).toSteps(-0.5, 'up')).toBe(0);
    expect(new StepGrid(1).toSteps(-0, 'down')).toBe(0);
  });

  it('takes sums of decimals for the step they mean', () => {
    const tenths = new StepGrid(0.1);
    for (const mode of ['nearest', 'down', 'up', 'towards-zero'] as const) {
      expect(tenths.toSteps(0.1 + 0.2, mode)).toBe(3);
      expect(tenths.toSteps(-(0.1 + 0.7), mode)).toBe(-8);
    }
    expect(tenths.round(0.30000000000000004)).toBe(0.3);
  });

  it('keeps NaN and refuses steps that are none', () => {
    expect(new StepGrid(1).toSteps(Number.NaN)).toBeNaN();
    expect(new StepGrid(1).holds(Number.NaN)).toBe(false);
    for (const step of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-16]) {
      expect(codeOf(() => new StepGrid(step))).toBe('NUMBER_OUT_OF_RANGE');
    }
  });

  it('has short forms for prices and lots', () => {
    expect(roundToTick(100.13, 0.25)).toBe(100.25);
    expect(roundToTick(100.13, 0.25, 'down')).toBe(100);
    expect(roundToLot(1999, 1000)).toBe(1000);
    expect(roundToLot(-1999, 1000)).toBe(-1000);
    expect(roundToLot(1999, 1000, 'nearest')).toBe(2000);
  });
});

describe('decimalsOf', () => {
  it('counts what decimal text shows', () => {
    const cases = [1, 1000, 0.25, 0.00001, 1e-7, 1.5e-7, 2.5, 1e21].map((step) => decimalsOf(step));
    expect(cases).toEqual([0, 0, 2, 5, 7, 8, 1, 0]);
  });
});

describe('scaled integers', () => {
  const decimals = fc.integer({ min: 0, max: 9 });

  it('round-trip: every integer, and every decimal on the grid', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_007_199_254_740_991, max: 9_007_199_254_740_991 }), decimals, (scaled, d) => {
        const value = fromScaled(scaled, d);
        if (Math.abs(scaled) < 2 ** 51) expect(toScaled(value, d)).toBe(scaled);
        expect(fromScaled(toScaled(value, 0), 0)).toBe(Math.round(value) + 0);
      }),
      { numRuns: 300 },
    );
  });

  it('refuse what 2^53 cannot hold exactly, and numbers that are none', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e16, -1e16]) {
      expect(codeOf(() => toScaled(value, 3))).toBe('NUMBER_OUT_OF_RANGE');
    }
    for (const sign of [1, -1]) {
      expect(toScaled(sign * Number.MAX_SAFE_INTEGER, 0)).toBe(sign * Number.MAX_SAFE_INTEGER);
      expect(codeOf(() => toScaled(sign * 2 ** 53, 0))).toBe('NUMBER_OUT_OF_RANGE');
    }
    expect(Object.is(toScaled(-0.0001, 2), 0)).toBe(true);
    for (const d of [-1, 16, 2.5, Number.NaN]) expect(codeOf(() => powerOfTen(d))).toBe('NUMBER_OUT_OF_RANGE');
    for (const d of [-1, 19, 2.5]) expect(codeOf(() => moneyPower(d))).toBe('NUMBER_OUT_OF_RANGE');
  });
});

describe('money', () => {
  const amounts = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

  it('survives text', () => {
    fc.assert(
      fc.property(amounts, (money) => {
        const text = moneyToText(money);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(parseMoney(text)).toBe(money);
      }),
      { numRuns: 300 },
    );
  });

  it('is parsed from decimals and from nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+. 0-9eE]{0,6}$/)), (text) => {
        const isDecimal = /^-?\d+(\.\d{1,18})?$/.test(text) && !text.includes('\n');
        expect(codeOf(() => parseMoney(text))).toBe(isDecimal ? 'nothing thrown' : 'NUMBER_OUT_OF_RANGE');
      }),
      { numRuns: 300 },
    );
    for (const text of ['', '-', '1.', '.5', '1e5', '+1', ' 1', '1\n', `0.${'1'.repeat(19)}`]) {
      expect([text, codeOf(() => parseMoney(text))]).toEqual([text, 'NUMBER_OUT_OF_RANGE']);
    }
  });

  it('comes back as the number it was made from, for amounts people use', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (units) => {
        const value = units / 1e8;
        const money = toMoney(value);
        expect(money).toBe(BigInt(units) * 10n ** 10n);
        expect(moneyToNumber(money)).toBe(value + 0);
      }),
      { numRuns: 300 },
    );
  });

  it('is a number within a few parts in 10^15, whatever its size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.integer({ min: 0, max: 17 }), (mantissa, zeros) => {
        const money = mantissa * 10n ** BigInt(zeros);
        const exact = Number(money);
        expect(Math.abs(moneyToNumber(money) * 1e18 - exact)).toBeLessThanOrEqual(exact * 4e-15);
        expect(moneyToNumber(-money)).toBe(-moneyToNumber(money));
      }),
      { numRuns: 300 },
    );
  });

  it('rounds half away from zero, and refuses what is no amount', () => {
    expect([toMoney(0.5, 0), toMoney(-0.5, 0), toMoney(1.4, 0)]).toEqual([10n ** 18n, -(10n ** 18n), 10n ** 18n]);
    for (const value of [Number.NaN, Number.NEGATIVE_INFINITY, 1e305]) {
      expect(codeOf(() => toMoney(value))).toBe('NUMBER_OUT_OF_RANGE');
    }
  });

  it('is divided to the nearest unit, halves away from zero', () => {
    const numbers = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
    fc.assert(
      fc.property(numbers, numbers, (numerator, denominator) => {
        fc.pre(denominator !== 0n);
        const quotient = divideRounded(numerator, denominator);
        const twice = 2n * (quotient * denominator - numerator);
        const size = denominator < 0n ? -denominator : denominator;
        expect(twice <= size && twice >= -size).toBe(true);
        expect(divideRounded(-numerator, denominator)).toBe(-quotient);
      }),
      { numRuns: 300 },
    );
    expect([divideRounded(5n, 2n), divideRounded(-5n, 2n), divideRounded(5n, -2n)]).toEqual([3n, -3n, -3n]);
  });
});
