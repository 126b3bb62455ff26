// Every session of a calendar, read through its public queries.
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import type { EpochMs, TradingDay } from '../model/time.js';
import { wallClock } from './wall-clock.fixture.js';

export interface ListedSession {
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly day: TradingDay;
}

/** Sessions that start in the span, ascending. */
export function listSessions(calendar: MarketCalendar, from: EpochMs, to: EpochMs): ListedSession[] {
  const sessions: ListedSession[] = [];
  let ts = from;
  for (;;) {
    const open = nextOpenOrNaN(calendar, ts);
    if (!(open <= to)) return sessions;
    const close = calendar.sessionClose(open);
    sessions.push({ open, close, day: calendar.tradingDay(open) });
    ts = close;
  }
}

/** Sessions of one trading day as wall clock text, for example `09:00-11:30 12:30-15:00`; empty where it is closed. */
export function sessionsOfDay(calendar: MarketCalendar, day: TradingDay): string {
  const noon = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100, 12);
  const time = (ts: EpochMs) => wallClock(calendar.timeZone, ts).slice(11);
  return listSessions(calendar, noon - 48 * 3_600_000, noon + 24 * 3_600_000)
    .filter((session) => session.day === day)
    .map((session) => `${time(session.open)}-${time(session.close)}`)
    .join(' ');
}

function nextOpenOrNaN(calendar: MarketCalendar, ts: EpochMs): EpochMs {
  if (ts < calendar.validFrom || ts > calendar.validTo) return Number.NaN;
  try {
    return calendar.nextOpen(ts);
  } catch {
    return Number.NaN;
  }
}
