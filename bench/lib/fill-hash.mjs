// The hash of fills that the reference workloads publish: like FNV-1a, over whole 32-bit values.
export const HASH_START = 0x811c9dc5;
export const HASH_PRIME = 0x01000193;

/** Hash over (index, signed quantity, price in quarters) of every fill, in order. */
export class FillHash {
  #hash = HASH_START;
  count = 0;

  /**
   * @param {number} index of the bar or quote the fill happened in
   * @param {number} qty signed units
   * @param {number} price
   */
  add(index, qty, price) {
    let hash = Math.imul(this.#hash ^ index, HASH_PRIME);
    hash = Math.imul(hash ^ qty, HASH_PRIME);
    this.#hash = Math.imul(hash ^ (price * 4), HASH_PRIME);
    this.count += 1;
  }

  get text() {
    return hashText(this.#hash);
  }
}

/** @param {number} hash */
export function hashText(hash) {
  return `0x${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
