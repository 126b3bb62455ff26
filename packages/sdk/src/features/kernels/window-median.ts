import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/**
 * Median of the last `length` values from a sorted copy of the window. The departing value is found by halving; the
 * values between the departing and the arriving one move by a cell, which for windows of hundreds beats any tree.
 */
export class WindowMedian implements Kernel {
  readonly #length: number = 0;
  /** The values in order of arrival; `#index` is the oldest once full. */
  private readonly ring: Float64Array;
  /** The same values ascending, in the first `#count` cells. */
  private readonly sorted: Float64Array;
  #index = 0;
  #count = 0;

  constructor(length: number) {
    this.#length = length;
    this.ring = new Float64Array(length);
    this.sorted = new Float64Array(length);
  }

  /** Takes one value; the median of the last `length` (mean of the middle two if even), NaN until there are as many. */
  next(value: number): number {
    if (value - value !== 0) {
      this.reset();
      return Number.NaN;
    }
    this.#exchange(value);
    if (this.#count < this.#length) return Number.NaN;
    const sorted = this.sorted;
    const middle = this.#length >> 1;
    return this.#length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  reset(): void {
    this.ring.fill(0);
    this.sorted.fill(0);
    this.#index = 0;
    this.#count = 0;
  }

  save(into: number[]): void {
    into.push(this.#index, this.#count);
    appendCells(this.ring, into);
    appendCells(this.sorted, into);
  }

  load(saved: SavedNumbers): void {
    this.#index = saved.count(this.#length - 1);
    this.#count = saved.count(this.#length);
    saved.fill(this.ring);
    saved.fill(this.sorted);
  }

  /** Puts `value` in the place of the oldest, or in a free cell while the window fills. */
  #exchange(value: number): void {
    let hole = this.#count;
    if (hole === this.#length) hole = lowerBound(this.sorted, hole, this.ring[this.#index]!);
    else this.#count += 1;
    const sorted = this.sorted;
    const last = this.#count - 1;
    while (hole > 0 && sorted[hole - 1]! > value) {
      sorted[hole] = sorted[hole - 1]!;
      hole -= 1;
    }
    while (hole < last && sorted[hole + 1]! < value) {
      sorted[hole] = sorted[hole + 1]!;
      hole += 1;
    }
    sorted[hole] = value;
    this.ring[this.#index] = value;
    this.#index = this.#index + 1 === this.#length ? 0 : this.#index + 1;
  }
}

/** First cell whose value is not below `value`. */
function lowerBound(sorted: Float64Array, count: number, value: number): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
