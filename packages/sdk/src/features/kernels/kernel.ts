// What the inner parts of features have in common. Bar form and column form of a feature run the same kernels, hence the same bits.
import { sdkError } from '../../errors.js';

/**
 * A small numeric state machine inside a feature. Each has a `next` of its own shape.
 *
 * Rule of all kernels: a value that is not finite (NaN, Infinity) restarts the kernel and gives NaN. As a window that holds
 * such a value has no result anyway, restarting loses nothing there, and no bad value can stay behind in a sum.
 *
 * Fields that hold a number begin with one, also where the constructor sets them: without it they begin as undefined, and the
 * JavaScript engine then has to look at each use what they hold.
 */
export interface Kernel {
  /** Back to the state of a new one. */
  reset(): void;
  /** Appends the whole state to `into`; always the same count of numbers. */
  save(into: number[]): void;
  /** Takes back what `save` appended. */
  load(saved: SavedNumbers): void;
}

/** Reads a saved list from front to back; throws FEATURE_INVALID where the list is not one of this feature. */
export class SavedNumbers {
  private readonly numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  /** The next number, whatever it is. */
  number(): number {
    const value = this.numbers[this.#at];
    if (typeof value !== 'number') throw savedStateInvalid(`number ${this.#at} of ${this.numbers.length} is missing`);
    this.#at += 1;
    return value;
  }

  /** The next number as an integer from 0 to `largest`. */
  count(largest: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < 0 || value > largest) {
      throw savedStateInvalid(`number ${this.#at - 1} has to be an integer from 0 to ${largest} and is ${value}`);
    }
    return value;
  }

  /** Fills `cells` with the next numbers. */
  fill(cells: Float64Array): void {
    for (let i = 0; i < cells.length; i += 1) cells[i] = this.number();
  }

  /** Checks that nothing is left over. */
  end(): void {
    if (this.#at !== this.numbers.length) {
      throw savedStateInvalid(`it holds ${this.numbers.length} numbers where ${this.#at} are expected`);
    }
  }
}

/** Appends all cells to `into`. */
export function appendCells(cells: Float64Array, into: number[]): void {
  for (const cell of cells) into.push(cell);
}

function savedStateInvalid(reason: string) {
  return sdkError('FEATURE_INVALID', `The saved state is not one of this feature: ${reason}.`, {
    remedy: 'Discard the saved state and let the feature warm up again.',
  });
}
