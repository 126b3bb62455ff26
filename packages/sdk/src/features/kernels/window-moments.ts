import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/**
 * Mean and sum of squared deviations of the last `length` values, by the block scheme of {@link WindowSum}: the moments of the
 * end of one block and of the beginning of the next are merged. Nothing is subtracted from a running total, so the result is
 * never negative, does not drift, and is exactly 0 for equal values.
 * Source: B. P. Welford, Technometrics 4 (1962), for one value more; T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae
 * and a pairwise algorithm for computing sample variances", Stanford STAN-CS-79-773 (1979), for the merge.
 */
export class WindowMoments implements Kernel {
  /** Mean of the window; NaN until it is full. */
  mean = Number.NaN;
  /** Sum of squared deviations from the mean; NaN until the window is full. */
  squares = Number.NaN;

  readonly #length: number = 0;
  /** Values of the running block before `#index`; from there on the mean from that cell to the end of the block before. */
  private readonly means: Float64Array;
  /** Squared deviations that belong to those means. */
  readonly #squares: Float64Array;
  #index = 0;
  #headMean = Number.NaN;
  #headSquares = Number.NaN;

  constructor(length: number) {
    this.#length = length;
    this.means = new Float64Array(length);
    this.#squares = new Float64Array(length);
    this.reset();
  }

  /** Takes one value and renews `mean` and `squares`. */
  next(value: number): void {
    if (value - value !== 0) {
      this.reset();
      return;
    }
    const head = this.#index + 1;
    const length = this.#length;
    this.means[this.#index] = value;
    if (head === length) {
      this.#completeBlock();
      return;
    }
    const step = value - this.#headMean;
    const headMean = this.#headMean + step / head;
    const headSquares = this.#headSquares + step * (value - headMean);
    const distance = this.means[head]! - headMean;
    const share = (distance * (length - head)) / length;
    this.mean = headMean + share;
    this.squares = headSquares + this.#squares[head]! + distance * share * head;
    this.#headMean = headMean;
    this.#headSquares = headSquares;
    this.#index = head;
  }

  reset(): void {
    this.means.fill(Number.NaN);
    this.#squares.fill(Number.NaN);
    this.mean = Number.NaN;
    this.squares = Number.NaN;
    this.#startBlock();
  }

  save(into: number[]): void {
    into.push(this.#index, this.#headMean, this.#headSquares, this.mean, this.squares);
    appendCells(this.means, into);
    appendCells(this.#squares, into);
  }

  load(saved: SavedNumbers): void {
    this.#index = saved.count(this.#length - 1);
    this.#headMean = saved.number();
    this.#headSquares = saved.number();
    this.mean = saved.number();
    this.squares = saved.number();
    saved.fill(this.means);
    saved.fill(this.#squares);
  }

  #completeBlock(): void {
    let mean = 0;
    let squares = 0;
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      const value = this.means[i]!;
      const step = value - mean;
      mean += step / (this.#length - i);
      squares += step * (value - mean);
      this.means[i] = mean;
      this.#squares[i] = squares;
    }
    this.mean = mean;
    this.squares = squares;
    this.#startBlock();
  }

  #startBlock(): void {
    this.#index = 0;
    this.#headMean = 0;
    this.#headSquares = 0;
  }
}
