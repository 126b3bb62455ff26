import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';

/** Tells whether an instant is inside a session; asks the calendar only when the answer may have changed. */
export class SessionFilter {
  readonly #calendar: MarketCalendar;
  readonly #onFirst: ((ts: EpochMs) => void) | undefined;
  // The last answer holds for #from <= ts < #until.
  #from = Number.NaN;
  #until = Number.NaN;
  #open = false;

  constructor(calendar: MarketCalendar, onFirst?: (ts: EpochMs) => void) {
    this.#calendar = calendar;
    this.#onFirst = onFirst;
  }

  /** Whether a session contains the instant. Errors: CALENDAR_OUT_OF_RANGE. */
  isOpen(ts: EpochMs): boolean {
    if (ts >= this.#from && ts < this.#until) return this.#open;
    if (Number.isNaN(this.#from)) this.#onFirst?.(ts);
    this.#open = this.#calendar.isOpen(ts);
    this.#from = ts;
    this.#until = this.#open ? this.#calendar.sessionClose(ts) : this.#calendar.nextOpen(ts);
    return this.#open;
  }
}
