/** Seeded chance (xorshift32): equal seeds give equal draws on every machine. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    // The state may not be 0, and near seeds have to part at once.
    this.#state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) >>> 0 || 1;
    for (let i = 0; i < 4; i += 1) this.#next();
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return this.#next() % limit;
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.#next() / 2 ** 32 < probability;
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }
}
