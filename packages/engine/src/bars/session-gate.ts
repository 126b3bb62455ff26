import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';

/**
 * Tells whether instants lie in a session, asking the calendar only when the answer may change: it remembers the session, or the
 * closed time, that the last instant lay in.
 */
export class SessionGate {
  private readonly calendar: MarketCalendar;
  private openFrom: EpochMs = Number.NaN;
  private openUntil: EpochMs = Number.NaN;
  private closedFrom: EpochMs = Number.NaN;
  private closedUntil: EpochMs = Number.NaN;

  constructor(calendar: MarketCalendar) {
    this.calendar = calendar;
  }

  /** Whether a session contains the instant; false for NaN and infinities. Errors: CALENDAR_OUT_OF_RANGE. */
  contains(ts: EpochMs): boolean {
    if (ts >= this.openFrom && ts < this.openUntil) return true;
    if (ts >= this.closedFrom && ts < this.closedUntil) return false;
    // `=== true`, so that V8 knows it for a flag.
    return Number.isFinite(ts) && this.#ask(ts) === true;
  }

  #ask(ts: EpochMs): boolean {
    const open = this.calendar.sessionOpen(ts);
    if (Number.isNaN(open)) {
      this.closedFrom = ts;
      this.closedUntil = this.calendar.nextOpen(ts);
      return false;
    }
    this.openFrom = open;
    this.openUntil = this.calendar.sessionClose(ts);
    return true;
  }
}
