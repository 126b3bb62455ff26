// The project's seeded randomness for synthetic data: xoshiro128**, started by mulberry32. Only whole 32-bit operations and exact
// double arithmetic, so every machine and every version of Node gives the same numbers.
// Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", https://prng.di.unimi.it/, seen 2026-11.

const TWO_POW_32 = 4_294_967_296;
const TWO_POW_16 = 65_536;
// Four uniforms on [0, 1) add up to mean 2 and variance 4/12; this makes it variance 1.
const FOUR_UNIFORMS_SCALE = Math.sqrt(3);

/** A stream of random numbers. */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** A stream that starts from a state, not all zero. */
  constructor(state: readonly [number, number, number, number]) {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const scrambled = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return scrambled;
  }

  /** A number in [0, 1). */
  uniform(): number {
    return this.uint32() / TWO_POW_32;
  }

  /** Nearly normal, mean 0, variance 1, never beyond ±3.47: the sum of four uniforms of 16 bits. */
  bell(): number {
    const x = this.uint32();
    const y = this.uint32();
    const sum = (x & 0xffff) + (x >>> 16) + (y & 0xffff) + (y >>> 16) + 2;
    return (sum / TWO_POW_16 - 2) * FOUR_UNIFORMS_SCALE;
  }
}

/** The stream of a seed and a name: the same for the same two, independent for others. */
export function seededStream(seed: number, name: string): RandomStream {
  let state = seed >>> 0;
  // FNV-1a over the name, mixed into the seed.
  for (const character of name) state = Math.imul(state ^ character.codePointAt(0)!, 16_777_619) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) | 0;
  };
  return new RandomStream([next(), next(), next(), next() | 1]);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
