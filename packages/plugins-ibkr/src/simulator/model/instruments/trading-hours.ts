import { DAY_MS, declareCalendar, HOUR_MS, marketCalendar } from '@bookrunner/sdk';
import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';
import { dayText, startOfDay, timeText } from '../wall-clock.js';
import type { InstrumentDefinition } from './instrument-definition.js';

/** Whether markets keep their exchange's hours, or trade around the clock so that one can try things on a Sunday. */
export type HoursKept = 'exchange' | 'always';

/** One stretch of trading and the trading day (yyyymmdd) it belongs to. */
export interface TradingSession {
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly day: string;
}

/** When an instrument trades. `regular` hours are those that `useRTH` and orders without `outsideRth` mean. */
export class TradingHours {
  readonly #regular: MarketCalendar;
  readonly #extended: MarketCalendar;
  readonly #zone: string;
  readonly #kept: HoursKept;

  constructor(instrument: InstrumentDefinition, kept: HoursKept) {
    this.#regular = marketCalendar(instrument.calendar);
    this.#extended =
      instrument.extendedHours === undefined ? this.#regular : extended(instrument.calendar, instrument.extendedHours);
    this.#zone = instrument.timeZone;
    this.#kept = kept;
  }

  isRegular(ts: EpochMs): boolean {
    return this.#kept === 'always' || this.#regular.isOpen(ts);
  }

  isTrading(ts: EpochMs): boolean {
    return this.#kept === 'always' || this.#extended.isOpen(ts);
  }

  /** First instant after `ts` at which regular hours, or any trading, begin. */
  nextOpen(ts: EpochMs, regular: boolean): EpochMs {
    if (this.#kept === 'always') return this.#midnightAfter(ts);
    return (regular ? this.#regular : this.#extended).nextOpen(ts + 1);
  }

  /** When regular trading of the day ends: MOC and LOC orders go then. */
  regularClose(ts: EpochMs): EpochMs {
    return this.#kept === 'always' ? this.#midnightAfter(ts) : this.#regular.dayClose(ts);
  }

  /** When DAY orders end. */
  dayEnd(ts: EpochMs): EpochMs {
    return this.#kept === 'always' ? this.#midnightAfter(ts) : this.#extended.dayClose(ts);
  }

  /** Sessions that touch `from … to`, in order. */
  sessions(from: EpochMs, to: EpochMs, regular: boolean): readonly TradingSession[] {
    const found: TradingSession[] = [];
    if (this.#kept === 'always') {
      for (let open = startOfDay(from, this.#zone); open < to;) {
        const close = this.#midnightAfter(open);
        found.push({ open, close, day: dayText(open, this.#zone) });
        open = close;
      }
      return found;
    }
    const calendar = regular ? this.#regular : this.#extended;
    const start = Math.max(from, calendar.validFrom);
    const end = Math.min(to, calendar.validTo);
    for (let ts = start; ts < end;) {
      const open = calendar.isOpen(ts) ? calendar.sessionOpen(ts) : calendar.nextOpen(ts);
      if (open >= end) break;
      const close = calendar.nextClose(open);
      found.push({ open, close, day: String(calendar.tradingDay(open)) });
      ts = close;
    }
    return found;
  }

  /** As contract details write it: `20260922:1700-20260923:1600;20260924:CLOSED`, six days from an instant on. */
  text(now: EpochMs, regular: boolean): string {
    const calendar = regular ? this.#regular : this.#extended;
    const first = startOfDay(now, this.#zone);
    const parts: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      // Noon is on the same day whether a change of the clock lies between or not.
      const day = dayText(first + i * DAY_MS + DAY_MS / 2, this.#zone);
      const open = openOfDay(calendar, first + i * DAY_MS, day);
      parts.push(open === undefined ? `${day}:CLOSED` : this.#sessionText(open, calendar.nextClose(open)));
    }
    return parts.join(';');
  }

  #sessionText(open: EpochMs, close: EpochMs): string {
    const at = (ts: EpochMs): string =>
      `${dayText(ts, this.#zone)}:${timeText(ts, this.#zone).slice(0, 5).replace(':', '')}`;
    return `${at(open)}-${at(close)}`;
  }

  #midnightAfter(ts: EpochMs): EpochMs {
    return startOfDay(startOfDay(ts, this.#zone) + 26 * HOUR_MS, this.#zone);
  }
}

const extendedCalendars = new Map<string, MarketCalendar>();

/** Computed once for all instruments of the same hours. */
function extended(calendar: string, hours: readonly [string, string]): MarketCalendar {
  const key = `${calendar} ${hours.join('-')}`;
  let found = extendedCalendars.get(key);
  if (found === undefined)
    extendedCalendars.set(key, (found = declareCalendar({ extends: calendar, sessions: [hours] }, key)));
  return found;
}

/** The open of the first session of a trading day; undefined where it has none. */
function openOfDay(calendar: MarketCalendar, from: EpochMs, day: string): EpochMs | undefined {
  const noon = from + DAY_MS / 2;
  // Calendars end with the holidays that are known; whoever trades around the clock goes on.
  if (noon < calendar.validFrom || noon > calendar.validTo - 14 * DAY_MS) return undefined;
  const open = calendar.dayOpen(noon);
  return String(calendar.tradingDay(noon)) === day ? open : undefined;
}
