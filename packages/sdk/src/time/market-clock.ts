import { sdkError } from '../errors.js';
import type { Clock } from '../interfaces/clock.js';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import { SECOND_MS } from '../model/time.js';
import type { EpochMs } from '../model/time.js';
import { BarSchedule } from './bar-schedule.js';
import { marketCalendar } from './market-calendars.js';
import { SystemClock } from './system-clock.js';

/**
 * Bar times of a market: bars of `barSeconds` aligned as in {@link BarSchedule}. Waits on the given clock, the machine's by default.
 * Errors: CALENDAR_UNKNOWN; CALENDAR_OUT_OF_RANGE; NUMBER_OUT_OF_RANGE where `barSeconds` is not a usable length.
 * @example
 * const clock = new MarketClock('XNYS', 300);
 * await clock.sleepUntil(clock.nextBarTime(nowUtc()));
 */
export class MarketClock {
  readonly calendar: MarketCalendar;
  readonly barSeconds: number;
  readonly #clock: Clock;
  readonly #schedule: BarSchedule;

  constructor(calendar: string | MarketCalendar = '24x5', barSeconds = 60, clock: Clock = new SystemClock()) {
    const barMs = Math.round(barSeconds * SECOND_MS);
    if (!(barMs > 0)) {
      throw sdkError('NUMBER_OUT_OF_RANGE', `Bars of ${barSeconds} seconds do not exist.`, {
        details: { barSeconds },
        remedy: 'Use a number of seconds above 0.',
      });
    }
    this.calendar = typeof calendar === 'string' ? marketCalendar(calendar) : calendar;
    this.barSeconds = barSeconds;
    this.#clock = clock;
    this.#schedule = new BarSchedule(this.calendar, barMs);
  }

  /**
   * First bar end after `lastTs`: the grid counts from the session's open and its last bar ends at the close. In closed time it is
   * the end of the first bar of the next session.
   */
  nextBarTime(lastTs: EpochMs): EpochMs {
    return this.#schedule.nextEnd(lastTs);
  }

  /** Whether a session contains the instant. */
  isTradingTime(ts: EpochMs): boolean {
    return this.calendar.isOpen(ts);
  }

  /** Resolves at the instant, or at once if it has passed; rejects with the signal's reason when aborted. */
  sleepUntil(ts: EpochMs, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleepUntil(ts, signal);
  }
}
