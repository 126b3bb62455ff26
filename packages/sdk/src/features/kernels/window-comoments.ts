import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/** Cells a position takes: mean of x, mean of y, squares of x, squares of y, products. */
const STRIDE = 5;

/**
 * Squared deviations and products of deviations of the last `length` pairs; {@link WindowMoments} in two dimensions, with its
 * properties. A pair with a number that is not finite restarts it.
 * Source: as {@link WindowMoments}; P. Pébay, Sandia report SAND2008-6212 (2008), for the products.
 */
export class WindowComoments implements Kernel {
  /** Sums over the window; NaN until it is full. */
  squaresX = Number.NaN;
  squaresY = Number.NaN;
  products = Number.NaN;

  readonly #length: number;
  /** STRIDE cells a position: pairs of the running block before `#index`, results to the end of the block before from there on. */
  readonly #cells: Float64Array;
  /** The same five of the running block. */
  readonly #head = new Float64Array(STRIDE);
  #index = 0;

  constructor(length: number) {
    this.#length = length;
    this.#cells = new Float64Array(length * STRIDE);
    this.reset();
  }

  /** Takes one pair and renews the sums. */
  next(x: number, y: number): void {
    const both = x + y;
    if (both - both !== 0) {
      this.reset();
      return;
    }
    const at = this.#index * STRIDE;
    this.#cells[at] = x;
    this.#cells[at + 1] = y;
    this.#index += 1;
    if (this.#index === this.#length) {
      this.#completeBlock();
      return;
    }
    addPair(this.#head, x, y, this.#index);
    this.#merge(at + STRIDE);
  }

  reset(): void {
    this.#cells.fill(Number.NaN);
    this.#head.fill(0);
    this.#index = 0;
    this.squaresX = Number.NaN;
    this.squaresY = Number.NaN;
    this.products = Number.NaN;
  }

  save(into: number[]): void {
    into.push(this.#index, this.squaresX, this.squaresY, this.products);
    appendCells(this.#head, into);
    appendCells(this.#cells, into);
  }

  load(saved: SavedNumbers): void {
    this.#index = saved.count(this.#length - 1);
    this.squaresX = saved.number();
    this.squaresY = saved.number();
    this.products = saved.number();
    saved.fill(this.#head);
    saved.fill(this.#cells);
  }

  /** Joins the running block with the end of the block before, whose results are at `at`. */
  #merge(at: number): void {
    const head = this.#head;
    const tail = this.#cells;
    const distanceX = tail[at]! - head[0]!;
    const distanceY = tail[at + 1]! - head[1]!;
    const weight = (this.#index * (this.#length - this.#index)) / this.#length;
    this.squaresX = head[2]! + tail[at + 2]! + distanceX * distanceX * weight;
    this.squaresY = head[3]! + tail[at + 3]! + distanceY * distanceY * weight;
    this.products = head[4]! + tail[at + 4]! + distanceX * distanceY * weight;
  }

  #completeBlock(): void {
    const cells = this.#cells;
    const sums = this.#head.fill(0);
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      const at = i * STRIDE;
      addPair(sums, cells[at]!, cells[at + 1]!, this.#length - i);
      for (let k = 0; k < STRIDE; k += 1) cells[at + k] = sums[k]!;
    }
    this.squaresX = sums[2]!;
    this.squaresY = sums[3]!;
    this.products = sums[4]!;
    sums.fill(0);
    this.#index = 0;
  }
}

/** Adds a pair to five running results, `count` being the number of pairs including it. */
function addPair(sums: Float64Array, x: number, y: number, count: number): void {
  const stepX = x - sums[0]!;
  const stepY = y - sums[1]!;
  const meanX = sums[0]! + stepX / count;
  const meanY = sums[1]! + stepY / count;
  sums[0] = meanX;
  sums[1] = meanY;
  sums[2] = sums[2]! + stepX * (x - meanX);
  sums[3] = sums[3]! + stepY * (y - meanY);
  sums[4] = sums[4]! + stepX * (y - meanY);
}
