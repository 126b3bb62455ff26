import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/**
 * Smallest of the last `length` values, by the block scheme of {@link WindowSum}: minima from each cell to the end of the block
 * before, and a running minimum of this block. Three comparisons a value on average whatever the data, without the
 * unpredictable loops of a queue of candidates. The maximum is minus the minimum of the negated values, exactly
 * (negated as `0 − value`, which makes no −0 that a text codec would lose).
 * Source: M. van Herk, Pattern Recognition Letters 13 (1992); J. Gil and M. Werman, IEEE PAMI 15 (1993).
 */
export class WindowMinimum implements Kernel {
  readonly #length: number = 0;
  /** Values of the running block before `#index`, minima to the end of the block before from there on; the last cell is Infinity. */
  private readonly cells: Float64Array;
  #index = 0;
  #head = Number.POSITIVE_INFINITY;

  constructor(length: number) {
    this.#length = length;
    this.cells = new Float64Array(length + 1);
    this.cells[length] = Number.POSITIVE_INFINITY;
    this.reset();
  }

  /** Takes one value; the smallest of the last `length`, NaN until there are as many. */
  next(value: number): number {
    if (value - value !== 0) {
      this.reset();
      return Number.NaN;
    }
    const cells = this.cells;
    const index = this.#index;
    cells[index] = value;
    this.#head = Math.min(this.#head, value);
    this.#index = index + 1;
    if (index + 1 === this.#length) this.#completeBlock();
    return Math.min(this.#head, cells[this.#index]!);
  }

  reset(): void {
    this.cells.fill(Number.NaN, 0, this.#length);
    this.#index = 0;
    this.#head = Number.POSITIVE_INFINITY;
  }

  save(into: number[]): void {
    into.push(this.#index, this.#head);
    appendCells(this.cells, into);
  }

  load(saved: SavedNumbers): void {
    this.#index = saved.count(this.#length - 1);
    this.#head = saved.number();
    saved.fill(this.cells);
  }

  #completeBlock(): void {
    const cells = this.cells;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      smallest = Math.min(smallest, cells[i]!);
      cells[i] = smallest;
    }
    this.#index = 0;
    this.#head = Number.POSITIVE_INFINITY;
  }
}
