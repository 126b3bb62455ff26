import type { EngineNotice } from '@bookrunner/sdk';
import { type DifferenceView, VIEW_ROWS } from '../control/reconciliation-view.js';
import type { DifferenceCause } from '../reconciliation/difference.js';
import type { StandingOrder } from '../reconciliation/standing-orders.js';

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
    const { order } = details;
    const row: DifferenceView = {
      at: ts,
      venue,
      cause: details['cause'] as DifferenceCause,
      account: String(details['account']),
      symbol: String(details['symbol']),
      evidence: String(details['evidence']),
      action: String(details['action']),
      ...(order === undefined ? {} : { order: String(order) }),
      isOpen: code === 'SYMBOL_FROZEN',
    };
    const before = this.#rows.findIndex((known) => isSameMatter(known, row));
    if (before >= 0) this.#rows.splice(before, 1);
    this.#rows.push(row);
    const ofVenue = this.#rows.filter((row) => row.venue === venue);
    if (ofVenue.length > VIEW_ROWS) this.#rows.splice(this.#rows.indexOf(ofVenue[0] as DifferenceView), 1);
  }
}

/** Whether one row tells of what another one did, as it is now: an order that stays open, or what is to be decided yet. */
function isSameMatter(a: DifferenceView, b: DifferenceView): boolean {
  const isSamePlace = a.venue === b.venue && a.account === b.account && a.symbol === b.symbol && a.cause === b.cause;
  return isSamePlace && (a.cause === 'undecided' || (a.order !== undefined && a.order === b.order));
}

/** What was found lately, and orders that were told by an earlier process of the run and are still open; oldest first. */
export function withStanding(
  rows: readonly DifferenceView[],
  venue: string,
  standing: Iterable<StandingOrder>,
): readonly DifferenceView[] {
  const own = rows.filter((row) => row.venue === venue);
  const told = [...standing].map(({ at, difference }) => ({ ...difference, at, venue }));
  const earlier = told.filter((row) => !own.some((known) => isSameMatter(known, row)));
  return [...earlier, ...own].toSorted((a, b) => a.at - b.at);
}
