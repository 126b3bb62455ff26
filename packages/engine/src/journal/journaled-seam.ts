import type { EpochMs } from '@bookrunner/sdk';
import { Seam } from '../runtime/live/live-seam.js';
import type { JournalWriter } from './journal-writer.js';

/** Records where live ticks begin to make bars: bar builders are told of it beside the kernel's events. */
export class JournaledSeam extends Seam {
  readonly #journal: () => JournalWriter | undefined;

  constructor(journal: () => JournalWriter | undefined) {
    super();
    this.#journal = journal;
  }

  override open(symbol: string, at: EpochMs, isWhole: boolean): void {
    this.#journal()?.add((records) => records.seam(symbol, at, isWhole));
    super.open(symbol, at, isWhole);
  }
}
