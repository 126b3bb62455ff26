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
    const isNegative = bytes[start] === MINUS && end > start;
    const first = isNegative ? start + 1 : start;
    const last = findPoint(bytes, first, end);
    const fraction = last === end ? 0 : readFraction(bytes, last + 1, end);
    const kept = Math.max(first, last - this.#cut);
    const whole = kept === first && last > first && this.#cut > 0 ? 0 : readDigits(bytes, first, kept);
    const rest = readDigits(bytes, kept, last);
    const hasRest = (kept < last && rest !== 0) || fraction > 0;
    if (Number.isNaN(fraction) || (kept < last && Number.isNaN(rest))) return Number.NaN;
    const ms = this.#unit === 'epoch-s' ? whole * 1000 + fraction : whole;
    if (!isNegative) return ms;
    // Finer digits are cut off towards the past, for times before 1970 as well.
    return this.#unit !== 'epoch-s' && hasRest ? -ms - 1 : -ms;
  }
}

function findPoint(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i += 1) if (bytes[i] === POINT) return i;
  return end;
}
