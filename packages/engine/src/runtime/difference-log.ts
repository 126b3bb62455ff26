import type { EngineNotice } from '@bookrunner/sdk';
import { type DifferenceDecision, type DifferenceView, VIEW_ROWS } from '../control/reconciliation-view.js';
import type { DifferenceCause } from '../reconciliation/difference.js';
import type { StandingOrder } from '../reconciliation/standing-orders.js';

const ASK = 'adopt, flatten or ignore';

/** Notices that tell of a difference between books and brokers. */
const CODES: ReadonlySet<string> = new Set(['BROKER_DIFFERS', 'SYMBOL_FROZEN']);

/** Differences that were found lately, as their notices tell of them: a report holds those of one comparison only. */
export class DifferenceLog {
  readonly #rows: DifferenceView[] = [];

  /** Oldest first; at most {@link VIEW_ROWS} of each venue. */
  get all(): readonly DifferenceView[] {
    return this.#rows;
  }

  heard(notice: EngineNotice): void {
    const { ts, code, details } = notice;
    if (code === 'DIFFERENCE_DECIDED') return this.#decided(notice);
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
    const before = this.#rows.findIndex((known) => known.decision === undefined && isSameMatter(known, row));
    if (before >= 0) this.#rows.splice(before, 1);
    this.#rows.push(row);
    const ofVenue = this.#rows.filter((row) => row.venue === venue);
    if (ofVenue.length > VIEW_ROWS) this.#rows.splice(this.#rows.indexOf(ofVenue[0] as DifferenceView), 1);
  }

  /** What was to be decided there is, and says how. */
  #decided({ details }: EngineNotice): void {
    for (const [index, row] of this.#rows.entries()) {
      if (row.account !== details['account'] || row.symbol !== details['symbol'] || !asksPerson(row)) continue;
      const decision = details['decision'] as DifferenceDecision;
      // What is to be closed stays open until it is.
      const isOpen = row.isOpen && decision === 'flatten';
      this.#rows[index] = { ...row, isOpen, decision, action: decidedText(decision, details) };
    }
  }
}

/** Whether a row says that a person has to decide. */
function asksPerson({ isOpen, cause, decision }: DifferenceView): boolean {
  return isOpen || (cause === 'undecided' && decision === undefined);
}

function decidedText(decision: DifferenceDecision, { actor, strategy, book }: EngineNotice['details']): string {
  if (decision === 'adopt') return `adopted by ${String(strategy)} in ${String(book)}, said ${String(actor)}`;
  return decision === 'ignore' ? `ignored, said ${String(actor)}` : `to be closed, said ${String(actor)}`;
}

/** How a symbol of an account stands: held back until a person decides, to be decided on while strategies trade, or neither. */
export type Stand = 'frozen' | 'undecided' | 'settled';

/** Rows as they stand, oldest first: what is still to be decided is asked by the newest row of its place alone. */
export function asTheyStand(
  rows: readonly DifferenceView[],
  standOf: (row: DifferenceView) => Stand,
): readonly DifferenceView[] {
  const asked = new Set<string>();
  return rows
    .toReversed()
    .map((row) => {
      if (!asksPerson(row)) return row;
      const place = JSON.stringify([row.venue, row.account, row.symbol]);
      const isOld = asked.has(place);
      asked.add(place);
      const stand = isOld ? 'settled' : standOf(row);
      if (stand === 'frozen') return row;
      if (stand === 'undecided') return row.isOpen ? { ...row, action: `no longer frozen; ${ASK} ${row.symbol}` } : row;
      const now = isOld ? 'told again since' : 'nothing is to be decided any more';
      return { ...row, isOpen: false, action: row.decision === undefined ? now : `${row.action}; ${now}` };
    })
    .toReversed();
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
