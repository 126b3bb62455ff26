// Chance without a state: the same seed and place give the same number, so that any instant can be asked for at any time.

// Looked up once: years of history take hundreds of millions of these.
const { floor, imul, trunc } = Math;

/** A number in [0, 1) from a seed and two places. */
export function hashUnit(seed: number, place: number, other = 0): number {
  let h = imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  // Places may lie beyond 32 bits: both halves count.
  h = mix(h ^ (place | 0));
  h = mix(h ^ trunc(place / 2 ** 32) ^ 0x27d4eb2f);
  h = mix(h ^ (other | 0) ^ 0x165667b1);
  return (h >>> 0) / 2 ** 32;
}

/** A whole number from 0 to below the limit. */
export function hashBelow(limit: number, [seed, place, other = 0]: readonly [number, number, number?]): number {
  return floor(hashUnit(seed, place, other) * limit);
}

function mix(value: number): number {
  let h = value;
  h = imul(h ^ (h >>> 16), 0x7feb352d);
  h = imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}
