import type { HistoryBlock } from '@bookrunner/sdk';
import { availabilityOf } from '../feeds/history-blocks.js';

/** How many rows of a data set are not as they should be. */
export interface RowFindings {
  readonly outOfOrder: number;
  /** Bars at a time that another bar has. */
  readonly repeated: number;
  /** Bars whose prices are missing or contradict each other; ticks without any price. */
  readonly unsound: number;
  /** Quotes with the bid above the ask. */
  readonly crossed: number;
  readonly notPositive: number;
}

/** Counts what is wrong with rows, across the blocks of a data set. */
export class RowAudit {
  #outOfOrder = 0;
  #repeated = 0;
  #unsound = 0;
  #crossed = 0;
  #notPositive = 0;
  #previous = Number.NEGATIVE_INFINITY;

  add(block: HistoryBlock): void {
    this.#auditOrder(block);
    if (block.kind === 'bars') this.#auditBars(block);
    else this.#auditTicks(block);
  }

  findings(): RowFindings {
    return {
      outOfOrder: this.#outOfOrder,
      repeated: this.#repeated,
      unsound: this.#unsound,
      crossed: this.#crossed,
      notPositive: this.#notPositive,
    };
  }

  #auditOrder(block: HistoryBlock): void {
    const times = availabilityOf(block.columns);
    for (let i = 0; i < block.columns.length; i += 1) {
      const ts = times[i]!;
      if (ts < this.#previous) this.#outOfOrder += 1;
      else if (ts === this.#previous && block.kind === 'bars') this.#repeated += 1;
      if (ts > this.#previous) this.#previous = ts;
    }
  }

  #auditBars({ columns }: HistoryBlock & { readonly kind: 'bars' }): void {
    for (let i = 0; i < columns.length; i += 1) {
      const [open, high, low, close] = [columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!];
      const isSound = open <= high && open >= low && close <= high && close >= low && columns.volume[i]! >= 0;
      if (!isSound) this.#unsound += 1;
      else if (low <= 0) this.#notPositive += 1;
    }
  }

  #auditTicks({ columns }: HistoryBlock & { readonly kind: 'ticks' }): void {
    const none = new Float64Array(columns.length).fill(Number.NaN);
    const { bid = none, ask = none, last = none } = columns;
    for (let i = 0; i < columns.length; i += 1) this.#auditTick(bid[i]!, ask[i]!, last[i]!);
  }

  #auditTick(bid: number, ask: number, last: number): void {
    if (Number.isNaN(bid) && Number.isNaN(ask) && Number.isNaN(last)) this.#unsound += 1;
    if (bid > ask) this.#crossed += 1;
    if (bid <= 0 || ask <= 0 || last <= 0) this.#notPositive += 1;
  }
}
