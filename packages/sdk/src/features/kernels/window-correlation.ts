import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/** Cells a position takes: mean of x, mean of y, squares of x, squares of y, products. */
const STRIDE = 5;

/**
 * Pearson's correlation of the last `length` pairs from their squared deviations and products of deviations; {@link WindowMoments}
 * in two dimensions, with its properties. A pair with a number that is not finite restarts it.
 * Source: as {@link WindowMoments}; P. Pébay, Sandia report SAND2008-6212 (2008), for the products.
 */
export class WindowCorrelation implements Kernel {
  /** From −1 to 1, 0 where x or y does not vary; NaN until the window is full. */
  correlation = Number.NaN;

  readonly #length: number = 0;
  /** STRIDE cells a position: pairs of the running block before `#index`, results to the end of the block before from there on. */
  private readonly cells: Float64Array;
  /** The same five of the running block. */
  readonly #head = new Float64Array(STRIDE);
  #index = 0;

  constructor(length: number) {
    this.#length = length;
    this.cells = new Float64Array(length * STRIDE);
    this.reset();
  }

  /** Takes one pair, x and y in two cells, and renews `correlation`. As doubles, arguments of a real call are heap objects. */
  next(pair: Float64Array): void {
    const x = pair[0]!;
    const y = pair[1]!;
    const both = x + y;
    if (both - both !== 0) {
      this.reset();
      return;
    }
    const at = this.#index * STRIDE;
    this.cells[at] = x;
    this.cells[at + 1] = y;
    this.#index += 1;
    if (this.#index < this.#length) this.#addPair(at, this.#index);
    else this.#completeBlock();
    this.#merge(this.#index * STRIDE);
  }

  reset(): void {
    this.cells.fill(Number.NaN);
    this.#head.fill(0);
    this.#index = 0;
    this.correlation = Number.NaN;
  }

  save(into: number[]): void {
    into.push(this.#index, this.correlation);
    appendCells(this.#head, into);
    appendCells(this.cells, into);
  }

  load(saved: SavedNumbers): void {
    this.#index = saved.count(this.#length - 1);
    this.correlation = saved.number();
    saved.fill(this.#head);
    saved.fill(this.cells);
  }

  /** Joins the running block, empty right after a block was completed, with the end of the block before from the cells at `at`. */
  #merge(at: number): void {
    const head = this.#head;
    const tail = this.cells;
    const distanceX = tail[at]! - head[0]!;
    const distanceY = tail[at + 1]! - head[1]!;
    const weight = (this.#index * (this.#length - this.#index)) / this.#length;
    const squaresX = head[2]! + tail[at + 2]! + distanceX * distanceX * weight;
    const squaresY = head[3]! + tail[at + 3]! + distanceY * distanceY * weight;
    const products = head[4]! + tail[at + 4]! + distanceX * distanceY * weight;
    const scale = Math.sqrt(squaresX) * Math.sqrt(squaresY);
    // Rounding can carry a perfect correlation past 1.
    this.correlation = scale === 0 ? 0 : Math.max(-1, Math.min(1, products / scale));
  }

  #completeBlock(): void {
    const cells = this.cells;
    const head = this.#head.fill(0);
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      const at = i * STRIDE;
      this.#addPair(at, this.#length - i);
      for (let k = 0; k < STRIDE; k += 1) cells[at + k] = head[k]!;
    }
    head.fill(0);
    this.#index = 0;
  }

  /** Adds the pair in the cells at `at` to the head, `count` pairs including it. */
  #addPair(at: number, count: number): void {
    const head = this.#head;
    const x = this.cells[at]!;
    const y = this.cells[at + 1]!;
    const stepX = x - head[0]!;
    const stepY = y - head[1]!;
    const meanX = head[0]! + stepX / count;
    const meanY = head[1]! + stepY / count;
    head[0] = meanX;
    head[1] = meanY;
    head[2] = head[2]! + stepX * (x - meanX);
    head[3] = head[3]! + stepY * (y - meanY);
    head[4] = head[4]! + stepX * (y - meanY);
  }
}
