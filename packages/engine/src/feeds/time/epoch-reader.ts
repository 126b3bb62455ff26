import { NO_TIME, readDigits, readFraction } from './time-reader.js';
import type { TimeReader } from './time-reader.js';

/** Units of numeric times. */
export type EpochUnit = 'epoch-s' | 'epoch-ms' | 'epoch-us' | 'epoch-ns';

// Digits of the unit below a millisecond; seconds are three digits above it.
const DIGITS_BELOW_MS: Readonly<Record<EpochUnit, number>> = {
  'epoch-s': 0,
  'epoch-ms': 0,
  'epoch-us': 3,
  'epoch-ns': 6,
};

const MINUS = 45;
const POINT = 46;

/** Reads numbers of seconds, milliseconds, microseconds or nanoseconds since 1970. Digit by digit, so 19 digits stay exact. */
export class EpochReader implements TimeReader {
  readonly fault = NO_TIME;
  readonly endTs = Number.NaN;
  readonly noonTs = Number.NaN;
  readonly #unit: EpochUnit;
  readonly #cut: number;

  constructor(unit: EpochUnit) {
    this.#unit = unit;
    this.#cut = DIGITS_BELOW_MS[unit];
  }

  read(bytes: Uint8Array, start: number, end: number): number {
    const isNegative = end > start && bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    const last = findPoint(bytes, first, end);
    const fraction = last === end ? 0 : readFraction(bytes, last + 1, end);
    // Digits of the whole number that are finer than a millisecond.
    const kept = Math.max(first, last - this.#cut);
    const finer = kept === last ? 0 : readDigits(bytes, kept, last);
    const isBelowMs = kept === first && kept < last;
    const whole = isBelowMs ? 0 : readDigits(bytes, first, kept);
    const ms = this.#unit === 'epoch-s' ? whole * 1000 + fraction : whole;
    const rest = this.#unit === 'epoch-s' ? 0 : finer + fraction;
    return isNegative ? negated(ms, rest) : Number.isNaN(rest) ? rest : ms;
  }
}

/** A time before 1970; what is finer than a millisecond is cut off towards the past. */
function negated(ms: number, rest: number): number {
  if (Number.isNaN(rest)) return rest;
  return rest > 0 ? -ms - 1 : 0 - ms;
}

function findPoint(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i += 1) if (bytes[i] === POINT) return i;
  return end;
}
