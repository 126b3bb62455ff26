import type { Kernel, SavedNumbers } from './kernel.js';

/**
 * Recursive average: `average += weight × (value − average)`, seeded with the arithmetic mean of the first `length` values.
 * With weight 2 / (length + 1) it is the exponential moving average, with 1 / length Wilder's.
 */
export class ExponentialAverage implements Kernel {
  readonly #length: number = 0;
  readonly #weight: number = Number.NaN;
  /** Values taken, up to `#length`. */
  #count = 0;
  /** The average; the sum of the seed until that is complete. NaN at first so that the engine stores doubles from the start. */
  #average = Number.NaN;

  constructor(length: number, weight: number) {
    this.#length = length;
    this.#weight = weight;
    this.reset();
  }

  /** Takes one value; the average, NaN until there are `length` values. */
  next(value: number): number {
    if (value - value !== 0) {
      this.reset();
      return Number.NaN;
    }
    if (this.#count === this.#length) {
      const average = this.#average + this.#weight * (value - this.#average);
      this.#average = average;
      return average;
    }
    this.#average += value;
    this.#count += 1;
    if (this.#count < this.#length) return Number.NaN;
    this.#average /= this.#length;
    return this.#average;
  }

  reset(): void {
    this.#count = 0;
    this.#average = 0;
  }

  save(into: number[]): void {
    into.push(this.#count, this.#average);
  }

  load(saved: SavedNumbers): void {
    this.#count = saved.count(this.#length);
    this.#average = saved.number();
  }
}
