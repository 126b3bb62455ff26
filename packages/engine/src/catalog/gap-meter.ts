import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';
import { isTradingError } from '@bookrunner/sdk';

/** One stretch without data inside market hours. */
export interface Gap {
  /** End of the data before it, start of the data after it. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Milliseconds of it in which the market was open. */
  readonly openMs: number;
}

/** What was missing. */
export interface GapTotals {
  readonly gaps: number;
  /** Milliseconds of open market in all gaps. */
  readonly openMs: number;
  /** The longest gaps, longest first. */
  readonly longest: readonly Gap[];
  readonly outsideSession: number;
  /** Rows at times the calendar's data does not cover; they were not judged. */
  readonly notCovered: number;
}

const SHOWN_GAPS = 10;

/** Measures stretches of open market between rows that are longer than a tolerance. */
export class GapMeter {
  readonly #calendar: MarketCalendar;
  readonly #toleranceMs: number;
  readonly #longest: Gap[] = [];
  #previousEnd = Number.NaN;
  #gaps = 0;
  #openMs = 0;
  #outside = 0;
  #notCovered = 0;
  // The session of the last row, so that most rows need no question to the calendar.
  #open = Number.NaN;
  #close = Number.NaN;

  constructor(calendar: MarketCalendar, toleranceMs: number) {
    this.#calendar = calendar;
    this.#toleranceMs = toleranceMs;
  }

  /** Takes a row that covers `[start, end)`; of a tick both are its time. */
  add(start: EpochMs, end: EpochMs): void {
    try {
      if (!this.#isOpen(start)) this.#outside += 1;
      // Time that has passed at all is no less than open time that has passed.
      if (start - this.#previousEnd > this.#toleranceMs) this.#measure(start);
    } catch (error) {
      if (!isTradingError(error) || error.code !== 'CALENDAR_OUT_OF_RANGE') throw error;
      this.#notCovered += 1;
    }
    this.#previousEnd = end;
  }

  totals(): GapTotals {
    return {
      gaps: this.#gaps,
      openMs: this.#openMs,
      longest: [...this.#longest],
      outsideSession: this.#outside,
      notCovered: this.#notCovered,
    };
  }

  #isOpen(ts: EpochMs): boolean {
    if (ts >= this.#open && ts < this.#close) return true;
    if (!this.#calendar.isOpen(ts)) return false;
    this.#open = this.#calendar.sessionOpen(ts);
    this.#close = this.#calendar.sessionClose(ts);
    return true;
  }

  #measure(start: EpochMs): void {
    const openMs = openTimeBetween(this.#calendar, this.#previousEnd, start);
    if (openMs <= this.#toleranceMs) return;
    this.#gaps += 1;
    this.#openMs += openMs;
    this.#longest.push({ from: this.#previousEnd, to: start, openMs });
    this.#longest.sort((a, b) => b.openMs - a.openMs);
    if (this.#longest.length > SHOWN_GAPS) this.#longest.pop();
  }
}

/** Milliseconds in `[from, to)` in which the market is open. Errors: CALENDAR_OUT_OF_RANGE. */
export function openTimeBetween(calendar: MarketCalendar, from: EpochMs, to: EpochMs): number {
  let total = 0;
  let at = calendar.isOpen(from) ? from : calendar.nextOpen(from);
  while (at < to) {
    const close = calendar.sessionClose(at);
    total += Math.min(close, to) - at;
    if (close >= to) break;
    at = calendar.isOpen(close) ? close : calendar.nextOpen(close);
  }
  return total;
}
