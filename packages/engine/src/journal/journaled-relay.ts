import { ReportRelay, type VenueCash } from '../runtime/report-relay.js';
import type { VenueLiquidation } from '../simulated-venue/liquidation-listener.js';
import type { JournalWriter } from './journal-writer.js';

/** Records liquidations: the one thing that changes the kernel beside its events. Their fills are events. */
export class JournaledRelay extends ReportRelay {
  readonly #journal: JournalWriter;

  constructor(onCash: (cash: VenueCash) => void, journal: JournalWriter) {
    super(onCash);
    this.#journal = journal;
  }

  override liquidated(liquidation: VenueLiquidation, ts: number): void {
    this.#journal.add((records) => records.liquidation(liquidation, ts));
    super.liquidated(liquidation, ts);
  }
}
