import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';

/**
 * Tells whether instants lie in a session, asking the calendar only when the answer may change: it remembers the session, or the
 * closed time, that the last instant lay in.
 */
export class SessionGate {
  private readonly calendar: MarketCalendar;
  #openFrom: EpochMs = Number.NaN;
  #openUntil: EpochMs = Number.NaN;
  #closedFrom: EpochMs = Number.NaN;
  #closedUntil: EpochMs = Number.NaN;

  constructor(calendar: MarketCalendar) {
    this.calendar = calendar;
  }

  /** Whether a session contains the instant; false for NaN and infinities. Errors: CALENDAR_OUT_OF_RANGE. */
  contains(ts: EpochMs): boolean {
    if (ts >= this.#openFrom && ts < this.#openUntil) return true;
    if (ts >= this.#closedFrom && ts < this.#closedUntil) return false;
    return Number.isFinite(ts) && this.#ask(ts);
  }

  #ask(ts: EpochMs): boolean {
    const open = this.calendar.sessionOpen(ts);
    if (Number.isNaN(open)) {
      this.#closedFrom = ts;
      this.#closedUntil = this.calendar.nextOpen(ts);
      return false;
    }
    this.#openFrom = open;
    this.#openUntil = this.calendar.sessionClose(ts);
    return true;
  }
}
