import type { EngineNotice } from '@bookrunner/sdk';
import { type DifferenceView, VIEW_ROWS } from '../control/reconciliation-view.js';
import type { DifferenceCause } from '../reconciliation/difference.js';

/** Notices that tell of a difference between books and brokers. */
const CODES: ReadonlySet<string> = new Set(['BROKER_DIFFERS', 'SYMBOL_FROZEN']);

/** Differences that were found lately, as their notices tell of them: a report holds those of one comparison only. */
export class DifferenceLog {
  readonly #rows: DifferenceView[] = [];

  /** Oldest first; at most {@link VIEW_ROWS} of each venue. */
  get all(): readonly DifferenceView[] {
    return this.#rows;
  }

  heard({ ts, code, details }: EngineNotice): void {
    if (!CODES.has(code)) return;
    const venue = String(details['venue']);
    this.#rows.push({
      at: ts,
      venue,
      cause: details['cause'] as DifferenceCause,
      account: String(details['account']),
      symbol: String(details['symbol']),
      evidence: String(details['evidence']),
      action: String(details['action']),
      isOpen: code === 'SYMBOL_FROZEN',
    });
    const ofVenue = this.#rows.filter((row) => row.venue === venue);
    if (ofVenue.length > VIEW_ROWS) this.#rows.splice(this.#rows.indexOf(ofVenue[0] as DifferenceView), 1);
  }
}
