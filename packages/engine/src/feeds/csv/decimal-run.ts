// Plain unsigned decimals out of bytes, four digits at a time: they are most of a file of prices, and one by one most of reading it.

/** Bytes behind a decimal that {@link DecimalRun} may look at and does not read. */
export const READ_AHEAD_BYTES = 3;

/** Answer of {@link DecimalRun} where a field is no decimal that it can read. */
export const NO_DECIMAL = -1;

// An integer up to 2^53 divided by a power of ten up to 10^22 is one rounding of exact operands: the correctly rounded double.
const MAX_MANTISSA = Number.MAX_SAFE_INTEGER;
const MAX_DECIMALS = 22;
const POWERS = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, n) => Number(`1e${n}`));

// Digits are 0 to 9 once they are taken together with it, the first in the lowest byte.
const FOUR_ZEROS = 0x30_30_30_30;
const ZERO = 0x30;
const POINT = 0x2e ^ ZERO;

// These are constants, which V8, unlike a function of a module, does not look up at each call.

/** The highest bit of each of four bytes that is no digit. What a byte above 0x89 carries reaches only bytes behind it. */
const othersIn = (four: number): number => ((four + 0x76_76_76_76) | four) & 0x80_80_80_80;

/** Bits of the digits before the first byte that is none. */
const bitsBefore = (others: number): number => 24 - Math.clz32(others & -others);

const powerOfTen = (exponent: number): number => POWERS[exponent]!;

/** The number that four digits make: pairs side by side, then the pairs. */
const numberOf = (four: number): number => {
  const pairs = (Math.imul(four, 10 * 256 + 1) >>> 8) & 0x00_ff_00_ff;
  return Math.imul(pairs, 100 * 65_536 + 1) >>> 16;
};

/** Where a row is written: the columns one after the other, each of `blockRows`. */
export interface RowTarget {
  readonly values: Float64Array;
  readonly row: number;
  readonly blockRows: number;
}

/** Neighbouring fields of a line that are all numbers, and whose columns are neighbours in the same order. */
export class DecimalRun {
  private readonly place: number;
  /** Fields it reads. */
  readonly length: number;
  private readonly delimiter: number;

  /** `place` is where the column of the first field begins in the values of the target. */
  constructor(place: number, length: number, delimiter: number) {
    this.place = place;
    this.length = length;
    this.delimiter = delimiter ^ ZERO;
  }

  /**
   * Reads one row's decimals; where the byte after the last is, or NO_DECIMAL where one is empty, begins with its point, is not
   * followed by the delimiter, or cannot be read exactly here.
   */
  read(bytes: DataView, start: number, target: RowTarget): number {
    const { values, row, blockRows } = target;
    const { delimiter } = this;
    // `| 0` tells V8 that a place is a small integer: it then checks no overflow and tags nothing.
    let at = start | 0;
    let place = (this.place + row) | 0;
    for (let left = this.length | 0; ; place = (place + blockRows) | 0) {
      const begin = at;
      let four = bytes.getInt32(at, true) ^ FOUR_ZEROS;
      let others = othersIn(four);
      let value = 0;
      while (others === 0) {
        value = value * 10_000 + numberOf(four);
        at = (at + 4) | 0;
        four = bytes.getInt32(at, true) ^ FOUR_ZEROS;
        others = othersIn(four);
      }
      let bits = bitsBefore(others);
      if (bits > 0) {
        // Shifted up, they have zeros before them.
        value = value * powerOfTen(bits >> 3) + numberOf(four << (32 - bits));
        at = (at + (bits >> 3)) | 0;
      }
      if (at === begin) return NO_DECIMAL;
      let decimals = 0;
      if (((four >>> bits) & 0xff) === POINT) {
        const first = (at + 1) | 0;
        at = first;
        four = bytes.getInt32(at, true) ^ FOUR_ZEROS;
        others = othersIn(four);
        while (others === 0) {
          value = value * 10_000 + numberOf(four);
          at = (at + 4) | 0;
          four = bytes.getInt32(at, true) ^ FOUR_ZEROS;
          others = othersIn(four);
        }
        bits = bitsBefore(others);
        if (bits > 0) {
          value = value * powerOfTen(bits >> 3) + numberOf(four << (32 - bits));
          at = (at + (bits >> 3)) | 0;
        }
        decimals = (at - first) | 0;
        if (decimals > MAX_DECIMALS) return NO_DECIMAL;
      }
      if (value > MAX_MANTISSA) return NO_DECIMAL;
      values[place] = value / powerOfTen(decimals);
      left = (left - 1) | 0;
      if (left === 0) return at;
      if (((four >>> bits) & 0xff) !== delimiter) return NO_DECIMAL;
      at = (at + 1) | 0;
    }
  }
}
