import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/** Gives back the value of `length` steps ago. */
export class Lag implements Kernel {
  readonly #length: number = 0;
  /** The last `length` values; `#index` is the oldest. NaN where there is none yet. */
  private readonly ring: Float64Array;
  #index = 0;

  constructor(length: number) {
    this.#length = length;
    this.ring = new Float64Array(length);
    this.reset();
  }

  /** Takes one value; the one taken `length` calls ago, NaN until there is one. A value that is not finite forgets all. */
  next(value: number): number {
    if (value - value !== 0) {
      this.reset();
      return Number.NaN;
    }
    const index = this.#index;
    const past = this.ring[index]!;
    this.ring[index] = value;
    this.#index = index + 1 === this.#length ? 0 : index + 1;
    return past;
  }

  reset(): void {
    this.ring.fill(Number.NaN);
    this.#index = 0;
  }

  save(into: number[]): void {
    into.push(this.#index);
    appendCells(this.ring, into);
  }

  load(saved: SavedNumbers): void {
    this.#index = saved.count(this.#length - 1);
    saved.fill(this.ring);
  }
}
