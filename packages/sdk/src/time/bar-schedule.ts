// Where bars begin and end: aligned to sessions for bars within a day, to trading days for longer ones.
import { isTradingError, sdkError } from '../errors.js';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import { DAY_MS } from '../model/time.js';
import type { EpochMs } from '../model/time.js';
import { civilDayOf } from './civil-day.js';

// 1969-12-29, a Monday, as days before 1970-01-01: groups of seven dates counted from it are ISO weeks.
const MONDAY_SHIFT = 3;
// A trading day opens at most 24 hours before its local midnight, which is at most 14 hours ahead of UTC.
const EARLIEST_OPEN_MS = 2 * DAY_MS;

/**
 * The grid of bars of one length on one calendar.
 *
 * Below a day, bars are counted from the open of each session and the last one is cut at the session's close; a lunch break
 * therefore splits a bar. On `24x7` they are counted from the UTC epoch instead and nothing is cut. On `24x5` they start at 17:00
 * New York, so bars that divide an hour coincide with `floor(ts / barMs) × barMs`.
 * A bar of a day runs from the first open to the last close of the trading day; one of n days covers the trading days of n
 * calendar dates, counted from Monday 1969-12-29, so 7 days are the week.
 *
 * An instant outside every session belongs to no bar: {@link locate} returns false, and a bar builder counts such a tick and
 * leaves it out. `start` and `end` then describe the bar that trading resumes in: the next one, or in a break of a daily bar the same.
 *
 * {@link locate} costs two comparisons while the answer stays the same, and allocates nothing.
 * Errors: NUMBER_OUT_OF_RANGE for a length that is not whole milliseconds, or above a day not whole days; CALENDAR_OUT_OF_RANGE.
 * @example
 * const schedule = new BarSchedule(marketCalendar('XNYS'), 60_000);
 * if (schedule.locate(tick.ts)) useTick(tick, schedule.start, schedule.end); else outside += 1;
 */
export class BarSchedule {
  readonly calendar: MarketCalendar;
  readonly barMs: number;
  /** Start of the bar found by the last {@link locate}; NaN before the first. */
  start: EpochMs = Number.NaN;
  /** End of that bar, exclusive. */
  end: EpochMs = Number.NaN;
  // The last answer holds for #from <= ts < #until.
  #from = Number.NaN;
  #until = Number.NaN;
  #inside = false;
  readonly #fromEpoch: boolean;

  constructor(calendar: MarketCalendar, barMs: number) {
    if (!Number.isSafeInteger(barMs) || barMs <= 0 || (barMs > DAY_MS && barMs % DAY_MS !== 0)) {
      throw sdkError('NUMBER_OUT_OF_RANGE', `A bar of ${barMs} ms cannot be placed on a calendar.`, {
        details: { barMs },
        remedy: 'Use whole milliseconds up to a day, or whole days.',
      });
    }
    this.calendar = calendar;
    this.barMs = barMs;
    this.#fromEpoch = calendar.id === '24x7' && barMs < DAY_MS;
  }

  /** Finds the bar of an instant and sets `start` and `end`. Returns whether the instant is inside a session. */
  locate(ts: EpochMs): boolean {
    if (ts >= this.#from && ts < this.#until) return this.#inside;
    // Forgotten first, so that a query that throws leaves no half of an answer behind.
    this.#from = Number.NaN;
    if (this.#fromEpoch) this.#placeFromEpoch(ts);
    else if (this.barMs < DAY_MS) this.#placeInSession(ts);
    else this.#placeInDays(ts);
    return this.#inside;
  }

  /** First bar end after an instant; in closed time that of the first bar of the next session. */
  nextEnd(ts: EpochMs): EpochMs {
    this.locate(ts);
    return this.end;
  }

  #placeFromEpoch(ts: EpochMs): void {
    this.#inside = this.calendar.isOpen(ts);
    this.start = Math.floor(ts / this.barMs) * this.barMs;
    this.end = this.start + this.barMs;
    this.#from = this.start;
    this.#until = this.end;
  }

  #placeInSession(ts: EpochMs): void {
    const open = this.calendar.sessionOpen(ts);
    this.#inside = open <= ts;
    if (this.#inside) {
      this.start = open + Math.floor((ts - open) / this.barMs) * this.barMs;
      this.end = Math.min(this.start + this.barMs, this.calendar.sessionClose(ts));
      this.#from = this.start;
      this.#until = this.end;
      return;
    }
    this.start = this.calendar.nextOpen(ts);
    this.end = Math.min(this.start + this.barMs, this.calendar.sessionClose(this.start));
    this.#from = ts;
    this.#until = this.start;
  }

  #placeInDays(ts: EpochMs): void {
    this.#inside = this.calendar.isOpen(ts);
    if (this.barMs === DAY_MS) {
      this.start = this.calendar.dayOpen(ts);
      this.end = this.calendar.dayClose(ts);
    } else {
      this.start = this.#groupStart(this.#group(ts));
      this.end = this.#groupEnd(ts);
    }
    this.#from = ts;
    this.#until = this.#inside ? this.calendar.sessionClose(ts) : this.calendar.nextOpen(ts);
  }

  /** Number of the group of calendar dates that the trading day of ts is in. */
  #group(ts: EpochMs): number {
    return Math.floor((civilDayOf(this.calendar.tradingDay(ts)) + MONDAY_SHIFT) / (this.barMs / DAY_MS));
  }

  #groupStart(group: number): EpochMs {
    const firstDate = group * (this.barMs / DAY_MS) - MONDAY_SHIFT;
    let probe = Math.max(firstDate * DAY_MS - EARLIEST_OPEN_MS, this.calendar.validFrom);
    while (this.#group(probe) < group) probe = this.calendar.dayClose(probe);
    return this.calendar.dayOpen(probe);
  }

  #groupEnd(ts: EpochMs): EpochMs {
    const group = this.#group(ts);
    let end = this.calendar.dayClose(ts);
    // The data may end inside the group.
    while (hasSessionAfter(this.calendar, end) && this.#group(end) === group) end = this.calendar.dayClose(end);
    return end;
  }
}

function hasSessionAfter(calendar: MarketCalendar, ts: EpochMs): boolean {
  try {
    return calendar.nextClose(ts) > ts;
  } catch (error) {
    if (isTradingError(error) && error.code === 'CALENDAR_OUT_OF_RANGE') return false;
    throw error;
  }
}
