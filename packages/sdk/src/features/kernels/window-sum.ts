import { appendCells } from './kernel.js';
import type { Kernel, SavedNumbers } from './kernel.js';

/**
 * Sum of the last `length` values without a subtraction, so nothing drifts and no departed value leaves a residue: time is cut
 * into blocks of `length`; a window is the end of one block (sums from each cell to the block's end, made once when it
 * completes) plus the beginning of the next (a running sum). Two additions a value on average. The error is that of adding
 * up the window once; sums of multiples of 0.25 below 2^51 are exact.
 * Source of the block scheme: M. van Herk, "A fast algorithm for local minimum and maximum filters", Pattern Recognition
 * Letters 13 (1992); it holds for any associative operation.
 */
export class WindowSum implements Kernel {
  private readonly length: number = 0;
  /**
   * Before `index`: the values of the running block. From `index` on: sums of the block before, from that cell to its end.
   * NaN while there is no block before, which makes every result NaN until warm. The last cell is 0, the empty sum.
   */
  private readonly cells: Float64Array;
  private index = 0;
  /** Sum of the running block; starts as NaN so that the engine stores a double from the first write on. */
  private head = Number.NaN;

  constructor(length: number) {
    this.length = length;
    this.cells = new Float64Array(length + 1);
    this.reset();
  }

  /** Takes one value; the sum of the last `length`, NaN until there are as many. */
  next(value: number): number {
    const sum = this.add(value);
    if (!this.isBlockFull) return sum;
    this.endBlock();
    return this.ofBlock;
  }

  /** The same but for the value that fills a block: {@link endBlock} is called then, and {@link ofBlock} is the sum. */
  add(value: number): number {
    // False of NaN and the infinities alone. V8 asks for an order with one jump, for an equality with two.
    if (!(value - value >= 0)) {
      this.reset();
      return Number.NaN;
    }
    const { cells, index } = this;
    cells[index] = value;
    const head = this.head + value;
    this.head = head;
    const next = index + 1;
    this.index = next;
    return head + cells[next]!;
  }

  get isBlockFull(): boolean {
    return this.index === this.length;
  }

  // Returns nothing on purpose: a number returned by a call that is not inlined is a heap object.
  endBlock(): void {
    const { cells } = this;
    let sum = 0;
    let end = this.length;
    // Two at a time, since each turn looks anew at the array.
    for (; end > 1; end -= 2) {
      const later = sum + cells[end - 1]!;
      sum = later + cells[end - 2]!;
      cells[end - 1] = later;
      cells[end - 2] = sum;
    }
    if (end === 1) cells[0] = sum + cells[0]!;
    this.index = 0;
    this.head = 0;
  }

  /** Sum of the block that just ended. */
  get ofBlock(): number {
    return this.cells[0]!;
  }

  reset(): void {
    this.cells.fill(Number.NaN, 0, this.length);
    this.index = 0;
    this.head = 0;
  }

  save(into: number[]): void {
    into.push(this.index, this.head);
    appendCells(this.cells, into);
  }

  load(saved: SavedNumbers): void {
    this.index = saved.count(this.length - 1);
    this.head = saved.number();
    saved.fill(this.cells);
  }
}
