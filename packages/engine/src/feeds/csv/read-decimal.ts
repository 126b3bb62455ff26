// Plain unsigned decimals out of bytes, four digits at a time: they are most of a file of prices, and one by one most of reading it.

/** Bytes behind a decimal that {@link readDecimal} may look at and does not read. */
export const READ_AHEAD_BYTES = 3;

/** Answer of {@link readDecimal} where no decimal could be read. */
export const NO_DECIMAL = -1;

// An integer up to 2^53 divided by a power of ten up to 10^22 is one rounding of exact operands: the correctly rounded double.
const MAX_MANTISSA = Number.MAX_SAFE_INTEGER;
const MAX_DECIMALS = 22;
const POWERS = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, n) => Number(`1e${n}`));

const FOUR_ZEROS = 0x30_30_30_30;
const POINT = 0x2e ^ 0x30;

/** The number that four digits make: pairs side by side, then the pairs. A constant, which V8 does not look up at each call. */
const numberOf = (four: number): number => {
  const pairs = (Math.imul(four, 10 * 256 + 1) >>> 8) & 0x00_ff_00_ff;
  return Math.imul(pairs, 100 * 65_536 + 1) >>> 16;
};

/**
 * Reads an unsigned decimal into `values[index]`; where the byte after it is, or NO_DECIMAL where it is empty, begins with its
 * point, or cannot be read exactly here.
 */
// oxlint-disable-next-line max-params -- an options object would be allocated for every number of a file
export const readDecimal = (bytes: DataView, start: number, values: Float64Array, index: number): number => {
  // `| 0` tells V8 that a place is a small integer: it then checks no overflow and tags nothing.
  let at = start | 0;
  let point = -1;
  let value = 0;
  for (;;) {
    // Digits are 0 to 9 from here on, the first in the lowest byte.
    const four = bytes.getInt32(at, true) ^ FOUR_ZEROS;
    // The highest bit of each byte that is none. What a byte above 0x89 carries reaches only bytes behind it.
    const others = ((four + 0x76_76_76_76) | four) & 0x80_80_80_80;
    if (others === 0) {
      value = value * 10_000 + numberOf(four);
      at = (at + 4) | 0;
      continue;
    }
    const count = (31 - Math.clz32(others & -others)) >> 3;
    if (count > 0) {
      // Shifted up, they have zeros before them.
      value = value * POWERS[count]! + numberOf(four << (32 - (count << 3)));
      at = (at + count) | 0;
    }
    if (point >= 0 || ((four >>> (count << 3)) & 0xff) !== POINT) break;
    point = at;
    at = (at + 1) | 0;
  }
  const decimals = point < 0 ? 0 : (at - point - 1) | 0;
  if (at === start || point === start || decimals > MAX_DECIMALS || value > MAX_MANTISSA) return NO_DECIMAL;
  values[index] = value / POWERS[decimals]!;
  return at;
};
