import type { BarBuilderState } from '@bookrunner/sdk';
import { readState } from './builder-state.js';

/** Ticks that entered no bar, by reason. */
export class IgnoredTicks {
  /** Outside every session of the calendar, or without a usable time. */
  outside = 0;
  /** Of a bar already closed. */
  late = 0;
  /** Without the price the bars are made of. */
  unpriced = 0;

  get total(): number {
    return this.outside + this.late + this.unpriced;
  }

  save(): BarBuilderState {
    return { outside: this.outside, late: this.late, unpriced: this.unpriced };
  }

  load(state: BarBuilderState): void {
    this.outside = readState(state, 'outside');
    this.late = readState(state, 'late');
    this.unpriced = readState(state, 'unpriced');
  }
}
