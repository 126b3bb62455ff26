// The calendar of markets that never close: arithmetic, no data.
import { sdkError } from '../errors.js';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import { DAY_MS } from '../model/time.js';
import type { EpochMs, TradingDay } from '../model/time.js';
import { DATA_VERSION } from './calendar-rules.js';
import { civilDay, tradingDayOf } from './civil-day.js';

/**
 * `24x7`: always open. Sessions and trading days are the UTC days, each touching the next.
 * Errors: CALENDAR_OUT_OF_RANGE outside the years 1970 to 9999.
 */
export class ContinuousCalendar implements MarketCalendar {
  readonly id = '24x7';
  readonly timeZone = 'UTC';
  readonly dataVersion = DATA_VERSION;
  readonly validFrom: EpochMs = 0;
  readonly validTo: EpochMs = civilDay(10_000, 1, 1) * DAY_MS - 1;

  isOpen(ts: EpochMs): boolean {
    this.#day(ts);
    return true;
  }

  sessionOpen(ts: EpochMs): EpochMs {
    return this.#day(ts) * DAY_MS;
  }

  sessionClose(ts: EpochMs): EpochMs {
    return (this.#day(ts) + 1) * DAY_MS;
  }

  nextOpen(ts: EpochMs): EpochMs {
    this.#day(ts);
    return Math.ceil(ts / DAY_MS) * DAY_MS;
  }

  nextClose(ts: EpochMs): EpochMs {
    return (this.#day(ts) + 1) * DAY_MS;
  }

  tradingDay(ts: EpochMs): TradingDay {
    return tradingDayOf(this.#day(ts));
  }

  dayOpen(ts: EpochMs): EpochMs {
    return this.#day(ts) * DAY_MS;
  }

  dayClose(ts: EpochMs): EpochMs {
    return (this.#day(ts) + 1) * DAY_MS;
  }

  #day(ts: EpochMs): number {
    if (!(ts >= this.validFrom && ts <= this.validTo)) {
      throw sdkError(
        'CALENDAR_OUT_OF_RANGE',
        `Calendar '24x7' covers the years 1970 to 9999 and cannot answer for ${ts}.`,
        {
          details: { calendar: this.id, ts },
        },
      );
    }
    return Math.floor(ts / DAY_MS);
  }
}
