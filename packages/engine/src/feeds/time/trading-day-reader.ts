import { HOUR_MS, isTradingError } from '@bookrunner/sdk';
import type { MarketCalendar } from '@bookrunner/sdk';
import { ROW_FAULT } from '../rows/row-fault.js';
import { PatternReader } from './pattern-reader.js';
import { NO_TIME } from './time-reader.js';
import type { TimeFault, TimeReader } from './time-reader.js';
import { ZoneClock } from './zone-clock.js';

/**
 * Reads dates as trading days of a calendar: the time is the day's first open, `endTs` its last close. A date on which the market
 * has no trading day is a fault.
 */
export class TradingDayReader implements TimeReader {
  fault: TimeFault = NO_TIME;
  endTs = Number.NaN;
  noonTs = Number.NaN;
  readonly #calendar: MarketCalendar;
  readonly #pattern: PatternReader;
  readonly #zone: ZoneClock;

  constructor(calendar: MarketCalendar, pattern: string) {
    this.#calendar = calendar;
    this.#pattern = new PatternReader(pattern);
    this.#zone = new ZoneClock(calendar.timeZone);
  }

  read(bytes: Uint8Array, start: number, end: number): number {
    this.endTs = Number.NaN;
    this.fault = NO_TIME;
    this.noonTs = Number.NaN;
    const dateMs = this.#pattern.readWall(bytes, start, end);
    return Number.isNaN(dateMs) ? Number.NaN : this.readDate(dateMs);
  }

  /** As {@link read}, of a date given as its midnight in UTC. */
  readDate(dateMs: number): number {
    this.endTs = Number.NaN;
    // At the local midnight that begins a date, the session then running or next to open is that of the date's trading day.
    const midnight = dateMs - this.#zone.offsetAt(dateMs);
    this.noonTs = midnight + 12 * HOUR_MS;
    try {
      if (this.#calendar.tradingDay(midnight) !== dateNumber(dateMs)) {
        this.fault = ROW_FAULT.notATradingDay;
        return Number.NaN;
      }
      this.endTs = this.#calendar.dayClose(midnight);
      return this.#calendar.dayOpen(midnight);
    } catch (error) {
      if (!isTradingError(error) || error.code !== 'CALENDAR_OUT_OF_RANGE') throw error;
      this.fault = ROW_FAULT.calendarRange;
      return Number.NaN;
    }
  }
}

/** YYYYMMDD of a UTC midnight. */
function dateNumber(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}
