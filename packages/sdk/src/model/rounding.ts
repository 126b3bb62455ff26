// The only file of the project that rounds prices, quantities and money.
import { sdkError } from '../errors.js';

/** Money inside the engine: a bigint count of 10^-18 of a currency unit. */
export type Money = bigint;

/** Decimal places of {@link Money}. */
export const MONEY_DECIMALS = 18;

/** Integers up to here are exact as doubles. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** Largest power of ten that a double holds exactly. */
const MAX_DECIMALS = 15;

const POWERS = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, n) => Number(`1e${n}`));
const MONEY_POWERS: readonly bigint[] = Array.from({ length: MONEY_DECIMALS + 1 }, (_, n) => 10n ** BigInt(n));

/** 10^decimals as an exact double; decimals 0 to 15. */
export function powerOfTen(decimals: number): number {
  const power = POWERS[decimals];
  // In a function of its own, as below: these two are short enough to be inlined everywhere, and called for every fill.
  if (power === undefined) throw powerError(decimals);
  return power;
}

/** 10^decimals as a bigint; decimals 0 to 18. */
export function moneyPower(decimals: number): bigint {
  const power = MONEY_POWERS[decimals];
  if (power === undefined) throw decimalsError(decimals, MONEY_DECIMALS);
  return power;
}

function powerError(decimals: number): Error {
  return decimalsError(decimals, MAX_DECIMALS);
}

function decimalsError(decimals: number, most: number): Error {
  return sdkError('NUMBER_OUT_OF_RANGE', `${decimals} decimals are outside 0 to ${most}.`);
}

/** Decimal places that a step such as 0.25 or 0.00001 needs; 0 for whole numbers. */
export function decimalsOf(step: number): number {
  const text = String(step);
  const exponent = /e-(\d+)$/.exec(text);
  const mantissa = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return exponent === null ? mantissa : Number(exponent[1]) + mantissa;
}

/** How a value between two steps is moved: to the nearest, down, up, or towards zero. */
export type RoundingMode = 'nearest' | 'down' | 'up' | 'towards-zero';

/**
 * Converts between decimal values and whole steps of one grid (a price step, a lot step). A value as near to a step as sums of
 * doubles come (1e-9 of itself, at most 1e-4 of a step) counts as that step, so 0.1 + 0.2 is 3 steps of 0.1. `toValue` returns the double nearest to the decimal value.
 */
export class StepGrid {
  readonly step: number;
  readonly decimals: number;
  readonly #units: number;
  readonly #power: number;

  constructor(step: number) {
    if (!Number.isFinite(step) || step <= 0)
      throw sdkError('NUMBER_OUT_OF_RANGE', `A step has to be above 0; it is ${step}.`);
    this.step = step;
    this.decimals = decimalsOf(step);
    this.#power = powerOfTen(this.decimals);
    this.#units = Math.round(step * this.#power);
  }

  /** Whole steps of `value`; NaN stays NaN. */
  toSteps(value: number, mode: RoundingMode = 'nearest'): number {
    const exact = (value * this.#power) / this.#units;
    const nearest = Math.round(exact);
    if (exact === nearest || mode === 'nearest' || Math.abs(exact - nearest) <= tolerance(exact)) return nearest + 0;
    if (mode === 'down') return Math.floor(exact);
    if (mode === 'up') return Math.ceil(exact) + 0;
    return Math.trunc(exact) + 0;
  }

  /** The decimal value of a number of steps. */
  toValue(steps: number): number {
    return (steps * this.#units) / this.#power;
  }

  /** The value moved onto the grid. */
  round(value: number, mode: RoundingMode = 'nearest'): number {
    return this.toValue(this.toSteps(value, mode));
  }

  /** Whether the value lies on the grid. */
  holds(value: number): boolean {
    const exact = (value * this.#power) / this.#units;
    return Math.abs(exact - Math.round(exact)) <= tolerance(exact);
  }
}

/** How far from a step still counts as the step: what sums of doubles go astray, but never a visible part of a step. */
function tolerance(steps: number): number {
  return Math.min(1e-4, 1e-9 * Math.max(1, Math.abs(steps)));
}

/** A price moved onto its tick grid. */
export function roundToTick(price: number, priceStep: number, mode: RoundingMode = 'nearest'): number {
  return new StepGrid(priceStep).round(price, mode);
}

/** A quantity moved onto its lot grid, towards zero unless told otherwise, so that rounding never adds risk. */
export function roundToLot(quantity: number, lotStep: number, mode: RoundingMode = 'towards-zero'): number {
  return new StepGrid(lotStep).round(quantity, mode);
}

/** The integer count of 10^-decimals nearest to `value`; throws where 2^53 cannot hold it. */
export function toScaled(value: number, decimals: number): number {
  const scaled = Math.round(value * powerOfTen(decimals)) + 0;
  // Rounded it is whole, or not finite.
  if (!(scaled >= -LARGEST && scaled <= LARGEST)) throw sizeError(value, decimals);
  return scaled;
}

function sizeError(value: number, decimals: number): Error {
  return sdkError('NUMBER_OUT_OF_RANGE', `${value} does not fit an exact integer at ${decimals} decimals.`, {
    details: { value, decimals },
  });
}

/** The double nearest to `scaled` × 10^-decimals. */
export function fromScaled(scaled: number, decimals: number): number {
  return scaled / powerOfTen(decimals);
}

/** Money from a plain number, rounded to `decimals` places first (8 unless told otherwise), half away from zero. */
export function toMoney(value: number, decimals = 8): Money {
  if (!Number.isFinite(value)) throw sdkError('NUMBER_OUT_OF_RANGE', `Money has to be finite; it is ${value}.`);
  const scaled = value * powerOfTen(decimals);
  if (!Number.isFinite(scaled)) throw sdkError('NUMBER_OUT_OF_RANGE', `${value} is no amount of money.`);
  // Above 2^53 the double has no digits below its own spacing left to round.
  const whole = BigInt(scaled < 0 ? -Math.round(-scaled) : Math.round(scaled));
  return whole * moneyPower(MONEY_DECIMALS - decimals);
}

/**
 * An amount of money as a double, for display, marks and metrics. Exact to the nearest double for amounts below ten million with
 * at most eight decimals; beyond, within a few parts in 10^15. Four times faster than dividing the bigint.
 */
export function moneyToNumber(money: Money): number {
  const value = Number(money) / 1e18;
  const size = Math.abs(value);
  if (size >= 1e9) return value;
  // Both roundings above may leave the last bit off; going over a whole number of small units puts decimal amounts right, and
  // amounts finer than those units are left as they are.
  const units = size < 1e7 ? 1e8 : 1e6;
  const decimal = Math.round(value * units) / units;
  return Math.abs(decimal - value) <= size * 1e-15 ? decimal + 0 : value;
}

/** Decimal text without trailing zeros: `-12.5`. What stores and files carry. */
export function moneyToText(money: Money): string {
  const negative = money < 0n;
  const digits = (negative ? -money : money).toString().padStart(MONEY_DECIMALS + 1, '0');
  const fraction = digits.slice(-MONEY_DECIMALS).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -MONEY_DECIMALS)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Money from decimal text; throws on anything but an optionally signed decimal with at most 18 places. */
export function parseMoney(text: string): Money {
  const match = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) throw sdkError('NUMBER_OUT_OF_RANGE', `'${text}' is not a decimal amount.`);
  const amount =
    BigInt(match[2] ?? '0') * moneyPower(MONEY_DECIMALS) + BigInt((match[3] ?? '').padEnd(MONEY_DECIMALS, '0'));
  return match[1] === '-' ? -amount : amount;
}

/** `numerator / denominator` to the nearest integer, halves away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  if (denominator < 0n) return divideRounded(-numerator, -denominator);
  const half = denominator / 2n;
  return numerator < 0n ? -((-numerator + half) / denominator) : (numerator + half) / denominator;
}
