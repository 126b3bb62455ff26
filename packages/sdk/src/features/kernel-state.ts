import type { FeatureState } from '../interfaces/feature.js';
import type { BarValues } from '../model/bar.js';
import { SavedNumbers } from './kernels/kernel.js';
import type { Kernel } from './kernels/kernel.js';

/**
 * State made of kernels. Each feature writes its own `update` and its own column loop, although they look alike: a shared one
 * would call kernels of many classes from one place, which the JavaScript engine can no longer inline.
 */
export abstract class KernelState implements FeatureState {
  private readonly kernels: readonly Kernel[];

  constructor(kernels: readonly Kernel[]) {
    this.kernels = kernels;
  }

  abstract update(bar: BarValues, out: Float64Array, offset: number): void;

  reset(): void {
    for (const kernel of this.kernels) kernel.reset();
  }

  save(): readonly number[] {
    const numbers: number[] = [];
    for (const kernel of this.kernels) kernel.save(numbers);
    return numbers;
  }

  /** Errors: FEATURE_INVALID where the list is not one of this feature; the state is then that of a new one. */
  load(saved: readonly number[]): void {
    try {
      const numbers = new SavedNumbers(saved);
      for (const kernel of this.kernels) kernel.load(numbers);
      numbers.end();
    } catch (error) {
      this.reset();
      throw error;
    }
  }
}
